import Synchronization

/// Keeps a cache from asking an embedder that is down at every request.
///
/// A local model that broke, or a vendor that cannot be reached, would make each request wait for its failure. After a few
/// in a row the cache stands aside for a second, and for twice as long whenever it tries again in vain, up to a minute.
final class EmbedderHealth: Sendable {
    private struct State {
        /// In a row.
        var failures = 0
        var resumes: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// So many may fail in a row without consequences.
    private static let tolerated = 3
    private static let longestPause = 6

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

    private func pause(after failures: Int) -> Duration {
        .seconds(min(60, 1 << min(Self.longestPause, max(0, failures - Self.tolerated))))
    }
}
