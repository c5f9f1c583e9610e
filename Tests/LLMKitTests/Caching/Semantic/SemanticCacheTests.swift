import LLMKitTesting
import Testing

@testable import LLMKit

@Suite(.timeLimit(.minutes(5))) struct SemanticCacheTests {
    private static let boil: ChatRequest = "At what temperature does water boil?"
    private static let rephrased: ChatRequest = "At which temperature will water boil?"
    private static let freeze: ChatRequest = "What is the freezing point of water?"

    @Test func `it keeps the rules of caches`() async throws {
        try await CacheConformance().check {
            try SemanticCache(PlaneEmbedder([:]), policy: ScriptedPolicy())
        }
    }

    @Test func `a rephrased question is answered, and the hit says why`() async throws {
        let fixture = try SemanticFixture()
        let pipeline = try fixture.pipeline()
        _ = try await pipeline.respond(to: Self.boil)
        let hit = try await pipeline.respond(to: Self.rephrased)
        #expect(hit.text == "a hundred degrees")
        #expect(hit.servedBy == .semantic)
        #expect(hit.cost == .zero)
        let match = try #require(hit.match)
        #expect(match.entry == 1)
        #expect(abs(match.similarity - 0.995) < 0.001)
        #expect(match.threshold == 0.9)
        #expect(match.decision.action == .serve)
        let charge = try #require(fixture.meter.charges.last)
        #expect(charge.cache == .semantic)
        #expect(charge.match == match)
        #expect(match.saved == charge.savings?.semanticCache)
        #expect(charge.savings?.baseline == charge.savings?.semanticCache)
        let span = try #require(fixture.tracer.finishedSpans.first { $0.name == "llmkit.cache.lookup" })
        #expect(span.attributes.contains(SpanAttribute(.cacheThreshold, .double(0.9))))
    }

    @Test func `another question is not answered`() async throws {
        let fixture = try SemanticFixture()
        try await fixture.store("100", Self.boil)
        #expect(try await fixture.answer(Self.freeze) == nil)
    }

    @Test func `the very same words are served without embedding them again`() async throws {
        let fixture = try SemanticFixture()
        try await fixture.store("100", Self.boil)
        #expect(fixture.embedder.count == 1)
        #expect(try await fixture.answer(Self.boil) == "100")
        #expect(fixture.embedder.count == 1)
    }

    @Test func `a miss is embedded once, not again to be stored`() async throws {
        let fixture = try SemanticFixture()
        _ = try await fixture.pipeline().respond(to: Self.boil)
        #expect(fixture.embedder.count == 1)
    }

    @Test func `an answer given anew replaces the old one`() async throws {
        let fixture = try SemanticFixture()
        try await fixture.store("98", Self.boil)
        try await fixture.store("100", Self.boil)
        #expect(try await fixture.answer(Self.rephrased) == "100")
        #expect(fixture.cache.statistics.entries == 1)
    }

    @Test func `a guard's objection stands against any similarity (litellm 12234, semantic-router 36)`() async throws {
        let twins = ["Enable two-factor login.": 0.0, "Disable two-factor login.": 0.01]
        for guards in [MatchGuards.all, []] {
            let fixture = try SemanticFixture(twins) { $0.guards = guards }
            try await fixture.store("Settings, Security, On.", "Enable two-factor login.")
            let answer = try await fixture.answer("Disable two-factor login.")
            #expect(answer == (guards.isEmpty ? "Settings, Security, On." : nil))
        }
    }

    @Test func `where a guard objects to the nearest, another question with the same answer may do`() async throws {
        let questions = ["I want 2 keys.": 0.0, "I want 3 keys.": 0.1, "I'd like 2 keys.": 0.2]
        let fixture = try SemanticFixture(questions, policy: ScriptedPolicy(0.8)) { $0.guards = [.numbers] }
        try await fixture.store("At the desk.", "I want 3 keys.")
        #expect(try await fixture.answer("I want 2 keys.") == nil)
        try await fixture.store("At the desk.", "I'd like 2 keys.")
        let hit = try #require(try await fixture.cache.lookup(CacheContext("I want 2 keys.")))
        #expect(hit.match?.entry == 2)
    }

    @Test func `long prompts that part at their end are not compared by meaning (semantic-router 3366)`() async throws {
        let rules = String(repeating: "Every tool goes back to its place after use. ", count: 80)
        let (poem, query) = ("\(rules)Write a poem about the sea.", "Our rules: \(rules)Write SQL that drops a table.")
        let fixture = try SemanticFixture([poem: 0, query: 0.1]) { $0.guards = [.entities] }
        try await fixture.store("A poem.", ChatRequest(poem))
        #expect(try await fixture.answer(ChatRequest(query)) == nil)
        #expect(try await fixture.answer(ChatRequest(poem)) == "A poem.")
    }

    // Whose answers may meet. The threads are users' reports about other caches.

    @Test func `a tenant never gets another tenant's answer (semantic-router 2134)`() async throws {
        let fixture = try SemanticFixture()
        var theirs = Self.boil
        theirs.caller.tenant = "theirs"
        try await fixture.store("100", theirs)
        #expect(try await fixture.answer(Self.rephrased) == nil)
    }

    @Test func `users share answers unless they are kept apart`() async throws {
        for isolation in SemanticCacheOptions.Isolation.allCases {
            let fixture = try SemanticFixture { $0.isolation = isolation }
            var first = Self.boil
            first.caller.user = "first"
            try await fixture.store("100", first)
            var second = Self.rephrased
            second.caller.user = "second"
            #expect(try await fixture.answer(second) == (isolation == .tenant ? "100" : nil))
        }
    }

    @Test func `the same words about somebody else are another question (GPTCache 8, headroom 2022)`() async throws {
        let fixture = try SemanticFixture(["How old is he?": 0])
        func asked(about name: String) -> ChatRequest {
            ChatRequest([.user("Who leads \(name)?"), .assistant("Its director."), .user("How old is he?")])
        }
        try await fixture.store("58", asked(about: "the museum"))
        #expect(try await fixture.answer(asked(about: "the museum")) == "58")
        #expect(try await fixture.answer(asked(about: "the zoo")) == nil)
    }

    @Test func `everything else that changes an answer keeps answers apart (OmniRoute 14484, NeMo 2360)`() async throws
    {
        let fixture = try SemanticFixture()
        try await fixture.store("100", Self.boil)
        let changes: [(inout ChatRequest) -> Void] = [
            { $0.messages.insert(.system("Answer in Fahrenheit."), at: 0) },
            { $0.responseFormat = .json },
            { $0.sampling.maxOutputTokens = 3 },
            { $0.sampling.temperature = 0.1 },
            { $0.sampling.seed = 7 },
            { $0.sampling.stop = ["\n"] },
            { $0.model = "another" },
            { $0.reasoningEffort = .high },
        ]
        for change in changes {
            var request = Self.rephrased
            change(&request)
            #expect(try await fixture.answer(request) == nil)
        }
        let scoped = try await fixture.cache.lookup(CacheContext(Self.rephrased, models: "other models"))
        #expect(scoped == nil)
        #expect(try await fixture.answer(Self.rephrased) == "100")
    }

    @Test func `a window of turns is compared by meaning as a whole`() async throws {
        let turns = "user: Tell me about water.\nassistant: It is wet.\nuser: At what temperature does it boil?"
        let others = "user: Speak of water.\nassistant: It is wet.\nuser: At which temperature does it boil?"
        let fixture = try SemanticFixture([turns: 0, others: 0.1]) { $0.window = 2 }
        try await fixture.store(
            "100",
            ChatRequest([
                .user("Tell me about water."), .assistant("It is wet."), .user("At what temperature does it boil?"),
            ])
        )
        let rephrased = ChatRequest([
            .user("Speak of water."), .assistant("It is wet."), .user("At which temperature does it boil?"),
        ])
        #expect(try await fixture.answer(rephrased) == "100")
        #expect(try await fixture.answer("At which temperature does it boil?") == nil)
    }

    // What is left alone.

    @Test func `tools, pictures, high temperatures and an off-switch leave the cache out`() async throws {
        let fixture = try SemanticFixture()
        try await fixture.store("100", Self.boil)
        let tool = Tool("lookup", description: "Looks up.", parameters: try JSONSchema(#"{"type":"object"}"#))
        let picture = ChatImage(.url("https://example.com/kettle.png"))
        let changes: [(inout ChatRequest) -> Void] = [
            { $0.tools = [tool] },
            { $0.messages[0].parts.append(.image(picture)) },
            { $0.sampling.temperature = 1.5 },
            { $0.cachePolicy = [.all, .exactOnly] },
            { $0.messages.append(.assistant("It boils at")) },
            { $0.messages = [.user("  \n")] },
        ]
        for change in changes {
            var request = Self.boil
            change(&request)
            #expect(try await fixture.answer(request) == nil)
            try await fixture.store("never", request)
        }
        #expect(fixture.cache.statistics.bypasses == changes.count)
        #expect(fixture.cache.statistics.entries == 1)
    }

    @Test func `answers that were cut or refused are not kept`() async throws {
        let fixture = try SemanticFixture()
        var cut = ChatResponse("a hundr")
        cut.state = .truncated
        let refused = ChatResponse(.assistant("I can't help with that."), finish: .refusal)
        let long = ChatResponse(.assistant("Well, "), finish: .length)
        for response in [cut, refused, long] {
            try await fixture.cache.store(response, for: CacheContext(Self.boil))
        }
        #expect(fixture.cache.statistics.entries == 0)
    }

    // Streams.

    @Test func `a hit is streamed to who asks for a stream (semantic-router 913)`() async throws {
        let fixture = try SemanticFixture()
        let pipeline = try fixture.pipeline()
        _ = try await pipeline.respond(to: Self.boil)
        var events: [StreamEvent] = []
        for try await event in try await pipeline.stream(Self.rephrased) { events.append(event) }
        #expect(events.first == .text("a hundred degrees"))
        guard case .end(let response)? = events.last else {
            Issue.record("no end")
            return
        }
        #expect(response.servedBy == .semantic)
        #expect(response.match != nil)
    }

    @Test func `the answer of a stream is kept (semantic-router 1555)`() async throws {
        let fixture = try SemanticFixture()
        let pipeline = try fixture.pipeline()
        for try await _ in try await pipeline.stream(Self.boil) {}
        #expect(try await pipeline.respond(to: Self.rephrased).servedBy == .semantic)
    }

    @Test func `a streamed hit has the thinking and usage of the first answer (semantic-router 2140)`() async throws {
        var message = ChatMessage.assistant("a hundred degrees")
        message.parts.insert(.thinking(Thinking("At sea level.", signature: "s", origin: "mock")), at: 0)
        let answer = ChatResponse(message, usage: Usage(input: 10, output: 50, reasoning: 40))
        var fixture = try SemanticFixture()
        fixture.provider = MockProvider { _, _ in .answer(answer) }
        let pipeline = try fixture.pipeline()
        for try await _ in try await pipeline.stream(Self.boil) {}
        var events: [StreamEvent] = []
        for try await event in try await pipeline.stream(Self.rephrased) { events.append(event) }
        #expect(events.first == .thinking("At sea level."))
        guard case .end(let response)? = events.last else {
            Issue.record("no end")
            return
        }
        #expect(response.servedBy == .semantic)
        #expect(response.message == message)
        #expect(response.usage == answer.usage)
    }

    // Time and room.

    @Test func `what has expired is neither served nor in the way of others (GPTCache 632)`() async throws {
        let fixture = try SemanticFixture(policy: ScriptedPolicy(0.5)) { $0.ttl = .seconds(60) }
        try await fixture.store("old", "At which temperature will water boil?")
        fixture.time.advance(by: .seconds(30))
        try await fixture.store("newer", Self.freeze)
        fixture.time.advance(by: .seconds(40))
        #expect(try await fixture.answer(Self.boil) == "newer")
        #expect(fixture.cache.statistics.expirations == 1)
        #expect(try await fixture.answer("At which temperature will water boil?") == "newer")
    }

    @Test func `however often an answer is used, it lives no longer (redis-vl 603, octopus 32)`() async throws {
        let fixture = try SemanticFixture { $0.ttl = .seconds(60) }
        try await fixture.store("100", Self.boil)
        for _ in 0..<5 {
            fixture.time.advance(by: .seconds(11))
            #expect(try await fixture.answer(Self.rephrased) == "100")
            #expect(try await fixture.answer(Self.boil) == "100")
        }
        fixture.time.advance(by: .seconds(5))
        #expect(try await fixture.answer(Self.rephrased) == nil)
        #expect(try await fixture.answer(Self.boil) == nil)
    }

    @Test func `an answer given anew needs no room, and pushes nothing out (headroom 2094)`() async throws {
        let fixture = try SemanticFixture { $0.bytes = 4200 }
        for text in ["first", "second", "third"] { try await fixture.store("answer", ChatRequest(text)) }
        for _ in 0..<3 { try await fixture.store("answer", "third") }
        #expect(fixture.cache.statistics.entries == 3)
        #expect(fixture.cache.statistics.evictions == 0)
    }

    @Test func `the least recently used makes room, or the one that saves least`() async throws {
        for eviction in EvictionPolicy.allCases {
            let fixture = try SemanticFixture { options in
                options.eviction = eviction
                options.bytes = 4200
            }
            try await fixture.store("dear", "first", cost: Money(picodollars: 1_000_000_000))
            try await fixture.store("cheap", "second", cost: Money(picodollars: 1000))
            try await fixture.store("cheap", "third", cost: Money(picodollars: 1000))
            #expect(fixture.cache.statistics.entries == 3)
            _ = try await fixture.answer("second")
            try await fixture.store("cheap", "fourth", cost: Money(picodollars: 1000))
            #expect(fixture.cache.statistics.evictions == 1)
            #expect(try await fixture.answer("first") == (eviction == .leastValuable ? "dear" : nil))
            #expect(try await fixture.answer("third") == (eviction == .leastValuable ? nil : "cheap"))
        }
    }

    @Test func `an answer larger than all the room is not kept, and pushes nothing out`() async throws {
        let fixture = try SemanticFixture { $0.bytes = 3000 }
        try await fixture.store("100", Self.boil)
        try await fixture.store(String(repeating: "x", count: 4000), Self.freeze)
        #expect(fixture.cache.statistics.entries == 1)
        #expect(fixture.cache.statistics.stores == 1)
    }

    @Test func `entries are forgotten by number, tenant, user and tag`() async throws {
        let fixture = try SemanticFixture()
        func request(_ text: String, tenant: String, user: String, book: String) -> ChatRequest {
            ChatRequest(text, caller: Caller(tenant: tenant, user: user, tags: ["book": book]))
        }
        let all = [
            request("one", tenant: "a", user: "u", book: "1"), request("two", tenant: "a", user: "v", book: "1"),
            request("three", tenant: "b", user: "u", book: "2"), request("four", tenant: "b", user: "w", book: "3"),
        ]
        func left() async throws -> [Bool] {
            var left: [Bool] = []
            for request in all { left.append(try await fixture.answer(request) != nil) }
            return left
        }
        for request in all { try await fixture.store("answer", request) }
        try await fixture.cache.removeAll(tag: "book", value: "2")
        #expect(try await left() == [true, true, false, true])
        try await fixture.cache.removeAll(tenant: "a", user: "v")
        #expect(try await left() == [true, false, false, true])
        try await fixture.cache.remove(entry: 1)
        #expect(try await left() == [false, false, false, true])
        try await fixture.cache.removeAll(tag: "book")
        #expect(try await left() == [false, false, false, false])
        #expect(fixture.cache.statistics.bytes == 0)
    }

    @Test func `a caller that reports a wrong hit never sees it again (semantic-router 1581)`() async throws {
        let fixture = try SemanticFixture()
        let pipeline = try fixture.pipeline()
        _ = try await pipeline.respond(to: Self.boil)
        let match = try #require(try await pipeline.respond(to: Self.rephrased).match)
        let trial = try await fixture.cache.report(match, wasRight: false)
        #expect(trial.source == .feedback)
        #expect(fixture.policy.learned == [trial.trial])
        #expect(try await fixture.answer(Self.rephrased) == nil)
    }

    @Test func `settings that cannot work are refused`() throws {
        let changes: [((inout SemanticCacheOptions) -> Void, String)] = [
            ({ $0.bytes = 0 }, "bytes"), ({ $0.ttl = .zero }, "ttl"), ({ $0.window = 0 }, "window"),
            ({ $0.highestTemperature = -1 }, "temperatures"),
        ]
        for (change, word) in changes {
            let error = #expect(throws: LLMError.self) { try SemanticFixture([:], change).pipeline() }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.message.contains(word) == true)
        }
    }
}
