import Synchronization

/// What was ordered to be forgotten lately: answers to requests that were under way then are not kept.
final class RecentErasures: Sendable {
    private struct State {
        var orders: [(scope: ErasureScope, time: ContinuousClock.Instant)] = []
        /// Of orders up to here nothing is known any more.
        var horizon: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// More are not told apart: whoever began before the oldest of them keeps nothing.
    private static let most = 64

    func add(_ scope: ErasureScope, at now: ContinuousClock.Instant) {
        state.withLock { state in
            state.orders.append((scope, now))
            if state.orders.count > Self.most { state.horizon = state.orders.removeFirst().time }
        }
    }

    /// Whether the answer to a request is among what was to be forgotten since it began. Who has no pipeline began just now.
    func mean(_ request: ChatRequest, in context: CacheContext) -> Bool {
        state.withLock { state in
            guard !state.orders.isEmpty, let start = (context.scope.host as? any CacheTrialHost)?.start else {
                return false
            }
            if let horizon = state.horizon, start <= horizon { return true }
            let caller = request.caller
            return state.orders.contains { order in
                start <= order.time && order.scope.matches(tenant: caller.tenant, user: caller.user, tags: caller.tags)
            }
        }
    }
}
