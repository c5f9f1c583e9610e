/// The clocks of one transfer, in nanoseconds of the monotonic clock; the loop reads them, nothing else runs.
struct TransferClocks: Sendable {
    let start: Int64
    let connect: Duration?
    let firstToken: Int64?
    let idle: Int64?
    let total: Int64?
    let deadline: Int64?

    init(_ timeouts: Timeouts, deadline: ContinuousClock.Instant?) {
        start = MonotonicTime.now()
        connect = timeouts.connect
        firstToken = timeouts.firstToken?.nanoseconds
        idle = timeouts.idle?.nanoseconds
        total = timeouts.total?.nanoseconds
        // The two clocks have different origins, so only the time that is left can be carried over.
        let start = start
        self.deadline = deadline.map { start + ($0 - .now).nanoseconds }
    }

    /// Where an answer stands, as far as the clocks are concerned.
    struct Progress {
        /// Whether ``HTTPStream/tokenArrived()`` was called.
        var hasToken = false
        /// Since when the reader has been waiting; `nil` while it is busy with what it got.
        var waitingSince: Int64?
        /// How long it had waited before that, since the last token.
        var waited: Int64 = 0
    }

    /// The clocks that run only while a reader waits need not be told the time otherwise.
    var needsWaits: Bool { firstToken != nil || idle != nil }

    /// The clock that has run out, if any has.
    ///
    /// The clocks for tokens blame the server, so they stand still while the reader is busy with what it got.
    func expired(at now: Int64, _ progress: Progress) -> LLMError? {
        if let deadline, now >= deadline {
            let given = Duration.nanoseconds(max(0, deadline - start)).inSeconds
            return LLMError(.timeout, "not finished by the request's deadline, \(given) after the start")
        }
        if let total, now - start >= total { return Self.error("no end of the answer", total) }
        guard let since = progress.waitingSince else { return nil }
        if progress.hasToken {
            if let idle, progress.waited + now - since >= idle { return Self.error("no further token", idle) }
        } else if let firstToken, now - start >= firstToken {
            return Self.error("no first token", firstToken)
        }
        return nil
    }

    private static func error(_ what: String, _ clock: Int64) -> LLMError {
        LLMError(.timeout, "\(what) within \(Duration.nanoseconds(clock).inSeconds)")
    }

    /// No clock runs out before this moment, whatever the reader does meanwhile.
    ///
    /// It may be too early, never too late: that is what lets tokens and readers come and go without telling the loop.
    func earliestExpiry(at now: Int64, _ progress: Progress) -> Int64 {
        var earliest = min(deadline ?? .max, total.map { start + $0 } ?? .max)
        if let idle {
            let waited = progress.hasToken ? progress.waited + (progress.waitingSince.map { now - $0 } ?? 0) : 0
            earliest = min(earliest, now + idle - waited)
        }
        // A reader that comes back after this moment looks at the clock itself.
        if let firstToken, !progress.hasToken, now < start + firstToken { earliest = min(earliest, start + firstToken) }
        return earliest
    }
}
