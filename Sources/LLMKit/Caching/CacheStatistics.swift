/// What a cache has done since it was made, and how full it is.
public struct CacheStatistics: Hashable, Sendable {
    public var hits: Int = 0
    public var misses: Int = 0
    /// Requests that a semantic cache does not answer: with tools, pictures, a high temperature, or none allowed.
    package var bypasses: Int = 0
    /// Look-ups at which a semantic cache had the model asked to check what it would have served.
    package var checks: Int = 0
    /// Answers that were kept.
    package var stores: Int = 0
    /// Answers that were dropped to make room.
    public var evictions: Int = 0
    /// Answers that were dropped because their time was over.
    package var expirations: Int = 0
    /// Stored answers that could not be read, and were deleted.
    package var corruptions: Int = 0
    /// Answers that are kept now.
    public var entries: Int = 0
    /// How much room they take, about.
    public var bytes: Int = 0

    /// Hits among look-ups, 0 to 1; `nil` before the first.
    public var hitRate: Double? { hits + misses > 0 ? Double(hits) / Double(hits + misses) : nil }
}
