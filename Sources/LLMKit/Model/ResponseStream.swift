import Synchronization

/// Something that produces the events of one answer, a step at a time.
///
/// It is asked for the next event only when the reader wants one, so a slow reader slows the upstream down instead of
/// filling memory. Letting go of the source must stop whatever feeds it. After ``StreamEvent/end(_:)`` it returns `nil`.
/// A whole source:
///
/// ```swift
/// final class Countdown: EventSource {
///     private let left = Mutex(3)
///     func next() -> StreamEvent? {
///         left.withLock { left in
///             left -= 1
///             return left > 0 ? .text("\(left)… ") : left == 0 ? .end(ChatResponse("2… 1… ")) : nil
///         }
///     }
/// }
/// ```
public protocol EventSource: Sendable {
    func next() async throws -> StreamEvent?
}

/// A streamed answer: an async sequence of events, meant to be read once.
///
/// ```swift
/// for try await event in try await pipeline.stream("Tell me a story") {
///     if case .text(let text) = event { print(text, terminator: "") }
/// }
/// ```
///
/// Leaving the loop early stops the upstream and settles the call. Errors are always ``LLMError``.
public struct ResponseStream: AsyncSequence, Sendable {
    public typealias Element = StreamEvent
    public typealias Failure = LLMError

    let source: any EventSource

    public init(_ source: some EventSource) { self.source = source }

    /// Plays a finished answer back: for caches, and for providers that do not stream.
    public init(_ response: ChatResponse) { source = Playback(response) }

    public struct Iterator: AsyncIteratorProtocol {
        let source: any EventSource

        public mutating func next() async throws(LLMError) -> StreamEvent? {
            do { return try await source.next() } catch { throw LLMError(wrapping: error) }
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(LLMError) -> StreamEvent? {
            do { return try await source.next() } catch { throw LLMError(wrapping: error) }
        }
    }

    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    /// Reads to the end and returns the whole answer.
    /// - Throws: the stream's error, or ``LLMError`` with code `truncated` if it stops without its end.
    public func collect() async throws(LLMError) -> ChatResponse {
        for try await event in self {
            if case .end(let response) = event { return response }
        }
        throw LLMError(.truncated, "the stream stopped before its end")
    }
}

/// The parts of a finished answer as events.
private final class Playback: EventSource {
    private let events: Mutex<ArraySlice<StreamEvent>>

    init(_ response: ChatResponse) {
        var events: [StreamEvent] = []
        var calls = 0
        for part in response.message.parts {
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
        events.append(.end(response))
        self.events = Mutex(events[...])
    }

    func next() -> StreamEvent? { events.withLock { $0.popFirst() } }
}
