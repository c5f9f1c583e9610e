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

    /// The flight for a request, and whether the caller leads it.
    func join(_ fingerprint: Fingerprint) -> (flight: Flight, isLeader: Bool) {
        flights.withLock { flights in
            if let flight = flights[fingerprint] { return (flight, false) }
            let flight = Flight { [weak self] flight in self?.remove(flight, fingerprint) }
            flights[fingerprint] = flight
            return (flight, true)
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

extension Trip {
    /// Waits for an identical request in flight, if there is one; otherwise leads.
    ///
    /// A leader who is cancelled takes nobody along: the next in line leads. A leader whose call fails, fails for all,
    /// because each would only repeat it.
    func joinFlight() async throws -> CacheHit? {
        guard pipeline.coalescesIdenticalRequests, request.cachePolicy == .all else { return nil }
        while true {
            let (flight, isLeader) = pipeline.lifetime.coalescer.join(query.fingerprint)
            if isLeader {
                try lead(flight)
                return nil
            }
            switch await flight.wait() {
            case .success(let response): return settle(CacheHit(response, source: .coalesced))
            case .failure(let error) where error.code == .cancelled && !Task.isCancelled && !isOver: continue
            case .failure(let error): throw error
            }
        }
    }
}
