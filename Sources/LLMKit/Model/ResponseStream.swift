/// A streamed answer: an async sequence of events, meant to be read once.
///
/// ```swift
/// for try await event in try await pipeline.stream("Tell me a story") {
///     if case .text(let text) = event { print(text, terminator: "") }
/// }
/// ```
///
/// It is asked for the next event only when the reader wants one, so a slow reader slows the upstream down instead of
/// filling memory. Leaving the loop early, and letting go of the stream, stops the upstream and settles the attempt.
/// After ``StreamEvent/end(_:)`` it gives `nil`. Errors are always ``LLMError``.
public struct ResponseStream: AsyncSequence, Sendable {
    let source: any EventSource

    package init(_ source: some EventSource) { self.source = source }

    /// Plays a finished answer back: for caches, and for providers that do not stream.
    public init(_ response: ChatResponse) { source = PlaybackSource(response) }

    /// A stream of what a sequence of events gives: for providers that have their answers from elsewhere.
    ///
    /// The sequence is read by one reader, one event at a time, and let go of when the reader leaves: whatever feeds it
    /// must stop then.
    /// - Parameter events: the last one must be ``StreamEvent/end(_:)``; a sequence that ends without is a truncated
    ///   answer. What it throws is the stream's error.
    public init<Events: AsyncSequence & Sendable>(_ events: Events) where Events.Element == StreamEvent {
        source = SequenceSource(events) { $0 }
    }

    /// A stream of pieces of text, whose end is made from the whole text.
    ///
    /// ```swift
    /// ResponseStream(text: words) { text in ChatResponse(text, usage: Usage(input: 9, output: 40)) }
    /// ```
    /// - Parameters:
    ///   - pieces: read by one reader, one at a time.
    ///   - end: makes the whole answer of all pieces together; runs once, after the last one.
    public init<Pieces: AsyncSequence & Sendable>(
        text pieces: Pieces,
        end: @escaping @Sendable (_ text: String) async throws -> ChatResponse
    ) where Pieces.Element == String {
        source = TextSource(SequenceSource(pieces) { StreamEvent.text($0) }, end)
    }

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

    /// Waits for the first event and puts it back, so that what fails until then can still go elsewhere.
    /// - Throws: the stream's error, or ``LLMError`` with code `truncated` if it ends without any event.
    package func opened() async throws -> ResponseStream {
        if let opened = source as? OpenedSource, opened.isUnread { return self }
        guard let first = try await source.next() else {
            throw LLMError(.truncated, "the stream stopped before its first event")
        }
        return ResponseStream(OpenedSource(first, source))
    }

    /// Runs `body` once, when the stream ends, fails, or is let go of: how places, clocks, breakers and bills follow a
    /// stream.
    ///
    /// A reader that leaves is a failure with code `cancelled`. `body` must be quick: it may run in a `deinit`.
    public func onEnd(_ body: @escaping @Sendable (Result<ChatResponse, LLMError>) -> Void) -> ResponseStream {
        ResponseStream(ObservedSource(source, body))
    }
}
