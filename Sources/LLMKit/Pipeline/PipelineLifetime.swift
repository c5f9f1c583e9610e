import Synchronization

/// What the copies of one pipeline share: the requests in flight, so that shutting down settles them.
final class PipelineLifetime: Sendable {
    private struct State {
        var isClosed = false
        var trips: [ObjectIdentifier: Trip] = [:]
        var shadows: [ObjectIdentifier: Call] = [:]
        var droppedShadows = 0
        var checks = 0
    }

    private let state = Mutex(State())
    let coalescer = Coalescer()

    /// Shadows beyond this many in flight are not sent: a slow shadow must not pile up copies of the traffic.
    static let shadowLimit = 256

    func enter(_ trip: Trip) throws(LLMError) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.trips[ObjectIdentifier(trip)] = trip }
            return state.isClosed
        }
        if isClosed { throw LLMError(.cancelled, "the pipeline was shut down; assemble a new one to go on") }
    }

    func leave(_ trip: Trip) {
        state.withLock { _ = $0.trips.removeValue(forKey: ObjectIdentifier(trip)) }
    }

    /// Takes a place for a shadow's call; `false` if there is none.
    func beginShadow(_ call: Call) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.shadows.count < Self.shadowLimit else {
                state.droppedShadows += 1
                return false
            }
            state.shadows[ObjectIdentifier(call)] = call
            return true
        }
    }

    var droppedShadows: Int { state.withLock { $0.droppedShadows } }

    func endShadow(_ call: Call) {
        state.withLock { _ = $0.shadows.removeValue(forKey: ObjectIdentifier(call)) }
    }

    /// Takes a place for a check of a cache's decision; `false` if there is none.
    func beginCheck() -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.checks < Self.shadowLimit else { return false }
            state.checks += 1
            return true
        }
    }

    func endCheck() { state.withLock { $0.checks -= 1 } }

    /// Refuses what comes and settles what is there.
    func close() {
        let (trips, shadows) = state.withLock { state in
            state.isClosed = true
            defer { (state.trips, state.shadows) = ([:], [:]) }
            return (Array(state.trips.values), Array(state.shadows.values))
        }
        let error = LLMError(.cancelled, "the pipeline was shut down")
        for trip in trips { trip.end(.failure(error)) }
        for call in shadows { call.settle(.failed(error)) }
    }
}
