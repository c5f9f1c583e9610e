import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

/// The library's own parts keep the rules that it checks others by.
@Suite struct BuiltInConformanceTests {
    /// The suites run beside all other tests, some of which keep every core busy for seconds.
    private let patience = Duration.seconds(300)

    @Test func `caches`() async throws {
        try await CacheConformance().check { ResultCache() }
        let scratch = try ScratchDirectory()
        let counter = Counter()
        try await CacheConformance().check { try SQLiteResultCache(path: scratch.file("\(counter.next()).sqlite")) }
    }

    @Test func `semantic caches, and caches that an app can do without`() async throws {
        try await CacheConformance(patience: patience).check {
            try SemanticCache(HashedNGramEmbedder(), policy: .fixed(0.9))
        }
        try await CacheConformance(patience: patience).check { OptionalCache { ResultCache() } }
    }

    @Test func `meters`() async throws {
        try await MeterConformance().check({ InMemoryCostMeter() }, total: { meter in meter.total })
        try await MeterConformance().check(
            { try Ledger.inMemory() },
            total: { ledger in try await ledger.total().cost }
        )
        try await MeterConformance().check { MultiMeter([InMemoryCostMeter(), InMemoryCostMeter()]) }
        try await MeterConformance().check { NoMeter() }
    }

    @Test func `tracers`() async throws {
        let suite = TracerConformance(patience: patience)
        try await suite.check({ InMemoryTracer() }, count: { tracer in tracer.finishedSpans.count })
        try await suite.check({ MultiTracer([]) }, count: { _ in 0 })
        let (one, other) = (InMemoryTracer(), InMemoryTracer())
        try await suite.check(
            {
                one.removeAll()
                other.removeAll()
                return MultiTracer([one, MultiTracer([]), other])
            },
            count: { _ in min(one.finishedSpans.count, other.finishedSpans.count) }
        )
        let scratch = try ScratchDirectory()
        let counter = Counter()
        try await suite.check(
            { try WrittenSpans(path: scratch.file("\(counter.next()).jsonl")) },
            count: { tracer in try tracer.lineCount() }
        )
    }

    /// A tracer of the file that it writes to.
    private struct WrittenSpans: Tracer {
        let path: String
        let base: JSONLinesTracer
        init(path: String) throws {
            self.path = path
            base = try JSONLinesTracer(path: path)
        }
        func record(_ span: TraceSpan) { base.record(span) }
        func flush() async { await base.flush() }
        /// How many lines are there, each of them a JSON document.
        func lineCount() throws -> Int {
            let text = try String(contentsOfFile: path, encoding: .utf8)
            return try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }.count
        }
    }

    @Test func `signals`() async throws {
        let suite = SignalConformance(answers: [ChatResponse("Paris")], patience: patience)
        try await suite.check(LogProbabilityConfidence())
        try await suite.check(SelfReport())
        try await suite.check(SampleAgreement(count: 3))
        try await suite.check(SampleAgreement(count: 3, normalizer: .lastNumber))
        let hasOwnWords = Verifier { answer, _ in !answer.text.isEmpty }
        try await suite.check(hasOwnWords)
        try await suite.check(.number(in: 0...100))
        try await suite.check(.matches("^[A-Z]"))
        try await suite.check(.jsonSchema(JSONSchema(#"{"type":"object"}"#)))
        try await suite.check(.all(hasOwnWords, .selfReport(), .sampleAgreement(count: 2)))
        try await suite.check(.any(.selfReport(), .logProbabilities))
        try await suite.check(.weighted([(.selfReport(), 2), (hasOwnWords, 1)]))
    }

    @Test func `routers`() async throws {
        let models = [ChatModel("small", MockProvider("a")), ChatModel("large", MockProvider("b"))]
        let suite = RouterConformance(models: models, requests: ["Hi", ChatRequest("Hi", caller: Caller(tenant: "t"))])
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
