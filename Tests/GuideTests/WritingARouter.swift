import LLMKit
import LLMKitTesting
import Testing

// BEGIN Writing-a-router
/// Lets paying customers have the large model where it is worth its price: for code, and for what a small model finds
/// hard.
struct PlanRouter: Router {
    static let free = Route.to("small").labelled("free")
    static let paying = Route.cascade("small", "large", threshold: 0.8).labelled("paying")
    static let hard = Route.to("large", orOnFailure: "small").labelled("hard")

    var knownRoutes: [Route] { [Self.free, Self.paying, Self.hard] }

    func route(_ request: ChatRequest, in context: RoutingContext) async throws -> Route {
        guard isPaying(request.caller) else { return Self.free.because(RouteReason("plan")) }
        if request.prompt.contains("```") { return Self.hard.because(RouteReason("code")) }
        do {
            let isHard = try await isHard(request, context)
            return (isHard ? Self.hard : Self.paying)
                .because(RouteReason("difficulty", version: "1", scores: ["large": isHard ? 1 : 0]))
        } catch {
            // Without the classifier the answer itself is judged. A request that was cancelled is over.
            try Task.checkCancellation()
            return Self.paying.because(RouteReason("difficulty unknown"))
        }
    }

    /// All that a decision depends on besides what is asked: free and paying customers share no answers.
    func partition(for request: ChatRequest) -> String { isPaying(request.caller) ? "paying" : "free" }

    private func isPaying(_ caller: Caller) -> Bool { caller.tags["plan"] == "paying" }

    private func isHard(_ request: ChatRequest, _ context: RoutingContext) async throws -> Bool {
        var question = ChatRequest("Does answering this take an expert? Say yes or no.\n\n\(request.prompt)")
        question.sampling.maxOutputTokens = 1
        return try await context.ask("small", question).text.lowercased().hasPrefix("yes")
    }
}
// END Writing-a-router

@Suite struct WritingARouter {
    private let paying = Caller(tags: ["plan": "paying"])
    private let models = [
        ChatModel("small", MockProvider { request, _ in .answer(request.prompt.contains("proof") ? "Yes" : "No") }),
        ChatModel("large", MockProvider("42")),
    ]

    @Test func `the plan router keeps the rules of routers`() async throws {
        let requests = ["Hi", "```let x = 1```", "Is this proof right?"].flatMap { prompt in
            [ChatRequest(prompt), ChatRequest(prompt, caller: paying)]
        }
        try await RouterConformance(models: models, requests: requests, callers: [paying]).check(PlanRouter())
    }

    @Test func `the plan router asks at the request's expense, and does without where it cannot`() async throws {
        let scope = RequestScope { _, request, purpose in
            #expect(purpose == .routing)
            return ChatResponse(request.prompt.contains("proof") ? "Yes." : "No.")
        }
        let request = ChatRequest("Is this proof right?", caller: paying)
        let context = RoutingContext(models: models, scope: scope)
        let chosen = try await PlanRouter().route(request, in: context)
        #expect(chosen.label == "hard")
        #expect(chosen.reason?.scores == ["large": 1])
        let alone = try await PlanRouter().route(request, in: RoutingContext(models: models))
        #expect(alone.reason?.policy == "difficulty unknown")
    }
}
