import LLMKit
import Synchronization

/// The events of a mocked call, with pauses, and with the ending that was asked for.
final class MockSource: EventSource {
    private struct State {
        var events: ArraySlice<StreamEvent>
        var ending: MockOutcome.Ending
        var isFirst = true
        var place: MockPlace?
    }

    private let state: Mutex<State>
    private let outcome: MockOutcome
    private let time: any TimeSource

    init(
        _ events: [StreamEvent],
        _ ending: MockOutcome.Ending,
        _ outcome: MockOutcome,
        time: any TimeSource,
        place: MockPlace
    ) {
        state = Mutex(State(events: events[...], ending: ending, place: place))
        self.outcome = outcome
        self.time = time
    }

    func next() async throws -> StreamEvent? {
        let wait = state.withLock { state in
            defer { state.isFirst = false }
            return state.isFirst ? outcome.delay : state.events.isEmpty ? .zero : outcome.gap
        }
        try await pause(wait, time)
        let (event, ending, place) = state.withLock { state -> (StreamEvent?, MockOutcome.Ending, MockPlace?) in
            let event = state.events.popFirst()
            let ending = state.ending
            if event == nil { state.ending = .asGiven }
            return (event, ending, event.isLast ? state.place.take() : nil)
        }
        defer { withExtendedLifetime(place) {} }
        if let event { return event }
        switch ending {
        case .asGiven: return nil
        case .failure(let error): throw error
        case .hang: try await sleepUntilCancelled()
        }
    }
}

extension ChatResponse {
    /// The answer as a model would stream it: text word by word, the rest whole.
    var events: [StreamEvent] {
        var events: [StreamEvent] = []
        var calls = 0
        for part in message.parts {
            switch part {
            case .text(let text): events += text.words.map(StreamEvent.text)
            case .thinking(let thinking): events += thinking.text.words.map(StreamEvent.thinking)
            case .toolCall(let call):
                let delta = ToolCallDelta(index: calls, id: call.id, name: call.name, arguments: call.arguments)
                events.append(.toolCall(delta))
                calls += 1
            default: break
            }
        }
        return events + [.end(self)]
    }
}

extension String {
    /// Pieces that each end with the white space after a word; together they are the text.
    fileprivate var words: [String] {
        var words: [String] = []
        var word = ""
        var hasSpace = false
        for character in self {
            if hasSpace, !character.isWhitespace {
                words.append(word)
                word = ""
                hasSpace = false
            }
            word.append(character)
            hasSpace = hasSpace || character.isWhitespace
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
