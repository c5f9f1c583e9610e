import Synchronization

/// Keeps a cache from asking an embedder that is down at every request.
///
/// A local model that broke, or a vendor that cannot be reached, would make each request wait for its failure. After a few
/// in a row the cache stands aside for a second, and for twice as long whenever it tries again in vain, up to a minute.
/// That it took too long for somebody in a hurry says less: of those it takes more.
final class EmbedderHealth: Sendable {
    private struct State {
        /// In a row.
        var failures = 0
        /// Of those who were in a hurry, in a row.
        var delays = 0
        var resumes: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// So many may fail in a row without consequences.
    private static let tolerated = 3
    private static let longestPause = 6
    /// So many delays count as one failure.
    private static let delaysPerFailure = 4

    /// Whether to ask the embedder now. Of those that wait for the end of a pause, one tries first.
    func mayTry(at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            guard let resumes = state.resumes else { return true }
            guard now >= resumes else { return false }
            state.resumes = now + pause(after: state.failures)
            return true
        }
    }

    func succeeded() { state.withLock { $0 = State() } }

    func failed(at now: ContinuousClock.Instant) {
        state.withLock { state in
            state.failures += 1
            guard state.failures >= Self.tolerated else { return }
            state.resumes = now + pause(after: state.failures)
        }
    }

    /// It did not answer in the little time that a request with a deadline could spare.
    func wasTooSlow(at now: ContinuousClock.Instant) {
        let isFailure = state.withLock { state in
            state.delays += 1
            return state.delays % Self.delaysPerFailure == 0 || state.failures >= Self.tolerated
        }
        if isFailure { failed(at: now) }
    }

    private func pause(after failures: Int) -> Duration {
        .seconds(min(60, 1 << min(Self.longestPause, max(0, failures - Self.tolerated))))
    }
}
