/// An answer that a cache found.
public struct CacheHit: Hashable, Sendable {
    /// Which kind of cache found it.
    ///
    /// An open set.
    public struct Source: Hashable, Sendable, Codable, CustomStringConvertible {
        public let description: String
        public init(_ name: String) { description = name }

        /// The same request was answered before.
        public static let result = Source("result")
        /// A similar request was answered before.
        public static let semantic = Source("semantic")
        /// The same request was in flight, and its answer served both.
        public static let coalesced = Source("coalesced")
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
