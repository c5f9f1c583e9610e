import Synchronization

/// The events of one attempt's live answer: tells the attempt what passes by, and how it ended.
final class AttemptSource: EventSource {
    private let base: any EventSource
    private let record: any AttemptRecord
    private let requestID: RequestID
    private let isOver = Atomic<Bool>(false)

    init(_ base: any EventSource, _ record: any AttemptRecord, _ requestID: RequestID) {
        self.base = base
        self.record = record
        self.requestID = requestID
    }

    deinit {
        if isOver.load(ordering: .relaxed) { return }
        record.fail(LLMError(.cancelled, "the reader left before the end of the answer"))
    }

    // A reader waits in here for most of an answer's time. What is inlined makes its frame grow: so whatever happens
    // once per answer stays outside.
    func next() async throws -> StreamEvent? {
        let event: StreamEvent?
        do { event = try await base.next() } catch { throw fail(error) }
        switch event {
        case .text(let text), .thinking(let text):
            record.received(outputBytes: text.utf8.count, from: base)
            return event
        case .toolCall(let delta):
            record.received(outputBytes: delta.arguments.utf8.count, from: base)
            return event
        case .end(let response): return try finish(response)
        case nil:
            if isOver.load(ordering: .relaxed) { return nil }
            throw fail(LLMError.truncatedAnswer(usage: nil))
        }
    }

    func stop() { base.stop() }

    @inline(never)
    private func finish(_ ended: ChatResponse) throws -> StreamEvent {
        guard ended.state == .complete else { throw fail(LLMError.truncatedAnswer(usage: ended.usage)) }
        var response = ended
        response.requestID = requestID
        isOver.store(true, ordering: .relaxed)
        record.finish(&response)
        return .end(response)
    }

    @inline(never)
    private func fail(_ error: any Error) -> LLMError {
        var error = LLMError(wrapping: error)
        error.requestID = requestID
        isOver.store(true, ordering: .relaxed)
        record.fail(error)
        return error
    }
}
