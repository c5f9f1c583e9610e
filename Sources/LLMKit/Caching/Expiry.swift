/// How long something that is kept may be used, by the clock on the wall.
struct Expiry {
    /// Milliseconds since 1970.
    var created: Int64
    /// The moment from which on it may not be used; `nil` if it never expires.
    var expires: Int64?

    /// How far a clock may have been ahead of this one: more, and it was wrong.
    ///
    /// What was stored under a wrong clock would outlive its time by as much as that clock was ahead.
    static let skew: Int64 = 60_000

    /// - Parameter now: milliseconds since 1970.
    func isOver(at now: Int64) -> Bool {
        guard let expires else { return false }
        return expires <= now || created > now + Self.skew
    }

    /// The same in SQL, of the columns `created` and `expires`, with `?1` for now.
    static let isOverSQL = "expires IS NOT NULL AND (expires <= ?1 OR created > ?1 + \(skew))"
}
