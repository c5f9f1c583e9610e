/// How much a reasoning model should think.
public enum ReasoningEffort: Hashable, Sendable {
    case none, minimal, low, medium, high
    /// A level of one vendor's: they keep adding some.
    case other(String)
}

extension ReasoningEffort: CustomStringConvertible {
    public var description: String {
        switch self {
        case .none: "none"
        case .minimal: "minimal"
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        case .other(let level): level
        }
    }

    /// The level of that name, or ``other(_:)``.
    package init(_ level: String) {
        self = [.none, .minimal, .low, .medium, .high].first { $0.description == level } ?? .other(level)
    }
}
