/// A conversation with tools as it happens: an async sequence of steps, meant to be read once.
///
/// ```swift
/// for try await event in try pipeline.stream("When can I sail from Hull?", using: [tide]) {
///     switch event {
///     case .answer(.text(let text)): print(text, terminator: "")
///     case .started(let call): print("[\(call.name)]")
///     default: break
///     }
/// }
/// ```
///
/// It goes on only as far as it is read. Leaving the loop early stops the model, and cancels the tools that run. Errors
/// are always ``LLMError``.
public struct ToolStream: AsyncSequence, Sendable {
    let source: ToolSource

    init(_ source: ToolSource) { self.source = source }

    public struct Iterator: AsyncIteratorProtocol {
        let source: ToolSource

        public mutating func next() async throws(LLMError) -> ToolEvent? { try await source.next() }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(LLMError) -> ToolEvent? {
            try await source.next()
        }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }
}

/// Takes a conversation forward by one event at a time.
actor ToolSource {
    private enum Phase {
        case asking
        case reading(ResponseStream.Iterator)
        /// The whole turn was told, and was not looked at yet: its reader keeps it, whatever is wrong with it.
        case told(ChatResponse)
        case running([ToolCall])
        case over
    }

    private let provider: any ModelProvider
    private var loop: ToolLoop
    private var phase = Phase.asking
    /// What has happened and was not told yet, the next last.
    private var waiting: [ToolEvent] = []
    private var isReading = false

    init(_ provider: any ModelProvider, _ loop: ToolLoop) {
        self.provider = provider
        self.loop = loop
    }

    func next() async throws(LLMError) -> ToolEvent? {
        guard !isReading else {
            throw LLMError(.invalidRequest, "a conversation is read by two at the same time; it has one reader")
        }
        isReading = true
        defer { isReading = false }
        do {
            return try await step()
        } catch {
            phase = .over
            waiting = []
            throw LLMError(wrapping: error)
        }
    }

    private func step() async throws -> ToolEvent? {
        while true {
            if let event = waiting.popLast() { return event }
            switch phase {
            case .asking: phase = .reading(try await provider.stream(loop.request).makeAsyncIterator())
            case .reading(var events):
                guard let event = try await events.next(isolation: self) else {
                    throw LLMError(.truncated, "the stream stopped before its end")
                }
                if case .end(let response) = event { phase = .told(response) }
                return .answer(event)
            case .told(let response): try finish(response)
            case .running(let calls):
                let runs = try await loop.run(calls)
                loop.take(runs)
                waiting = runs.reversed().map(ToolEvent.finished)
                phase = .asking
            case .over: return nil
            }
        }
    }

    /// Notes a whole turn.
    private func finish(_ response: ChatResponse) throws {
        switch try loop.take(response) {
        case .end:
            waiting = loop.conversation.map { [.end($0)] } ?? []
            phase = .over
        case .ask: phase = .asking
        case .run(let calls):
            waiting = calls.reversed().map(ToolEvent.started)
            phase = .running(calls)
        }
    }
}
