import Synchronization

/// The answer that the caller is reading: passes events on, and settles the request when it ends, fails, or is let go of.
final class LiveAnswer: EventSource {
    private let call: ModelCall
    private let base: Mutex<(any EventSource)?>
    private let isOver = Atomic<Bool>(false)

    private var execution: RequestExecution { call.execution }

    /// - Parameter stream: opened, so that a failure until then could still go elsewhere.
    init(_ stream: ResponseStream, _ call: ModelCall) {
        self.call = call
        base = Mutex(stream.source)
        // A shutdown must not wait for the reader to let go of the connection.
        execution.whenEnded(tellingWhetherEarly: { [weak self] isEarly in
            if isEarly { self?.stop() }
            self?.letGo()
        })
    }

    deinit {
        let error = LLMError(.cancelled, "the reader left before the end of the answer")
        call.fail(error)
        execution.end(.failure(error))
    }

    // A reader waits in here for most of an answer's time. What is inlined makes its frame grow: so
    // whatever happens once per answer stays outside.
    func next() async throws -> StreamEvent? {
        if isOver.load(ordering: .relaxed) { return nil }
        guard let base = current() else { throw fail(RequestExecution.shutDown) }
        do {
            let event = try await base.next()
            guard try isLast(event) else { return event }
            return try await finish(event)
        } catch {
            throw fail(error)
        }
    }

    func stop() { current()?.stop() }

    @inline(never)
    private func current() -> (any EventSource)? { base.withLock { $0 } }

    private func letGo() {
        let last = base.withLock { $0.take() }
        // Outside the lock: it may end a transfer.
        withExtendedLifetime(last) {}
    }

    /// `true` for the end.
    @inline(never)
    private func isLast(_ event: StreamEvent?) throws -> Bool {
        try execution.checkOpen()
        switch event {
        case .end: return true
        case nil: throw LLMError.truncatedAnswer(usage: nil)
        default: return false
        }
    }

    @inline(never)
    private func fail(_ error: any Error) -> LLMError {
        isOver.store(true, ordering: .relaxed)
        let failure = execution.isOver ? RequestExecution.shutDown : LLMError(wrapping: error)
        call.fail(failure)
        letGo()
        return execution.fail(failure)
    }

    @inline(never)
    private func finish(_ event: StreamEvent?) async throws -> StreamEvent {
        guard case .end(let ended)? = event, ended.state == .complete else {
            throw LLMError.truncatedAnswer(usage: nil)
        }
        isOver.store(true, ordering: .relaxed)
        let response = call.accept(call.marked(ended))
        await execution.remember(response)
        execution.end(.success(response))
        return .end(response)
    }
}
