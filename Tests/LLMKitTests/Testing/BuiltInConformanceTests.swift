import LLMKitTesting
import Testing

@testable import LLMKit

/// The library's own parts keep the rules that it checks others by.
@Suite struct BuiltInConformanceTests {
    /// The suites run beside all other tests, some of which keep every core busy for seconds.
    private let patience = Duration.seconds(60)

    @Test func `caches`() async throws {
        try await CacheConformance().check { ResultCache() }
        let scratch = try ScratchDirectory()
        let counter = Counter()
        try await CacheConformance().check { try SQLiteResultCache(path: scratch.file("\(counter.next()).sqlite")) }
    }

    @Test func `meters`() async throws {
        try await MeterConformance().check({ InMemoryCostMeter() }, total: { meter in meter.total })
        try await MeterConformance().check(
            { try Ledger.inMemory() },
            total: { ledger in try await ledger.total().cost }
        )
    }

    @Test func `routers`() async throws {
        let models = [ChatModel("small", MockProvider("a")), ChatModel("large", MockProvider("b"))]
        let suite = RouterConformance(models: models)
        try await suite.check(FixedRouter.to("small", orOnFailure: "large"))
        try await suite.check(FixedRouter.cascade("small", "large", threshold: 0.8))
        try await suite.check(FixedRouter.requested(otherwise: "large"))
    }

    @Test func `a pipeline, which is a provider too`() async throws {
        let pipeline = try Pipeline(router: .to("only"), caches: [ResultCache()]) {
            ChatModel("only", MockProvider("Hello there").retrying().concurrencyLimit(4), price: .free)
        }
        try await ProviderConformance(request: "Say hello.", patience: patience).check(pipeline)
    }

    @Test(arguments: ["openai_chat", "anthropic_messages"])
    func `vendors over a real socket`(fixture: String) async throws {
        let (whole, streamed) = (try Fixture.bytes("\(fixture).json"), try Fixture.bytes("\(fixture).sse"))
        let server = try LoopbackServer { request, responder in
            guard String(decoding: request.body, as: UTF8.self).contains(#""stream":true"#) else {
                return responder.respond(headers: ["Content-Type": "application/json"], body: whole)
            }
            responder.startStream(headers: ["Content-Type": "text/event-stream"])
            for start in stride(from: 0, to: streamed.count, by: 97) {
                responder.write(Array(streamed[start..<min(start + 97, streamed.count)]))
            }
            responder.endStream()
        }
        let suite = ProviderConformance(request: "Say hello.", patience: patience)
        if fixture.hasPrefix("openai") {
            let provider = OpenAIProvider(model: "m", key: APIKey { "key" }, baseURL: server.url, client: .forTesting())
            try await suite.check(provider)
        } else {
            let provider = AnthropicProvider(
                model: "m",
                key: APIKey { "key" },
                baseURL: server.url,
                client: .forTesting()
            )
            try await suite.check(provider)
        }
    }
}
