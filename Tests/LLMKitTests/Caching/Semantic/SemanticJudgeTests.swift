import LLMKitTesting
import Testing

@testable import LLMKit

/// Judges of checks run beside requests, and may outlive them.
@Suite(.timeLimit(.minutes(5))) struct SemanticJudgeTests {
    private static let boil: ChatRequest = "At what temperature does water boil?"
    private static let rephrased: ChatRequest = "At which temperature will water boil?"

    private static var paidInfo: EmbedderInfo {
        var info = PlaneEmbedder.info
        (info.vendor, info.modelID) = ("openai", "text-embedding-3-small")
        return info
    }

    @Test func `a judge may ask in its own name long after the request, and is booked as a check`() async throws {
        let gate = Gate()
        let fixture = try SemanticFixture {
            $0.mode = .shadow
            $0.judge = LateJudge(gate: gate, embedder: PlaneEmbedder([:], info: Self.paidInfo))
        }
        let pipeline = try fixture.pipeline()
        for request in [Self.boil, Self.rephrased] { _ = try await pipeline.respond(to: request) }
        gate.open()
        #expect(await pipeline.drain(upTo: .seconds(300)))
        #expect(fixture.meter.trials.count == 1)
        #expect(fixture.meter.charges.map(\.kind) == [.answer, .answer, .check, .check])
        #expect(fixture.meter.charges.last?.cost == Money(picodollars: 160_000))
    }

    @Test func `the embeddings of a judge of meaning are booked, each of them`() async throws {
        let embedder = PlaneEmbedder([:], info: Self.paidInfo)
        var fixture = try SemanticFixture {
            $0.mode = .shadow
            $0.judge = .sameMeaning(embedder)
        }
        fixture.provider = MockProvider { _, call in .answer("answer number \(call)") }
        let pipeline = try fixture.pipeline()
        for request in [Self.boil, Self.rephrased, Self.boil] { _ = try await pipeline.respond(to: request) }
        #expect(await pipeline.drain(upTo: .seconds(300)))
        let checks = fixture.meter.charges.filter { $0.kind == .check }
        #expect(checks.count == embedder.count / 2)
        #expect(checks.count == 2)
        // Two texts of 8 tokens at 0.02 dollars a million.
        #expect(checks.allSatisfy { $0.cost == Money(picodollars: 320_000) })
    }

    @Test func `a judge that fails is told of, and costs no request its answer`() async throws {
        let fixture = try SemanticFixture {
            $0.mode = .shadow
            $0.judge = BrokenJudge()
        }
        let problems = Log<Problem>()
        var pipeline = try fixture.pipeline()
        pipeline.diagnostics = .none
        pipeline.onProblem = { problems.append($0) }
        let assembled = pipeline
        for request in [Self.boil, Self.rephrased] { _ = try await assembled.respond(to: request) }
        #expect(await assembled.drain(upTo: .seconds(300)))
        #expect(problems.entries.map(\.part) == [.cache])
        #expect(problems.entries.first?.error.code == .authentication)
        #expect(fixture.meter.trials.isEmpty)
    }

    @Test func `an embedding that fails is billed by its own texts, not by the whole conversation`() async throws {
        let meter = InMemoryCostMeter()
        let cache = try SemanticCache(TimedOutEmbedder(), policy: FixedThreshold(0.9))
        let pipeline = try Pipeline(router: .to("m"), caches: [cache], meter: meter, diagnostics: .none) {
            ChatModel("m", MockProvider("42"))
        }
        let long = String(repeating: "many words ", count: 1_000)
        _ = try await pipeline.respond(to: ChatRequest([.system(long), .user("hi there")]))
        let row = try #require(meter.charges.first { $0.kind == .embedding })
        #expect(row.usage.isEstimated)
        #expect(row.usage.input < 10)
    }

    @Test func `nobody waits for an answer that will not be kept`() async throws {
        let gate = Gate()
        let provider = MockProvider { _, _ in
            await gate.wait()
            return .answer("a hundred degrees")
        }
        var fixture = try SemanticFixture()
        fixture.provider = provider
        let pipeline = try fixture.pipeline()
        var reading = Self.boil
        reading.cachePolicy = .read
        let request = reading
        let calls = (0..<3).map { _ in Task { try await pipeline.respond(to: request) } }
        while provider.running < 3 { await Task.yield() }
        gate.open()
        for call in calls { _ = try await call.value }
    }

    @Test func `who waits for another's answer does not wait for its shadow`() async throws {
        let gate = Gate()
        let fixture = try SemanticFixture()
        let cut = MockProvider { _, _ in .answer(ChatResponse(.assistant("cut"), finish: .length)) }
        let slow = MockProvider { _, _ in
            await gate.wait()
            return .answer("late")
        }
        let pipeline = try Pipeline(router: .fixed(.to("m").shadowed(by: "slow")), caches: [fixture.cache]) {
            ChatModel("m", cut)
            ChatModel("slow", slow)
        }
        // Each would hang if it waited for the one before.
        for _ in 0..<3 { _ = try await pipeline.respond(to: Self.boil) }
        #expect(fixture.cache.flights.count == 0)
        gate.open()
        #expect(await pipeline.drain(upTo: .seconds(300)))
    }
}

private struct LateJudge: AnswerJudge {
    let gate: Gate
    let embedder: PlaneEmbedder

    func agree(
        _ fresh: ChatResponse,
        _ remembered: ChatResponse,
        on request: ChatRequest,
        in scope: RequestScope
    ) async throws -> Bool? {
        await gate.wait()
        _ = try await scope.ask("judge", "the same?", for: .grading)
        _ = try await scope.embed([fresh.text], with: embedder)
        return true
    }
}

private struct BrokenJudge: AnswerJudge {
    func agree(
        _ fresh: ChatResponse,
        _ remembered: ChatResponse,
        on request: ChatRequest,
        in scope: RequestScope
    ) throws -> Bool? {
        throw LLMError(.authentication, "no key")
    }
}

private struct TimedOutEmbedder: Embedder {
    let info = EmbedderInfo(
        identity: "late",
        dimensions: 4,
        maxTokens: 9,
        vendor: "openai",
        modelID: "text-embedding-3-small"
    )
    func embed(_ texts: [String]) throws -> Embeddings { throw LLMError(.timeout, "late") }
}
