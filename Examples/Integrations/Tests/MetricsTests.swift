import LLMKit
import LLMKitMetrics
import LLMKitTesting
import MetricsTestKit
import Testing

@Suite struct MetricsTests {
    private let factory = TestMetrics()

    private func pipeline(_ provider: MockProvider) throws -> Pipeline {
        let metrics = PipelineMetrics(factory: factory)
        return try Pipeline(
            router: .to("small", orOnFailure: "large"),
            caches: [.memory()],
            meter: metrics,
            tracer: metrics
        ) {
            ChatModel("small", provider, price: .perMillion(input: 1, output: 2))
            ChatModel("large", MockProvider("42"), price: .perMillion(input: 1, output: 2))
        }
    }

    @Test func `tokens, cost and time are counted by model`() async throws {
        let answer = try await pipeline(MockProvider("42")).respond(to: "6 x 7?")
        let labels = [
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "mock"), ("gen_ai.request.model", "small"),
            ("llmkit.model", "small"), ("llmkit.attempt.purpose", "answer"),
        ]
        let input = try factory.expectRecorder("gen_ai.client.token.usage", labels + [("gen_ai.token.type", "input")])
        #expect(input.values == [Double(answer.usage.totalInput)])
        let time = try factory.expectTimer("gen_ai.client.operation.duration", labels + [("error.type", "")])
        #expect(time.values.count == 1)
        // Whole numbers are counted where the factory has no counters for others.
        #expect(factory.counters.contains { $0.label == "llmkit.cost" })
    }

    @Test func `a failed attempt is an error and no failed request`() async throws {
        _ = try await pipeline(MockProvider.failing(LLMError(.server))).respond(to: "6 x 7?")
        #expect(factory.counterTotal(label: "llmkit.errors", dimensions: [("error.type", "server")]) == 1)
        let requests = factory.timers.filter { $0.label == "llmkit.request.duration" }
        #expect(requests.flatMap(\.values).count == 1)
        #expect(requests.allSatisfy { $0.dimensions.contains { $0 == ("error.type", "") } })
    }

    @Test func `an answer from a cache is a hit and no attempt`() async throws {
        let pipeline = try pipeline(MockProvider("42"))
        for _ in 0..<3 { _ = try await pipeline.respond(to: "6 x 7?") }
        #expect(factory.counterTotal(label: "llmkit.cache.hits", dimensions: [("llmkit.cache.tier", "result")]) == 2)
        let attempts = factory.timers.filter { $0.label == "gen_ai.client.operation.duration" }
        #expect(attempts.flatMap(\.values).count == 1)
    }

    @Test func `a streamed answer has the time to its first chunk`() async throws {
        _ = try await pipeline(MockProvider("42")).stream("6 x 7?").collect()
        let first = factory.timers.filter { $0.label == "gen_ai.client.operation.time_to_first_chunk" }
        #expect(first.flatMap(\.values).count == 1)
    }

    @Test func `the metrics keep the rules of meters and tracers`() async throws {
        try await MeterConformance().check { [factory] in PipelineMetrics(factory: factory) }
        try await TracerConformance().check { [factory] in PipelineMetrics(factory: factory) }
    }
}
