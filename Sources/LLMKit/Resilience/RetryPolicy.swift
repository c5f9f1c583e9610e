/// When a failed call is tried again, and after how long.
///
/// The defaults are those of the vendors' own SDKs: three attempts in all, half a second doubling to eight, and no wait
/// for an upstream that asks for more than two minutes.
public struct RetryPolicy: Sendable {
    /// Attempts in all, the first included; at least 1.
    package var maxAttempts: Int
    /// The longest pause before the first retry; it doubles with each further one.
    package var base: Duration
    /// No pause of our own choosing is longer than this.
    package var cap: Duration
    /// An upstream that asks for a longer wait than this gets no retry: the caller hears of it at once.
    package var maxRetryAfter: Duration
    /// Draws a number between 0 and 1, all equally likely.
    package var random: @Sendable () -> Double

    public init(
        maxAttempts: Int = 3,
        base: Duration = .milliseconds(500),
        cap: Duration = .seconds(8),
        maxRetryAfter: Duration = .seconds(120),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.maxAttempts = maxAttempts
        self.base = base
        self.cap = cap
        self.maxRetryAfter = maxRetryAfter
        self.random = random
    }

    /// A pause with full jitter: uniform between zero and `min(cap, base · 2^retry)`.
    ///
    /// Spreading over the whole interval keeps clients that failed together from coming back together (M. Brooker,
    /// "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    /// - Parameter retry: 0 for the first retry.
    func backoff(retry: Int) -> Duration {
        var ceiling = min(base, cap)
        for _ in 0..<max(0, retry) {
            guard ceiling > .zero, ceiling < cap else { break }
            ceiling = min(cap, ceiling * 2)
        }
        return ceiling * min(1, max(0, random()))
    }

    /// How long to pause before the next attempt; `nil` if there must be none.
    func pause(
        after error: LLMError,
        retry: Int,
        now: ContinuousClock.Instant,
        deadline: ContinuousClock.Instant?
    ) -> Duration? {
        guard error.isRetryable else { return nil }
        if let asked = error.retryAfter, asked > maxRetryAfter { return nil }
        // No time, or a date that has passed, says nothing of how long to wait: a burst would hit an upstream in trouble.
        let asked = error.retryAfter.flatMap { $0 > .zero ? $0 : nil }
        let pause = asked ?? backoff(retry: retry)
        if let deadline, now + pause >= deadline { return nil }
        return pause
    }

    func validate() throws(LLMError) {
        let problem: String? =
            if maxAttempts < 1 {
                "maxAttempts is \(maxAttempts), but the first call is an attempt too: use 1 or more"
            } else if base < .zero || cap < .zero || maxRetryAfter < .zero {
                "base, cap and maxRetryAfter must not be negative"
            } else if cap < base {
                "cap (\(cap)) is below base (\(base)), which could never be reached"
            } else {
                nil
            }
        if let problem { throw LLMError(.invalidConfiguration, "retrying: \(problem)") }
    }
}
