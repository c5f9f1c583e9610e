import Synchronization

extension Diagnostics {
    /// The same sink, spared a flood: within one span of time no notice twice, and only so many in all.
    ///
    /// What was left out is counted, and told with the first notice after the span.
    /// - Parameters:
    ///   - count: how many notices may pass.
    ///   - span: within which time.
    /// - Returns: what passes the rest on.
    package func limited(to count: Int, per span: Duration) -> Diagnostics {
        limited(to: count, per: span, now: MonotonicTime.now)
    }

    func limited(to count: Int, per span: Duration, now: @escaping @Sendable () -> Int64) -> Diagnostics {
        let window = NoticeWindow(limit: count, nanoseconds: span.nanoseconds)
        return Diagnostics { notice in
            guard let omitted = window.admit(notice, at: now()) else { return }
            if omitted > 0 { report(.info, "diagnostics", "\(omitted) notices were left out, because there were many") }
            report(notice)
        }
    }
}

/// Which notices have passed lately.
private final class NoticeWindow: Sendable {
    private struct Key: Hashable {
        var severity: Diagnostics.Severity
        var subject: String
        var message: String
    }

    private struct State {
        var end = Int64.min
        var passed: Set<Key> = []
        var omitted = 0
    }

    private let state = Mutex(State())
    private let limit: Int
    private let nanoseconds: Int64

    init(limit: Int, nanoseconds: Int64) {
        self.limit = limit
        self.nanoseconds = nanoseconds
    }

    /// Whether a notice may pass; if so, how many have not since the last span began.
    func admit(_ notice: Diagnostics.Notice, at time: Int64) -> Int? {
        let key = Key(severity: notice.severity, subject: notice.subject, message: notice.message)
        return state.withLock { state in
            var omitted = 0
            if time >= state.end {
                omitted = state.omitted
                state = State(end: time + nanoseconds)
            }
            guard state.passed.count < limit, state.passed.insert(key).inserted else {
                // One that starts a span always passes, unless the limit is zero: then there is nobody to tell.
                state.omitted += 1
                return nil
            }
            return omitted
        }
    }
}
