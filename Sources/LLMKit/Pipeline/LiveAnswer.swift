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

    func next() async throws -> StreamEvent? {
        if isOver.load(ordering: .relaxed) { return nil }
        do {
            try trip.checkOpen()
            let event: StreamEvent?
            if let pulled = takeFirst() { event = pulled } else { event = try await base.next() }
            switch event {
            case .text(let text), .thinking(let text): call.saw(outputBytes: text.utf8.count)
            case .toolCall(let delta): call.saw(outputBytes: delta.arguments.utf8.count)
            case .end(let response): return try await finish(response)
            case nil: throw LLMError.truncatedAnswer(usage: nil)
            }
            return event
        } catch {
            isOver.store(true, ordering: .relaxed)
            call.settle(.failed(LLMError(wrapping: error)))
            throw trip.fail(error)
        }
    }

    private func takeFirst() -> StreamEvent? {
        first.withLock { first in
            defer { first = nil }
            return first
        }
    }

    private func finish(_ ended: ChatResponse) async throws -> StreamEvent {
        var response = ended
        guard response.state == .complete else { throw LLMError.truncatedAnswer(usage: response.usage) }
        isOver.store(true, ordering: .relaxed)
        call.dress(&response)
        response = call.settle(.answered(response))
        await trip.remember(response)
        trip.end(.success(response))
        return .end(response)
    }
}
