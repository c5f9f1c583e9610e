/// How urgently a vendor serves a call; each way has its own price.
public enum ServiceTier: Hashable, Sendable {
    case standard, batch, flex, priority
    /// A way that has no common name, as the vendor wrote it.
    case other(String)
}

extension ServiceTier: CustomStringConvertible, Codable {
    public var description: String {
        switch self {
        case .standard: "standard"
        case .batch: "batch"
        case .flex: "flex"
        case .priority: "priority"
        case .other(let name): name
        }
    }

    /// The tier with this common name, or ``other(_:)``.
    package init(_ name: String) {
        self = [.standard, .batch, .flex, .priority].first { $0.description == name } ?? .other(name)
    }

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
