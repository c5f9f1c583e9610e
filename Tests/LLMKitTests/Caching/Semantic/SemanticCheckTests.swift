import LLMKitTesting
import Testing

@testable import LLMKit

@Suite(.timeLimit(.minutes(5))) struct SemanticCheckTests {
    private static let boil: ChatRequest = "At what temperature does water boil?"
    private static let rephrased: ChatRequest = "At which temperature will water boil?"

    private func trials(_ fixture: SemanticFixture, count: Int) async -> [CacheTrial] {
        while fixture.meter.trials.count < count { await Task.yield() }
        return fixture.meter.trials
    }

    @Test func `a policy that wants to check gets the model's answer compared with the remembered one`() async throws {
        for (answer, isRight) in [("A hundred degrees.", true), ("zero", false)] {
            var fixture = try SemanticFixture(policy: ScriptedPolicy(0.9, .check))
            try await fixture.store("a hundred degrees", Self.boil)
            fixture.provider = MockProvider(answer)
            // The pipeline's models are a part of the partition.
            let pipeline = try fixture.pipeline()
            try await fixture.cache.store(
                ChatResponse("a hundred degrees"),
                for: CacheContext(Self.boil, models: pipeline.cacheScope)
            )
            let response = try await pipeline.respond(to: Self.rephrased)
            #expect(response.servedBy == nil)
            #expect(response.text == answer)
            let trial = try #require(await trials(fixture, count: 1).first)
            #expect(trial.source == .recheck)
            #expect(trial.trial.wasRight == isRight)
            #expect(fixture.policy.learned == [trial.trial])
        }
    }

    @Test func `in shadow mode nothing is served, and everything is compared`() async throws {
        let fixture = try SemanticFixture { $0.mode = .shadow }
        let pipeline = try fixture.pipeline()
        for request in [Self.boil, Self.boil, Self.rephrased] {
            #expect(try await pipeline.respond(to: request).servedBy == nil)
        }
        let trials = await trials(fixture, count: 2)
        #expect(trials.allSatisfy { $0.source == .shadow && $0.trial.wasRight })
        #expect(trials.map(\.trial.decision.action) == [.serve, .serve])
    }

    @Test func `a model may judge, and its cost is booked as a check`() async throws {
        let fixture = try SemanticFixture {
            $0.mode = .shadow
            $0.judge = .model("judge")
        }
        var pipeline = try fixture.pipeline()
        pipeline.models[0].provider = MockProvider(script: [
            .answer(ChatResponse("100 °C", usage: Usage(input: 5, output: 5))),
            .answer(ChatResponse("It boils at 100 °C.", usage: Usage(input: 5, output: 5))),
        ])
        _ = try await pipeline.respond(to: Self.boil)
        _ = try await pipeline.respond(to: Self.rephrased)
        let trial = try #require(await trials(fixture, count: 1).first)
        #expect(trial.trial.wasRight)
        let check = try #require(fixture.meter.charges.first { $0.kind == .check })
        #expect(check.model == "judge")
        #expect(check.reservation?.amount != nil)
    }

    @Test(arguments: [("Yes.", true), ("NO", false), ("no, because", false), ("perhaps", nil)] as [(String, Bool?)])
    func `a model that says neither yes nor no teaches nothing`(verdict: String, expected: Bool?) async throws {
        let scope = RequestScope { _, _, _ in ChatResponse(verdict) }
        let judged = try await ModelJudge("judge").agree(ChatResponse("a"), ChatResponse("b"), on: "q", in: scope)
        #expect(judged == expected)
    }

    @Test func `answers of the same meaning are the same, unless a number differs`() async throws {
        let embedder = PlaneEmbedder(["It takes 3 days.": 0, "It will take 3 days": 0.1, "It takes 5 days.": 0.1])
        let judge = EmbeddingJudge(embedder, atLeast: 0.9, guards: [.numbers])
        func agree(_ a: String, _ b: String) async throws -> Bool? {
            try await judge.agree(ChatResponse(a), ChatResponse(b), on: "How long?", in: RequestScope())
        }
        #expect(try await agree("It takes 3 days.", "It will take 3 days") == true)
        #expect(try await agree("It takes 3 days.", "It takes 5 days.") == false)
        #expect(try await agree("It takes 3 days.", "Never.") == false)
    }

    @Test func `a vendor's vectors are billed, once per question`() async throws {
        var info = PlaneEmbedder.info
        (info.vendor, info.modelID) = ("openai", "text-embedding-3-small")
        let fixture = try SemanticFixture(info: info)
        let pipeline = try fixture.pipeline()
        let first = try await pipeline.respond(to: Self.boil)
        let embeddings = fixture.meter.charges.filter { $0.kind == .embedding }
        #expect(embeddings.count == 1)
        // 8 tokens at 0.02 dollars a million.
        #expect(embeddings.first?.cost == Money(picodollars: 160_000))
        let answer = try #require(fixture.meter.charges.first { $0.kind == .answer }?.cost)
        #expect(first.cost == answer + Money(picodollars: 160_000))
    }

    @Test func `questions that are alike share one call while it is in flight`() async throws {
        var fixture = try SemanticFixture()
        fixture.provider = MockProvider { _, _ in
            MockOutcome.answer(ChatResponse("100", usage: Usage(input: 1, output: 1))).after(.seconds(1))
        }
        let pipeline = try fixture.pipeline()
        let leader = Task { try await pipeline.respond(to: Self.boil) }
        await fixture.time.waitUntilSleeping(count: 1)
        let follower = Task { try await pipeline.respond(to: Self.rephrased) }
        while fixture.embedder.count < 2 { await Task.yield() }
        for _ in 0..<100 { await Task.yield() }
        fixture.time.advance(by: .seconds(1))
        #expect(try await leader.value.servedBy == nil)
        #expect(try await follower.value.servedBy == .semantic)
        #expect(fixture.provider.requests.count == 1)
        while fixture.cache.flights.count > 0 { await Task.yield() }
    }

    @Test func `who waits for a question that fails asks itself`() async throws {
        var fixture = try SemanticFixture()
        fixture.provider = MockProvider { _, call in
            call == 0 ? .hang : .answer(ChatResponse("100", usage: Usage(input: 1, output: 1)))
        }
        let pipeline = try fixture.pipeline()
        let leader = Task { try await pipeline.respond(to: Self.boil) }
        while fixture.provider.requests.isEmpty { await Task.yield() }
        let follower = Task { try await pipeline.respond(to: Self.rephrased) }
        while fixture.embedder.count < 2 { await Task.yield() }
        leader.cancel()
        #expect(try await follower.value.text == "100")
        while fixture.cache.flights.count > 0 { await Task.yield() }
    }

    @Test func `nobody waits for a stream`() async throws {
        let fixture = try SemanticFixture()
        let pipeline = try fixture.pipeline()
        let first = try await pipeline.stream(Self.boil)
        let second = try await pipeline.stream(Self.rephrased)
        #expect(try await second.collect().servedBy == nil)
        #expect(try await first.collect().servedBy == nil)
    }

    @Test func `an answer that may not be kept is compared all the same`() async throws {
        let fixture = try SemanticFixture(policy: ScriptedPolicy(0.9, .check))
        let pipeline = try fixture.pipeline()
        try await fixture.cache.store(
            ChatResponse("a hundred degrees"),
            for: CacheContext(Self.boil, models: pipeline.cacheScope)
        )
        var request = Self.rephrased
        request.cachePolicy = .read
        _ = try await pipeline.respond(to: request)
        #expect(await pipeline.drain(upTo: .seconds(300)))
        #expect(fixture.policy.learned.map(\.wasRight) == [true])
        #expect(fixture.cache.statistics.entries == 1)
    }

    @Test func `a judge has as much time as the request had, not what it has left`() async throws {
        var fixture = try SemanticFixture(policy: ScriptedPolicy(0.9, .check)) { $0.judge = .model("judge") }
        fixture.provider = MockProvider { _, _ in MockOutcome.answer(ChatResponse("100 degrees")).after(.seconds(9)) }
        var pipeline = try fixture.pipeline()
        let judge = MockProvider { _, _ in MockOutcome.answer(ChatResponse("YES")).after(.seconds(5)) }
        pipeline.models[1].provider = judge
        try await fixture.cache.store(
            ChatResponse("a hundred degrees"),
            for: CacheContext(Self.boil, models: pipeline.cacheScope)
        )
        var request = Self.rephrased
        request.deadline = fixture.time.now + .seconds(10)
        let (assembled, asked) = (pipeline, request)
        let call = Task { try await assembled.respond(to: asked) }
        while fixture.provider.requests.isEmpty { await Task.yield() }
        await fixture.time.waitUntilSleeping(count: 1)
        fixture.time.advance(by: .seconds(9))
        _ = try await call.value
        while judge.requests.isEmpty { await Task.yield() }
        // The judge's answer and its deadline.
        await fixture.time.waitUntilSleeping(count: 2)
        fixture.time.advance(by: .seconds(5))
        while fixture.policy.learned.isEmpty { await Task.yield() }
        #expect(fixture.policy.learned.map(\.wasRight) == [true])
    }

    @Test func `in shadow mode an adaptive policy neither earns nor spends, and learns from every match`() async throws
    {
        let policy = AdaptivePolicy(.init(wrongShare: 0.05), seed: 3)
        let found = SyntheticTraffic.neighbourhood(score: 0.82)
        var balance = policy.balance()
        for _ in 0..<600 {
            let decision = policy.rehearse(found)
            #expect(decision.action == .check)
            policy.learn(HitTrial(found: found, decision: decision, wasRight: true))
        }
        #expect(policy.balance() == balance)
        #expect(policy.threshold() != nil)
        #expect(policy.rehearse(found).isHit)
        // Served in earnest, it does earn.
        for _ in 0..<600 {
            let decision = policy.decide(found)
            if decision.action == .check {
                policy.learn(HitTrial(found: found, decision: decision, wasRight: true))
            }
        }
        #expect(policy.balance() > balance)
        balance = policy.balance()
        for _ in 0..<200 {
            policy.learn(HitTrial(found: found, decision: policy.rehearse(found), wasRight: false))
        }
        #expect(policy.balance() == balance)
        #expect(!policy.rehearse(found).isHit)
    }
}
