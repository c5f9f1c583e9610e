import Synchronization

/// Lets identical requests in flight share one call: the first leads, the others wait for its answer.
final class Coalescer: Sendable {
    /// One call that several requests wait for.
    final class Flight: Sendable {
        private typealias Waiter = CheckedContinuation<Result<ChatResponse, LLMError>, Never>

        private struct State {
            var waiting: [Int: Waiter] = [:]
            var landed: Result<ChatResponse, LLMError>?
            var tickets = 0
        }

        private let state = Mutex(State())
        private let onLanding: @Sendable (Flight) -> Void

        init(onLanding: @escaping @Sendable (Flight) -> Void) { self.onLanding = onLanding }

        /// Waits for the leader's answer; ends early with `cancelled` if the waiting task is cancelled.
        func wait() async -> Result<ChatResponse, LLMError> {
            let ticket = state.withLock { state in
                state.tickets += 1
                return state.tickets
            }
            return await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let known: Result<ChatResponse, LLMError>? = state.withLock { state in
                        if let landed = state.landed { return landed }
                        if Task.isCancelled { return .failure(LLMError(.cancelled, "the task was cancelled")) }
                        state.waiting[ticket] = continuation
                        return nil
                    }
                    if let known { continuation.resume(returning: known) }
                }
            } onCancel: {
                let continuation = state.withLock { $0.waiting.removeValue(forKey: ticket) }
                continuation?.resume(returning: .failure(LLMError(.cancelled, "the task was cancelled")))
            }
        }

        var waiting: Int { state.withLock { $0.waiting.count } }

        /// Hands the leader's result to everybody who waits, and to those who still come.
        func land(_ result: Result<ChatResponse, LLMError>) {
            onLanding(self)
            let waiting: [Waiter] = state.withLock { state in
                guard state.landed == nil else { return [] }
                state.landed = result
                defer { state.waiting = [:] }
                return Array(state.waiting.values)
            }
            for continuation in waiting { continuation.resume(returning: result) }
        }
    }

    private let flights = Mutex<[Fingerprint: Flight]>([:])

    /// The flight that answers this already.
    func flight(for fingerprint: Fingerprint) -> Flight? { flights.withLock { $0[fingerprint] } }

    /// A new flight for others to join; `nil` if another was quicker.
    func lead(_ fingerprint: Fingerprint) -> Flight? {
        flights.withLock { flights in
            guard flights[fingerprint] == nil else { return nil }
            let flight = Flight { [weak self] flight in self?.remove(flight, fingerprint) }
            flights[fingerprint] = flight
            return flight
        }
    }

    /// How many requests wait for another's answer.
    var waiting: Int { flights.withLock { $0.values.reduce(0) { $0 + $1.waiting } } }

    private func remove(_ flight: Flight, _ fingerprint: Fingerprint) {
        flights.withLock { flights in
            if flights[fingerprint] === flight { flights[fingerprint] = nil }
        }
    }
}
