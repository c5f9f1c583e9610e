import LLMKit
import LLMKitTesting

/// Sends code to the strong model, short questions to the cheap one, and everything else from cheap to strong.
struct QuestionRouter: Router {
    func route(_ request: ChatRequest, in context: RoutingContext) -> Route {
        if request.prompt.contains("```") { return .to("strong", orOnFailure: "cheap").labelled("code") }
        if request.prompt.count < 40 { return .to("cheap").labelled("short") }
        return .cascade("cheap", "strong", threshold: 0.8).labelled("cascade")
    }
}

/// Doubts every answer that says so itself: a signal is as small as a router.
struct NoHedging: ConfidenceSignal {
    func confidence(in answer: ChatResponse, to request: ChatRequest, in context: JudgingContext) -> Confidence {
        answer.text.contains("not sure") ? 0.0 : 1.0
    }
}

/// Shows a custom router at work on mock providers, without network or key: `swift run CustomRouter`.
@main
enum CustomRouter {
    static func main() async throws {
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(router: QuestionRouter(), confidence: NoHedging(), meter: meter) {
            ChatModel(
                "cheap",
                MockProvider { request, _ in
                    .answer(request.prompt.contains("lock") ? "I am not sure." : "From 8:00 to 20:00.")
                }
            )
            ChatModel("strong", MockProvider("The lock opens at 6:00, so 5:30 is too early."))
        }
        for question in [
            "When is the office open?",
            "Why does this not compile? ```let berth: Int = nil```",
            "We would like to leave at 5:30 in the morning, does the lock open that early?",
        ] {
            let answer = try await pipeline.respond(to: ChatRequest(question))
            print("\(question)\n  \(answer.model?.description ?? "?"): \(answer.text)")
        }
        print("\nWhy:")
        for charge in meter.charges {
            print("  route \(charge.route ?? "?"): \(charge.model) was \(charge.kind.rawValue)")
        }
    }
}
