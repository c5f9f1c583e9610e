/// An answer that a cache found.
public struct CacheHit: Hashable, Sendable {
    /// Which kind of cache found it.
    public enum Source: Hashable, Sendable {
        /// The same request was answered before.
        case result
        /// A similar request was answered before.
        case semantic
        /// The same request was in flight, and its answer served both.
        case coalesced
        /// A cache of the app's own.
        case other(String)
    }

    public var response: ChatResponse
    public var source: Source
    /// Which entry it is and why it was thought good enough, where the question was only alike.
    public var match: SemanticMatch?

    public init(_ response: ChatResponse, source: Source, match: SemanticMatch? = nil) {
        self.response = response
        self.source = source
        self.match = match
    }
}

extension CacheHit.Source: CustomStringConvertible, Codable {
    /// The name in ledgers and spans.
    public var description: String {
        switch self {
        case .result: "result"
        case .semantic: "semantic"
        case .coalesced: "coalesced"
        case .other(let name): name
        }
    }

    /// The source with this name, or ``other(_:)``.
    package init(_ name: String) {
        self = [.result, .semantic, .coalesced].first { $0.description == name } ?? .other(name)
    }

    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
