import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite struct RecallTests {
    @Test func `a repeated request is answered from memory, for nothing, and booked as a saving`() async throws {
        let fixture = PipelineFixture()
        let pipeline = try fixture.pipeline(.to("small"), baseline: "large")
        _ = try await pipeline.respond(to: "6 x 7?")
        let hit = try await pipeline.respond(to: "6 x 7?")
        #expect(hit.text == "42")
        #expect(hit.servedBy == .result)
        #expect(hit.cost == .zero)
        #expect(fixture.small.requests.count == 1)
        #expect(fixture.purposes == [.answer, .cacheHit])
        let savings = try #require(fixture.meter.charges.last?.savings)
        #expect(savings.baseline == Money(picodollars: 200_000))
        #expect(savings.resultCache == savings.baseline)
    }

    /// Fails as it is told to.
    private final class FailingCache: Cache {
        private let state = Mutex<(lookup: String?, store: String?)>((nil, nil))
        func fail(lookup: String? = nil, store: String? = nil) { state.withLock { $0 = (lookup, store) } }

        func lookup(_ request: ChatRequest, in context: CacheContext) throws -> CacheHit? {
            if let words = state.withLock({ $0.lookup }) { throw LLMError(.storage, words) }
            return nil
        }

        func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) throws {
            if let words = state.withLock({ $0.store }) { throw LLMError(.storage, words) }
        }
    }

    @Test func `a cache that fails is told once for each cause, and again after it has worked`() async throws {
        let (cache, other, problems) = (FailingCache(), FailingCache(), Log<Problem>())
        var pipeline = try Pipeline(router: .to("m"), caches: [cache, other], diagnostics: .none) {
            ChatModel("m", MockProvider("fine"))
        }
        pipeline.onProblem = { problems.append($0) }
        let assembled = pipeline
        func ask() async throws { for _ in 0..<3 { _ = try await assembled.respond(to: "question") } }
        cache.fail(lookup: "gone", store: "full")
        try await ask()
        #expect(problems.entries.map(\.error.message) == ["gone", "full"])
        other.fail(lookup: "gone")
        try await ask()
        #expect(problems.entries.map(\.error.message) == ["gone", "full", "gone"])
        cache.fail(lookup: "worse")
        try await ask()
        #expect(problems.entries.map(\.error.message) == ["gone", "full", "gone", "worse"])
        cache.fail()
        try await ask()
        cache.fail(lookup: "worse", store: "full")
        try await ask()
        #expect(problems.entries.map(\.error.message) == ["gone", "full", "gone", "worse", "worse", "full"])
    }

    @Test func `a hit serves streams as streams`() async throws {
        let fixture = PipelineFixture()
        let pipeline = try fixture.pipeline(.to("small"))
        _ = try await pipeline.respond(to: "6 x 7?")
        var events: [StreamEvent] = []
        for try await event in try await pipeline.stream("6 x 7?") { events.append(event) }
        #expect(events.first == .text("42"))
        guard case .end(let response)? = events.last else {
            Issue.record("no end")
            return
        }
        #expect(response.servedBy == .result)
    }

    @Test func `an answer that is not of the form asked for is never cached, and its error names the request`()
        async throws
    {
        struct City: Decodable { var name: String, population: Int }
        let provider = MockProvider(#"{"name":"Rome","population":"many"}"#)
        let pipeline = try Pipeline(router: .to("m"), caches: [.memory()]) { ChatModel("m", provider) }
        for _ in 0..<2 {
            let error = await #expect(throws: LLMError.self) { try await pipeline.respond(to: "Rome?", as: City.self) }
            #expect(error?.code == .invalidAnswer)
            #expect(error?.requestID != nil && error?.usage != nil)
        }
        #expect(provider.requests.count == 2)
    }

    @Test func `a rejected cheap answer is never cached`() async throws {
        let fixture = PipelineFixture(small: .unsure)
        let pipeline = try fixture.pipeline()
        _ = try await pipeline.respond(to: "6 x 7?")
        #expect(try await pipeline.respond(to: "6 x 7?").text == "forty-two")
        #expect(fixture.small.requests.count == 1)
    }

    @Test func `a broken cache does not fail the request, and the trace tells`() async throws {
        let fixture = PipelineFixture()
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.caches = [BrokenCache()]
        #expect(try await pipeline.respond(to: "6 x 7?").text == "42")
        let broken = fixture.tracer.finishedSpans.filter { $0.errorCode == .storage }.map(\.name)
        #expect(broken == ["llmkit.cache.lookup", "llmkit.cache.store"])
    }

    @Test func `a hit in a later cache is copied to the earlier ones`() async throws {
        let fixture = PipelineFixture()
        let second = ResultCache.memory()
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.caches = [second]
        _ = try await pipeline.respond(to: "6 x 7?")
        pipeline.caches = [fixture.cache, second]
        _ = try await pipeline.respond(to: "6 x 7?")
        let copy = try await (fixture.cache as any Cache).lookup(CacheContext("6 x 7?", models: pipeline.cacheScope))
        #expect(copy?.response.text == "42")
    }

    @Test(arguments: [CachePolicy.none, .write])
    func `a request may refuse to be answered from memory`(policy: CachePolicy) async throws {
        let fixture = PipelineFixture()
        let pipeline = try fixture.pipeline(.to("small"))
        var request: ChatRequest = "6 x 7?"
        _ = try await pipeline.respond(to: request)
        request.cachePolicy = policy
        #expect(try await pipeline.respond(to: request).servedBy == nil)
    }

    @Test func `identical requests in flight share one call when asked to`() async throws {
        let fixture = PipelineFixture(
            small: MockProvider { _, _ in
                MockOutcome.answer(ChatResponse("42", usage: Usage(input: 1, output: 1))).after(.seconds(1))
            }
        )
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.caches = []
        pipeline.coalescesIdenticalRequests = true
        let assembled = pipeline
        let tasks = (0..<5).map { _ in Task { try await assembled.respond(to: "6 x 7?") } }
        await fixture.time.waitUntilSleeping(count: 1)
        while assembled.inFlight.coalescer.waiting < 4 { await Task.yield() }
        fixture.time.advance(by: .seconds(1))
        for task in tasks { #expect(try await task.value.text == "42") }
        #expect(fixture.small.requests.count == 1)
        #expect(fixture.meter.charges.filter { $0.cache == .coalesced }.count == 4)
        #expect(fixture.meter.charges.filter { $0.kind == .answer }.count == 1)
    }

    @Test func `a copy with another route does not serve the first one's answers`() async throws {
        let fixture = PipelineFixture()
        let pipeline = try fixture.pipeline(.to("small"))
        var copy = pipeline
        copy.router = FixedRouter.to("large")
        #expect(try await pipeline.respond(to: "6 x 7?").text == "42")
        #expect(try await copy.respond(to: "6 x 7?").text == "forty-two")
        #expect(try await pipeline.respond(to: "6 x 7?").servedBy == .result)
    }

    @Test func `nobody waits for a stream that nobody reads`() async throws {
        let fixture = PipelineFixture()
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.coalescesIdenticalRequests = true
        let first = try await pipeline.stream("6 x 7?")
        let second = try await pipeline.stream("6 x 7?")
        #expect(try await second.collect().text == "42")
        #expect(try await first.collect().text == "42")
    }

    @Test func `who waits for another's answer keeps to its own deadline`() async throws {
        let fixture = PipelineFixture(small: MockProvider { _, _ in .hang })
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.coalescesIdenticalRequests = true
        let assembled = pipeline
        let leader = Task { try await assembled.respond(to: "6 x 7?") }
        while fixture.small.requests.isEmpty { await Task.yield() }
        var hurried: ChatRequest = "6 x 7?"
        hurried.deadline = fixture.time.now + .seconds(1)
        let request = hurried
        let follower = Task { try await assembled.respond(to: request) }
        await fixture.time.waitUntilSleeping(count: 1)
        fixture.time.advance(by: .seconds(1))
        let error = await #expect(throws: LLMError.self) { try await follower.value }
        #expect(error?.code == .timeout)
        leader.cancel()
        _ = await leader.result
    }

    @Test func `when the leader of identical requests is cancelled the next one leads`() async throws {
        let fixture = PipelineFixture(
            small: MockProvider { _, call in
                call == 0 ? .hang : .answer(ChatResponse("42", usage: Usage(input: 1, output: 1)))
            }
        )
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.coalescesIdenticalRequests = true
        let assembled = pipeline
        let leader = Task { try await assembled.respond(to: "6 x 7?") }
        while fixture.small.requests.isEmpty { await Task.yield() }
        let follower = Task { try await assembled.respond(to: "6 x 7?") }
        while assembled.inFlight.coalescer.waiting < 1 { await Task.yield() }
        leader.cancel()
        #expect(try await follower.value.text == "42")
    }
}

private struct BrokenCache: Cache {
    func lookup(_ request: ChatRequest, in context: CacheContext) throws -> CacheHit? {
        throw LLMError(.storage, "the disk is gone")
    }
    func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) throws {
        throw LLMError(.storage, "the disk is gone")
    }
}
