import Synchronization

/// Something that produces the events of one answer, a step at a time: what a ``ResponseStream`` is made of.
///
/// It is asked for the next event only when the reader wants one. Letting go of it must stop whatever feeds it. After
/// ``StreamEvent/end(_:)`` it returns `nil`.
package protocol EventSource: Sendable {
    func next() async throws -> StreamEvent?

    /// What the upstream has told of the answer besides its events so far; `nil` if nothing, or nobody knows.
    var progress: AnswerProgress? { get }

    /// Ends the wait of whoever is in ``next()`` with an error, as a shutdown must; the reader's task is not ours to
    /// cancel. The default cannot.
    func stop()
}

extension EventSource {
    package var progress: AnswerProgress? { nil }

    package func stop() {}
}

/// What is known of an answer before its end: for the bill of one that never gets there.
package struct AnswerProgress: Sendable {
    /// The vendor's id of the model that answers.
    var servedModel: String?
    /// The input, as the vendor counted it, or estimated from what was really sent. Output is what passed by.
    var input: Usage
}

/// A source whose first event was already taken, to see that there is one.
final class OpenedSource: EventSource {
    private let first: Mutex<StreamEvent?>
    private let rest: any EventSource

    init(_ first: StreamEvent, _ rest: any EventSource) {
        self.first = Mutex(first)
        self.rest = rest
    }

    var isUnread: Bool { first.withLock { $0 != nil } }

    func next() async throws -> StreamEvent? {
        if let event = takeFirst() { return event }
        return try await rest.next()
    }

    func stop() { rest.stop() }

    @inline(never)
    private func takeFirst() -> StreamEvent? { first.withLock { $0.take() } }
}

/// A source that tells once how it ended, and is let go of then.
final class ObservedSource: EventSource {
    private struct State {
        var base: (any EventSource)?
        var onEnd: (@Sendable (Result<ChatResponse, LLMError>) -> Void)?
    }
    private let state: Mutex<State>

    init(_ base: any EventSource, _ onEnd: @escaping @Sendable (Result<ChatResponse, LLMError>) -> Void) {
        state = Mutex(State(base: base, onEnd: onEnd))
    }

    deinit { end(.failure(LLMError(.cancelled, "the reader left before the end of the answer"))) }

    func next() async throws -> StreamEvent? {
        guard let base = state.withLock({ $0.base }) else { return nil }
        do {
            let event = try await base.next()
            switch event {
            case .end(let response): end(.success(response))
            case nil: end(.failure(LLMError.truncatedAnswer(usage: nil)))
            default: break
            }
            return event
        } catch {
            end(.failure(LLMError(wrapping: error)))
            throw error
        }
    }

    func stop() { state.withLock { $0.base }?.stop() }

    @inline(never)
    private func end(_ result: Result<ChatResponse, LLMError>) {
        let last = state.withLock { state in
            defer { state = State() }
            return state
        }
        // Outside the lock: what observes may wake others.
        last.onEnd?(result)
    }
}

/// The parts of a finished answer as events.
final class PlaybackSource: EventSource {
    private let events: Mutex<ArraySlice<StreamEvent>>

    init(_ response: ChatResponse) {
        self.events = Mutex((response.playback + [.end(response)])[...])
    }

    func next() -> StreamEvent? { events.withLock { $0.popFirst() } }
}

extension ChatResponse {
    /// What the answer says as events, without the last.
    var playback: [StreamEvent] {
        var events: [StreamEvent] = []
        var calls = 0
        for part in message.parts {
            switch part {
            case .text(let text): events.append(.text(text))
            case .thinking(let thinking) where !thinking.text.isEmpty: events.append(.thinking(thinking.text))
            case .toolCall(let call):
                events.append(
                    .toolCall(ToolCallDelta(index: calls, id: call.id, name: call.name, arguments: call.arguments))
                )
                calls += 1
            default: break
            }
        }
        return events
    }
}

extension StreamEvent? {
    /// Whether nothing comes after it.
    package var isLast: Bool {
        switch self {
        case .none, .end: true
        default: false
        }
    }
}
