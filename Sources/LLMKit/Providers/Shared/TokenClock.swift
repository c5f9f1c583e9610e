/// Measures the times of a stream's tokens: the first (TTFT) and the gaps between them (ITL).
///
/// Tokens that arrive in one piece share one time; the gaps between them are zero.
struct TokenClock {
    private var first: ContinuousClock.Instant?
    private var last: ContinuousClock.Instant?
    private var firstToken: Duration?
    private var longestGap: Duration = .zero
    private var tokens = 0

    /// Notes that `count` tokens arrived together, in a call that began at `start`.
    mutating func count(_ count: Int, at now: ContinuousClock.Instant, since start: ContinuousClock.Instant) {
        if let last { longestGap = max(longestGap, now - last) }
        if first == nil {
            first = now
            firstToken = now - start
        }
        last = now
        tokens += count
    }

    /// The times so far; gaps are `nil` until there are two tokens.
    var timing: Timing {
        guard tokens > 1, let first, let last else { return Timing(firstToken: firstToken) }
        return Timing(firstToken: firstToken, longestGap: longestGap, meanGap: (last - first) / (tokens - 1))
    }
}
