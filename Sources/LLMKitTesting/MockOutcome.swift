public import LLMKit

/// What a ``MockProvider`` does with one call.
public struct MockOutcome: Sendable {
    enum Kind: Sendable {
        case answer(ChatResponse)
        case failure(LLMError)
        case events([StreamEvent], Ending)
        case hang
    }

    /// How a list of events stops when it is used up.
    public enum Ending: Sendable {
        /// As the events say: properly, if the last one is ``LLMKit/StreamEvent/end(_:)``, else as a stream cut off.
        case asGiven
        /// With an error, as when the connection breaks.
        case failure(LLMError)
        /// Not at all: the stream waits until it is cancelled.
        case hang
    }

    let kind: Kind
    /// Until the answer, the error or the first event is there.
    var delay: Duration = .zero
    /// Between two events.
    var gap: Duration = .zero

    /// Answers with this.
    public static func answer(_ response: ChatResponse) -> MockOutcome { MockOutcome(kind: .answer(response)) }

    /// Answers with this text, and usage estimated from the lengths.
    public static func answer(_ text: String) -> MockOutcome {
        let usage = Usage(output: Usage.estimatedTokens(utf8Count: text.utf8.count))
        return .answer(ChatResponse(text, usage: usage))
    }

    /// Fails at once.
    public static func failure(_ error: LLMError) -> MockOutcome { MockOutcome(kind: .failure(error)) }

    /// Streams exactly these events.
    ///
    /// Asked for a whole answer, it reads its own stream to the end.
    public static func events(_ events: [StreamEvent], ending: Ending = .asGiven) -> MockOutcome {
        MockOutcome(kind: .events(events, ending))
    }

    /// Never answers; stops when it is cancelled.
    public static let hang = MockOutcome(kind: .hang)

    /// The same, but later.
    public func after(_ delay: Duration) -> MockOutcome {
        var copy = self
        copy.delay = delay
        return copy
    }

    /// The same, with a pause before each event but the first.
    public func spaced(by gap: Duration) -> MockOutcome {
        var copy = self
        copy.gap = gap
        return copy
    }
}
