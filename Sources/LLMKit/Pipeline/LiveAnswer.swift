import Synchronization

/// The answer that the caller is reading: passes events on, and settles the call when it ends, fails, or is let go of.
final class LiveAnswer: EventSource {
    private let trip: Trip
    private let call: Call
    private let base: any EventSource
    /// The event that was pulled to see that the model answers at all.
    private let first: Mutex<StreamEvent?>
    private let isOver = Atomic<Bool>(false)

    /// Opens the stream and waits for its first event, so that a failure until then can still go elsewhere.
    init(opening call: Call, of trip: Trip) async throws {
        let base = try await call.stream(trip.request).source
        let event: StreamEvent?
        do {
            event = try await base.next()
            if event == nil { throw LLMError.truncatedAnswer(usage: nil) }
        } catch {
            call.settle(.failed(LLMError(wrapping: error)))
            throw error
        }
        self.trip = trip
        self.call = call
        self.base = base
        first = Mutex(event)
    }

    deinit {
        let error = LLMError(.cancelled, "the reader left before the end of the answer")
        call.settle(.failed(error))
        trip.end(.failure(error))
    }

    // A reader waits in here for most of an answer's time. What is inlined makes its frame grow: so
    // whatever happens once per answer stays outside.
    func next() async throws -> StreamEvent? {
        if isOver.load(ordering: .relaxed) { return nil }
        do {
            try trip.checkOpen()
            let event: StreamEvent?
            if let pulled = takeFirst() { event = pulled } else { event = try await base.next() }
            guard try isLast(event) else { return event }
            return try await finish(event)
        } catch {
            throw fail(error)
        }
    }

    /// Notes what passes by; `true` for the end.
    @inline(never)
    private func isLast(_ event: StreamEvent?) throws -> Bool {
        switch event {
        case .text(let text), .thinking(let text): call.saw(outputBytes: text.utf8.count)
        case .toolCall(let delta): call.saw(outputBytes: delta.arguments.utf8.count)
        case .end: return true
        case nil: throw LLMError.truncatedAnswer(usage: nil)
        }
        return false
    }

    @inline(never)
    private func fail(_ error: any Error) -> LLMError {
        isOver.store(true, ordering: .relaxed)
        call.settle(.failed(LLMError(wrapping: error)))
        return trip.fail(error)
    }

    @inline(never)
    private func takeFirst() -> StreamEvent? {
        first.withLock { first in
            defer { first = nil }
            return first
        }
    }

    @inline(never)
    private func finish(_ event: StreamEvent?) async throws -> StreamEvent {
        let response = try settled(event)
        await trip.remember(response)
        trip.end(.success(response))
        return .end(response)
    }

    @inline(never)
    private func settled(_ event: StreamEvent?) throws -> ChatResponse {
        guard case .end(var response)? = event else { throw LLMError.truncatedAnswer(usage: nil) }
        guard response.state == .complete else { throw LLMError.truncatedAnswer(usage: response.usage) }
        isOver.store(true, ordering: .relaxed)
        call.dress(&response)
        return call.settle(.answered(response))
    }
}
