import LLMKit
import LLMKitTesting
import Testing

/// Whoever takes or requires something asynchronous takes it from a module without `NonisolatedNonsendingByDefault` too:
/// closures on the spot, functions that are handed over, and conformances whose requirements suspend.
@Suite struct AsyncClosureTests {
    private let answer: @Sendable (ChatRequest) async throws -> ChatResponse = { request in
        await Task.yield()
        return ChatResponse(request.prompt)
    }

    @Test func `scopes and contexts are made of functions`() async throws {
        let ask: @Sendable (ModelName, ChatRequest, Purpose) async throws -> ChatResponse = { [answer] _, request, _ in
            try await answer(request)
        }
        let scope = RequestScope(ask: ask)
        #expect(try await scope.ask("small", "Hi", for: .routing).text == "Hi")
        #expect(try await JudgingContext(answer).ask("Hi").text == "Hi")
        let length: @Sendable () async throws -> Int = { 2 }
        #expect(try await scope.memo(MemoKey("length"), length) == 2)
        #expect(try await scope.memo(MemoKey("width")) { try await answer("Hi").text.count } == 2)
    }

    @Test func `attempts run what is theirs`() async throws {
        let upstream = Upstream(vendor: "handbook")
        let call: (Attempt) async throws -> Reply = { [answer] attempt in
            attempt.sent()
            return .whole(try await answer("Hi"))
        }
        #expect(try await ChatRequest("Hi").attempt(upstream, call).whole().text == "Hi")
        #expect(try await RequestScope().attempt(upstream, for: "Hi", call).whole().text == "Hi")
    }

    @Test func `streams, keys, verifiers and mocks take functions`() async throws {
        let end: @Sendable (String) async throws -> ChatResponse = { ChatResponse($0) }
        let pieces = AsyncStream<String> { $0.finish() }
        #expect(try await ResponseStream(text: pieces, end: end).collect().text == "")
        let key: @Sendable () async throws -> String = { "sk-test" }
        _ = AnthropicProvider.anthropic("claude-sonnet-4-5", key: APIKey(key))
        let isRight: @Sendable (ChatResponse, ChatRequest) async throws -> Bool = { answer, _ in answer.text == "Hi" }
        let context = JudgingContext(answer)
        let verifier = Verifier(isRight)
        #expect(try await verifier.confidence(in: ChatResponse("Hi"), to: "Hi", in: context).value == 1)
        let outcome: @Sendable (ChatRequest, Int) async throws -> MockOutcome = { .answer("\($0.prompt) \($1)") }
        #expect(try await MockProvider(outcome: outcome).respond(to: "Hi").text.hasPrefix("Hi"))
    }

    @Test func `suites take functions`() async throws {
        let makeMeter: @Sendable () async throws -> InMemoryCostMeter = { InMemoryCostMeter() }
        try await MeterConformance().check(makeMeter)
        let makeTracer: @Sendable () async throws -> InMemoryTracer = { InMemoryTracer() }
        let count: @Sendable (InMemoryTracer) async throws -> Int = { $0.finishedSpans.count }
        try await TracerConformance().check(makeTracer, count: count)
        let makeCache: @Sendable () async throws -> ResultCache = { .memory() }
        try await CacheConformance().check(makeCache)
        let makeEmbedder: @Sendable () async throws -> HashedNGramEmbedder = { .hashedNGrams() }
        try await EmbedderConformance().check(makeEmbedder)
        try await SignalConformance(model: answer).check(Suspending())
    }

    @MainActor @Test func `whoever is on the main actor asks as well`() async throws {
        let scope = RequestScope { _, request, _ in ChatResponse(request.prompt) }
        #expect(
            try await scope.memo(MemoKey("asked")) { try await scope.ask("small", "Hi", for: .routing).text } == "Hi"
        )
        let all = Suspending()
        let pipeline = try Pipeline(router: all, confidence: all, caches: [all], meter: all, tracer: all) {
            ChatModel("small", all)
        }
        try await pipeline.preflight()
        #expect(try await pipeline.stream("Hi").collect().text == "Hi")
        await pipeline.shutdown()
    }
}

/// Roles whose requirements may suspend, played by one that does.
private actor Suspending: ModelProvider, Router, ConfidenceSignal, Cache, CostMeter, Tracer {
    func respond(to request: ChatRequest) async throws -> ChatResponse {
        await Task.yield()
        return ChatResponse(request.prompt)
    }

    func stream(_ request: ChatRequest) async throws -> ResponseStream {
        ResponseStream(try await respond(to: request))
    }

    func preflight() async throws(LLMError) { await Task.yield() }

    func route(_ request: ChatRequest, in context: RoutingContext) async throws -> Route {
        await context.scope.memo(MemoKey("route")) { .to("small") }
    }

    func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence {
        Confidence(try await context.ask(request).text == "" ? 0 : 1)
    }

    func lookup(_ request: ChatRequest, in context: CacheContext) async throws -> CacheHit? { nil }
    func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) async throws {}

    func admit(_ request: ChatRequest) async throws { await Task.yield() }
    func reserve(_ attempt: PlannedAttempt) async throws -> Reservation { Reservation(attempt) }
    nonisolated func record(_ charge: Charge) {}
    nonisolated func record(_ span: TraceSpan) {}
    func flush() async { await Task.yield() }

    nonisolated func validate() throws(LLMError) {}
}
