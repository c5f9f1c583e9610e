import LLMKit
import LLMKitTesting
import Testing

// BEGIN Choosing-a-confidence-signal
/// Doubts an answer that doubts itself, and asks the judged model about the others.
struct NoHedging: ConfidenceSignal {
    var phrases = ["I'm not sure", "I am not sure", "I don't know", "it depends"]

    func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence {
        if phrases.contains(where: { answer.text.contains($0) }) { return Confidence(0, parts: ["hedging": 0]) }
        var question = request
        question.messages += [.assistant(answer.text), .user("Is every word of that true? Say yes or no.")]
        question.cachePolicy = .none
        let isTrue = try await context.ask(question).text.lowercased().hasPrefix("yes")
        return Confidence(isTrue ? 0.9 : 0.1, parts: ["hedging": 1, "asked": isTrue ? 1 : 0])
    }
}
// END Choosing-a-confidence-signal

@Suite struct WritingASignal {
    @Test func `the signal keeps the rules of signals`() async throws {
        try await SignalConformance(answers: [ChatResponse("I'm not sure.")]) { _ in ChatResponse("Yes.") }
            .check(NoHedging())
    }

    @Test func `a doubtful answer escalates, and the row says why`() async throws {
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(
            router: .cascade("small", "large", threshold: 0.8),
            confidence: NoHedging(),
            meter: meter
        ) {
            ChatModel("small", MockProvider("I'm not sure."), price: .free)
            ChatModel("large", MockProvider("From eight to six."), price: .free)
        }
        #expect(try await pipeline.respond(to: "When is the office open?").text == "From eight to six.")
        #expect(meter.charges.map(\.kind) == [.rejected, .answer])
        #expect(meter.charges.first?.judgement?.parts == ["hedging": 0])
    }
}
