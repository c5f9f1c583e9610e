/// The elements of an asynchronous sequence as events.
///
/// An actor, because iterators are not `Sendable`; after its end, its failure, or a second reader it gives nothing more.
actor SequenceSource<Base: AsyncSequence & Sendable>: EventSource {
    private let event: @Sendable (Base.Element) -> StreamEvent
    private var iterator: Base.AsyncIterator?
    private var isReading = false

    init(_ base: Base, _ event: @escaping @Sendable (Base.Element) -> StreamEvent) {
        iterator = base.makeAsyncIterator()
        self.event = event
    }

    func next() async throws -> StreamEvent? {
        guard !isReading else {
            throw LLMError(.invalidRequest, "a stream is read by two at the same time; it has one reader")
        }
        guard var current = iterator else { return nil }
        isReading = true
        iterator = nil
        defer { isReading = false }
        guard let element = try await current.next(isolation: self) else {
            // Many sequences just end when their reader is cancelled: that is not their end.
            try Task.checkCancellation()
            return nil
        }
        let event = event(element)
        if !StreamEvent?.some(event).isLast { iterator = current }
        return event
    }
}

/// Pieces of text as events, and the answer that they make at their end.
actor TextSource: EventSource {
    private let pieces: any EventSource
    private var end: (@Sendable (String) async throws -> ChatResponse)?
    private var text = ""

    init(_ pieces: any EventSource, _ end: @escaping @Sendable (String) async throws -> ChatResponse) {
        self.pieces = pieces
        self.end = end
    }

    nonisolated func stop() { pieces.stop() }

    func next() async throws -> StreamEvent? {
        guard let end else { return nil }
        if let event = try await pieces.next() {
            if case .text(let piece) = event { text += piece }
            return event
        }
        self.end = nil
        return .end(try await end(text))
    }
}
