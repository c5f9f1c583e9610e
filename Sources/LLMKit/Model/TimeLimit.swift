/// The moment at which one of a call's clocks runs out.
package struct TimeLimit: Sendable {
    package enum Clock: String, Sendable { case firstToken, idle, total, deadline }

    var instant: ContinuousClock.Instant
    var clock: Clock
    /// What the clock was set to; `nil` for the deadline, which is a moment.
    var allowed: Duration?

    /// The limit of a clock that was started at `start`; `nil` if the clock does not run.
    package static func clock(_ clock: Clock, _ allowed: Duration?, from start: ContinuousClock.Instant) -> TimeLimit? {
        // Thirty years stand for ever, and no arithmetic on them overflows.
        allowed.map { TimeLimit(instant: start + min($0, .seconds(1_000_000_000)), clock: clock, allowed: $0) }
    }

    static func deadline(_ instant: ContinuousClock.Instant?) -> TimeLimit? {
        instant.map { TimeLimit(instant: $0, clock: .deadline) }
    }

    /// The one that runs out first.
    static func earliest(_ limits: TimeLimit?...) -> TimeLimit? {
        limits.compactMap { $0 }.min { $0.instant < $1.instant }
    }

    package var error: LLMError {
        guard let allowed else {
            return LLMError(.timeout, "the request's deadline passed before the answer was there")
        }
        let waited =
            switch clock {
            case .firstToken: "no token came"
            case .idle: "the stream paused for longer than allowed"
            case .total, .deadline: "the answer was not finished"
            }
        return LLMError(.timeout, "\(waited): the \(clock.rawValue) clock ran out after \(allowed)")
    }
}
