/// Why a model stopped, in one vocabulary for all vendors.
public enum FinishReason: Hashable, Sendable {
    case stop
    /// The limit on output tokens, or the context window, was reached.
    case length
    case toolCalls
    /// The model declined to answer.
    case refusal
    /// The vendor's filter blocked the question or the answer.
    case contentFilter
    /// A reason that has no common name, as the vendor wrote it.
    case other(String)
}

extension FinishReason: CustomStringConvertible, Codable {
    private static let names: [(reason: FinishReason, name: String)] = [
        (.stop, "stop"), (.length, "length"), (.toolCalls, "tool_calls"), (.refusal, "refusal"),
        (.contentFilter, "content_filter"),
    ]

    public var description: String {
        switch self {
        case .stop: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .refusal: "refusal"
        case .contentFilter: "content_filter"
        case .other(let raw): raw
        }
    }

    /// The reason with this common name, or ``other(_:)``.
    package init(_ name: String) {
        self = Self.names.first { $0.name == name }?.reason ?? .other(name)
    }

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
