import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

@Suite(.timeLimit(.minutes(5))) struct SemanticFileTests {
    private let scratch: ScratchDirectory
    private let path: String

    init() throws {
        scratch = try ScratchDirectory()
        path = scratch.file("semantic.sqlite")
    }

    private static let boil: ChatRequest = "At what temperature does water boil?"
    private static let rephrased: ChatRequest = "At which temperature will water boil?"

    @Test func `answers outlive the process, with what the hit says of them`() async throws {
        let caller = Caller(tenant: "t", user: "u", tags: ["book": "1"])
        var question = Self.boil
        question.caller = caller
        try await SemanticFixture(path: path).store("100", question, cost: Money(picodollars: 70))
        let again = try SemanticFixture(path: path)
        var rephrased = Self.rephrased
        rephrased.caller = caller
        let hit = try #require(try await again.cache.lookup(CacheContext(rephrased)))
        #expect(hit.response.text == "100")
        #expect(hit.response.usage == Usage(input: 10, output: 5))
        #expect(hit.match?.entry == 1)
        let content = try #require(again.cache.memory.entry(1)?.content)
        #expect(content.cost == 70)
        #expect(content.tags == caller.tags)
        #expect(try scratch.mode("semantic.sqlite") == 0o600)
    }

    @Test func `two processes see each other's entries and removals`() async throws {
        let (one, other) = (try SemanticFixture(path: path), try SemanticFixture(path: path))
        try await one.store("100", Self.boil)
        try await other.cache.refresh()
        #expect(try await other.answer(Self.rephrased) == "100")
        try await other.store("212", Self.boil)
        try await one.cache.refresh()
        #expect(try await one.answer(Self.rephrased) == "212")
        #expect(one.cache.statistics.entries == 1)
        try await one.cache.removeAll()
        try await other.cache.refresh()
        #expect(try await other.answer(Self.boil) == nil)
    }

    @Test func `a file that is deleted while it is open is told`() async throws {
        let fixture = try SemanticFixture(path: path)
        try await fixture.store("100", Self.boil)
        try FileManager.default.removeItem(atPath: path)
        let error = await #expect(throws: LLMError.self) { try await fixture.cache.refresh() }
        #expect(error?.message.contains("was deleted or moved") == true)
        #expect(try await fixture.answer(Self.rephrased) == "100")
    }

    @Test func `who has forgotten everything keeps answers again, in memory and in the file`() async throws {
        let fixture = try SemanticFixture(path: path)
        try await fixture.store("100", Self.boil)
        try await fixture.cache.removeAll()
        try await fixture.store("212", Self.boil)
        #expect(try await fixture.answer(Self.rephrased) == "212")
        #expect(try await SemanticFixture(path: path).answer(Self.rephrased) == "212")
    }

    @Test func `who forgets hears at once what others have forgotten meanwhile`() async throws {
        let (one, other) = (try SemanticFixture(path: path), try SemanticFixture(path: path))
        var asked = Self.boil
        asked.caller = Caller(tenant: "a")
        try await one.store("100", asked)
        try await other.cache.refresh()
        #expect(try await other.answer(asked) == "100")
        try await one.cache.removeAll(tenant: "a")
        try await other.cache.removeAll(tenant: "b")
        #expect(try await other.answer(asked) == nil)
        try await other.store("212", asked)
        try await one.cache.refresh()
        #expect(try await one.answer(asked) == "212")
    }

    @Test func `a process's own removals are no news to it`() async throws {
        let (one, other) = (try SemanticFixture(path: path), try SemanticFixture(path: path))
        try await one.store("100", Self.boil)
        let entry = try #require(one.cache.memory.ids { _ in true }.first)
        try await one.cache.remove(entry: entry)
        // An entry that only the memory has would not outlive a comparison with the file, nor a note of its number.
        let vector = one.embedder.embed(["water"]).vectors[0]
        let content = SemanticEntry.Content(
            partition: Fingerprint(of: "p"),
            question: "water",
            answer: 1,
            tags: [:],
            cost: 0,
            created: 0
        )
        try one.cache.memory.insert(SemanticEntry(id: entry, content, response: ChatResponse("100")), vector)
        try await other.store("212", Self.rephrased)
        try await one.cache.refresh()
        #expect(one.cache.memory.entry(entry) != nil)
    }

    @Test func `an entry that comes by way of the file while it is being stored is kept`() async throws {
        let fixture = try SemanticFixture(path: path)
        try await fixture.store("100", Self.boil)
        let content = try #require(fixture.cache.memory.entry(1)?.content)
        let vector = fixture.embedder.embed([content.question]).vectors[0]
        let again = SemanticEntry(id: 1, content, response: ChatResponse("100"))
        #expect(try fixture.cache.memory.insert(again, vector) == [])
        #expect(try await fixture.answer(Self.rephrased) == "100")
        #expect(fixture.cache.statistics.entries == 1)
    }

    @Test func `what a policy has learned comes back with the file`() async throws {
        let policy = AdaptivePolicy(.init(wrongShare: 0.05), seed: 1)
        let cache = try SemanticCache(PlaneEmbedder([:]), policy: policy, path: path)
        let found = SyntheticTraffic.neighbourhood(score: 0.82)
        for _ in 0..<600 {
            cache.learn(HitTrial(found: found, decision: policy.decide(found), wasRight: true))
        }
        #expect(policy.threshold() != nil)
        // What is written first may be a part of it. Money is exact; evidence that has faded since may come back a little
        // fresher, so where the threshold lies between two regions it need not be the same.
        var again = AdaptivePolicy(.init(wrongShare: 0.05))
        while abs(again.balance() - policy.balance()) > 1e-6 {
            try await Task.sleep(for: .milliseconds(20))
            again = AdaptivePolicy(.init(wrongShare: 0.05))
            _ = try SemanticCache(PlaneEmbedder([:]), policy: again, path: path)
        }
        #expect(again.threshold() != nil)
    }

    @Test func `news arrive without being asked for`() async throws {
        let (one, other) = (try SemanticFixture(path: path), try SemanticFixture(path: path))
        try await one.store("100", Self.boil)
        while try await other.answer(Self.rephrased) == nil { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test func `what is evicted or expired leaves the file, too`() async throws {
        let fixture = try SemanticFixture(path: path) { options in
            options.bytes = 2600
            options.ttl = .seconds(60)
        }
        for text in ["one", "two", "three"] { try await fixture.store("answer", ChatRequest(text)) }
        #expect(fixture.cache.statistics.evictions > 0)
        let again = try SemanticFixture(path: path)
        #expect(again.cache.statistics.entries == fixture.cache.statistics.entries)
        fixture.time.advance(by: .seconds(61))
        try await fixture.cache.removeExpired()
        #expect(try SemanticFixture(path: path).cache.statistics.entries == 0)
    }

    @Test func `vectors of different embedders never meet`() async throws {
        try await SemanticFixture(path: path).store("100", Self.boil)
        let other = EmbedderInfo(identity: "another", dimensions: 64, maxTokens: 10)
        let fixture = try SemanticFixture(path: path, info: other)
        #expect(try await fixture.answer(Self.rephrased) == nil)
        #expect(try await fixture.cache.removeForeignEntries() == 1)
    }

    @Test func `a file of something else is refused, and named`() throws {
        _ = try Ledger(path: path)
        let error = #expect(throws: LLMError.self) { try SemanticFixture(path: path) }
        #expect(error?.code == .storage)
        #expect(error?.message.contains(path) == true)
        #expect(error?.message.contains("semantic cache") == true)
    }

    @Test func `a damaged answer is a miss, and leaves the file`() async throws {
        try await SemanticFixture(path: path).store("100", Self.boil)
        let db = try SQLiteDatabase(file: path, schema: SemanticTable.schema)
        try db.execute("UPDATE entries SET response = 'no json'")
        let fixture = try SemanticFixture(path: path)
        #expect(try await fixture.answer(Self.rephrased) == nil)
        #expect(fixture.cache.statistics.corruptions == 1)
        while try db.integer("SELECT count(*) FROM entries") != 0 { try await Task.sleep(for: .milliseconds(10)) }
    }

    @Test(arguments: ["vector = x'00'", "partition = x'00'", "vector = zeroblob(256)", "question = NULL"])
    func `a damaged entry is left out and told, and the others are served`(damage: String) async throws {
        let sound: ChatRequest = "How hot must water be to boil?"
        let first = try SemanticFixture(path: path)
        try await first.store("32", ChatRequest([.system("s"), .user("What is the freezing point of water?")]))
        try await first.store("100", sound)
        let db = try SQLiteDatabase(file: path, schema: SemanticTable.schema)
        if damage.contains("NULL") {
            try db.execute("PRAGMA writable_schema=ON")
            try db.execute("UPDATE sqlite_schema SET sql = replace(sql, 'question TEXT NOT NULL', 'question TEXT')")
            try db.execute("PRAGMA writable_schema=RESET")
        }
        try db.execute("UPDATE entries SET \(damage) WHERE id = 1")
        let fixture = try SemanticFixture(path: path)
        #expect(fixture.cache.statistics.entries == 1)
        #expect(fixture.cache.statistics.corruptions == 1)
        #expect(try await fixture.answer(sound) == "100")
        #expect(fixture.cache.lastError?.message.contains("entry 1:") == true)
        #expect(fixture.cache.lastError?.message.contains(path) == true)
        let problems = Log<Problem>()
        var pipeline = try fixture.pipeline()
        pipeline.diagnostics = .none
        pipeline.onProblem = { problems.append($0) }
        let assembled = pipeline
        for _ in 0..<2 { _ = try await assembled.respond(to: sound) }
        #expect(problems.entries.map(\.part) == [.cache])
    }

    @Test func `the pipeline goes on without a cache that cannot be opened, and says so`() async throws {
        try Data("this is no database, and long enough to be seen as none".utf8).write(to: URL(filePath: path))
        let fixture = try SemanticFixture()
        var pipeline = try fixture.pipeline()
        let path = path
        let notices = InMemoryDiagnostics()
        let cache = OptionalCache(diagnostics: notices.diagnostics) { try SemanticFixture(path: path).cache }
        #expect(cache.error?.message.contains(path) == true)
        #expect(notices.notices(about: "cache").count == 1)
        #expect(notices.notices.first?.description.contains(path) == true)
        pipeline.caches = [cache]
        try pipeline.validate()
        #expect(try await pipeline.respond(to: Self.boil).text == "a hundred degrees")
        let failed = fixture.tracer.finishedSpans.filter { $0.errorCode == .storage }
        #expect(failed.map(\.name) == ["llmkit.cache.lookup"])
        let problems = Log<Problem>()
        var another = pipeline
        another.caches = [cache]
        another.diagnostics = notices.diagnostics
        another.onProblem = { problems.append($0) }
        let assembled = another
        for number in 0..<3 { _ = try await assembled.respond(to: ChatRequest("question \(number)")) }
        #expect(problems.entries.count == 1)
        #expect(notices.notices(about: "pipeline").count == 1)
    }

    @Test func `trials are kept in the ledger and come back whole`() async throws {
        let ledger = try Ledger(path: scratch.file("ledger.sqlite"))
        let neighbours = [
            Neighbourhood.Neighbour(entry: 7, similarity: 0.1 + 0.2, answer: .max, conflicts: [.numbers], overlap: 0.5),
            Neighbourhood.Neighbour(entry: 8, similarity: 0.25, answer: 3),
        ]
        let trial = CacheTrial(
            date: Date(timeIntervalSince1970: 1_800_000_000),
            requestID: .random(),
            tenant: "t",
            entry: 7,
            source: .shadow,
            trial: HitTrial(
                found: Neighbourhood(neighbours, mutual: [0.3], partition: .max - 1, count: 12),
                decision: .check(0, score: 0.7, threshold: 0.6, rate: 0.05),
                wasRight: false,
                wasAnswerable: false
            )
        )
        var feedback = trial
        (feedback.requestID, feedback.source, feedback.tenant) = (nil, .feedback, nil)
        ledger.record(trial)
        ledger.record(feedback)
        #expect(try await ledger.trials() == [trial, feedback])
        #expect(try await ledger.trials(tenant: "t") == [trial])
        try await ledger.erase(tenant: "t")
        #expect(try await ledger.trials() == [feedback])
    }

    @Test func `of two entries with the same words the later stays, in whatever order they come`() throws {
        let memory = SemanticMemory(dimensions: 64, SemanticCacheOptions())
        let vector = PlaneEmbedder(SemanticFixture.questions).embed(["water"]).vectors[0]
        func entry(_ id: Int64) -> SemanticEntry {
            let content = SemanticEntry.Content(
                partition: Fingerprint(of: "p"),
                question: "water",
                answer: 1,
                created: 0
            )
            return SemanticEntry(id: id, content, response: ChatResponse("\(id)"))
        }
        #expect(try memory.insert(entry(2), vector) == [])
        #expect(try memory.insert(entry(1), vector) == [1])
        #expect(memory.ids { _ in true } == [2])
        #expect(try memory.insert(entry(3), vector) == [2])
        // One that only memory has gives way to any.
        #expect(try memory.insert(entry(-7), vector) == [3])
        #expect(try memory.insert(entry(4), vector) == [-7])
    }

    @Test func `an answer that two processes stored at once outlives both`() async throws {
        for _ in 0..<5 {
            let (one, other) = (try SemanticFixture(path: path), try SemanticFixture(path: path))
            async let first: Void = one.store("100", Self.boil)
            async let second: Void = other.store("100", Self.boil)
            _ = try await (first, second)
            for fixture in [one, other, one, other] { try await fixture.cache.refresh() }
            #expect(try await SemanticFixture(path: path).answer(Self.rephrased) == "100")
        }
    }

    @Test func `an entry that is removed does not come back by way of the file`() async throws {
        let (one, other) = (try SemanticFixture(path: path), try SemanticFixture(path: path))
        try await one.store("wrong", Self.boil)
        // As `remove(entry:)` does, with a look at the file in between.
        one.cache.memory.remove([1])
        try await other.store("x", "Summarise the minutes.")
        try await one.cache.refresh()
        try await one.cache.file?.remove([1], also: one.cache.memory)
        #expect(try await one.answer(Self.boil) == nil)
    }

    @Test func `what has expired leaves the file when a look-up finds it`() async throws {
        let fixture = try SemanticFixture(path: path) { $0.ttl = .seconds(60) }
        try await fixture.store("100", Self.boil)
        fixture.time.advance(by: .seconds(61))
        #expect(try await fixture.answer(Self.rephrased) == nil)
        // Behind the removal on the file's own thread.
        try await fixture.cache.refresh()
        let db = try SQLiteDatabase(file: path, schema: SemanticTable.schema)
        #expect(try db.integer("SELECT count(*) FROM entries") == 0)
    }

    @Test func `what seems to come from the future stays in the file`() async throws {
        let fixture = try SemanticFixture(path: path) { $0.ttl = .seconds(600) }
        fixture.time.advance(by: .seconds(300))
        try await fixture.store("100", Self.boil)
        // A process whose clock is behind.
        let behind = try SemanticFixture(path: path) { $0.ttl = .seconds(600) }
        #expect(try await behind.answer(Self.rephrased) == nil)
        try await behind.cache.refresh()
        #expect(try await fixture.answer(Self.rephrased) == "100")
        let db = try SQLiteDatabase(file: path, schema: SemanticTable.schema)
        #expect(try db.integer("SELECT count(*) FROM entries") == 1)
    }

    @Test func `a search through nothing but expired entries looks twice, not once for each few`() throws {
        var options = SemanticCacheOptions()
        options.ttl = .seconds(60)
        let memory = SemanticMemory(dimensions: 64, options)
        let request = Self.boil
        let question = try #require(SemanticQuestion(request, CacheContext(request), options))
        let vector = PlaneEmbedder(SemanticFixture.questions).embed([question.text]).vectors[0]
        for id in 1...200 as ClosedRange<Int64> {
            let content = SemanticEntry.Content(
                partition: question.partition,
                question: "\(id)",
                answer: 1,
                created: 0,
                expires: 60_000
            )
            try memory.insert(SemanticEntry(id: id, content, response: ChatResponse("a")), vector)
        }
        let first = try memory.glance(at: question, vector, count: 5, floor: 0, at: 61_000)
        #expect(first.neighbours.isEmpty)
        #expect(first.expired.count == 200)
        #expect(memory.statistics.entries == 0)
        #expect(memory.statistics.expirations == 200)
    }

    @Test func `a check outlives the process, whether its verdict comes or not`() async throws {
        let policy = AdaptivePolicy(.init(wrongShare: 0.05), seed: 4)
        var options = SemanticCacheOptions()
        options.guards = []
        let cache = try SemanticCache(
            PlaneEmbedder(SemanticFixture.questions),
            policy: policy,
            path: path,
            options: options
        )
        try await cache.store(ChatResponse("100"), for: CacheContext(Self.boil))
        let question = try #require(SemanticQuestion(Self.boil, CacheContext(Self.boil), options))
        let found = SyntheticTraffic.neighbourhood(score: 0.82, partition: question.partition.a)
        for _ in 0..<600 {
            policy.learn(HitTrial(found: found, decision: policy.decide(found), wasRight: true))
        }
        let before = policy.balance(in: question.partition.a)
        while cache.statistics.checks == 0 { _ = try await cache.lookup(CacheContext(Self.rephrased)) }
        let after = policy.balance(in: question.partition.a)
        #expect(after < before)
        var again = AdaptivePolicy(.init(wrongShare: 0.05))
        while abs(again.balance(in: question.partition.a) - after) > 1e-6 {
            try await Task.sleep(for: .milliseconds(20))
            again = AdaptivePolicy(.init(wrongShare: 0.05))
            _ = try SemanticCache(PlaneEmbedder([:]), policy: again, path: path)
        }
    }

    @Test func `what was learned waits for a held file, and no answer behind it`() async throws {
        let fixture = try SemanticFixture(path: path)
        let policy = AdaptivePolicy(.init(wrongShare: 0.05), seed: 5)
        let cache = try SemanticCache(fixture.embedder, policy: policy, path: path)
        let found = SyntheticTraffic.neighbourhood(score: 0.82)
        let other = try SQLiteDatabase(file: path, schema: SemanticTable.schema)
        try other.execute("BEGIN IMMEDIATE")
        var decision = policy.decide(found)
        while decision.action != .check { decision = policy.decide(found) }
        cache.learn(HitTrial(found: found, decision: decision, wasRight: true))
        try await Task.sleep(for: .milliseconds(400))
        let start = ContinuousClock.now
        await #expect(throws: LLMError.self) {
            try await cache.store(ChatResponse("212"), for: CacheContext(Self.rephrased))
        }
        // Half a second is what an answer waits for itself; five is what the other wait took.
        #expect(ContinuousClock.now - start < .seconds(4))
        try other.execute("ROLLBACK")
        let db = try SQLiteDatabase(file: path, schema: SemanticTable.schema)
        while try db.integer("SELECT count(*) FROM policy_pieces") == 0 {
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
