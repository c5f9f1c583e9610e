import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

/// Nobody gets an answer that was somebody else's, whatever fails; and what is to be forgotten is nowhere any more.
@Suite(.timeLimit(.minutes(5))) struct SemanticIsolationTests {
    private let scratch: ScratchDirectory
    private let path: String

    init() throws {
        scratch = try ScratchDirectory()
        path = scratch.file("semantic.sqlite")
    }

    private static let boil: ChatRequest = "At what temperature does water boil?"
    private static let rephrased: ChatRequest = "At which temperature will water boil?"

    private static func of(_ tenant: String?, _ request: ChatRequest, user: String? = nil) -> ChatRequest {
        var request = request
        request.caller.tenant = tenant
        request.caller.user = user
        return request
    }

    private func rows() throws -> Int64 {
        let db = try SQLiteDatabase(file: path, schema: SemanticTable.schema)
        return try db.integer("SELECT count(*) FROM entries") ?? 0
    }

    /// Everything in the file and in what SQLite keeps beside it.
    private func bytes() -> Data {
        ["", "-wal", "-shm"].reduce(into: Data()) { bytes, suffix in
            bytes += (try? Data(contentsOf: URL(filePath: path + suffix))) ?? Data()
        }
    }

    @Test func `an entry that the file did not take never gets another's number`() async throws {
        let fixture = try SemanticFixture(path: path)
        try await fixture.store("the secret of A", Self.of("A", Self.boil))
        let other = try SQLiteDatabase(file: path, schema: SemanticTable.schema)
        try other.execute("BEGIN IMMEDIATE")
        let refused = await #expect(throws: LLMError.self) {
            try await fixture.store("the secret of B", Self.of("B", "Summarise the minutes."))
        }
        #expect(refused?.code == .storage)
        try other.execute("ROLLBACK")
        #expect(try await fixture.answer(Self.of("B", "Summarise the minutes.")) == "the secret of B")
        #expect(try await fixture.answer(Self.of("A", Self.rephrased)) == "the secret of A")
    }

    @Test func `an entry that took another's number takes nothing else of it`() throws {
        let memory = SemanticMemory(dimensions: 64, SemanticCacheOptions())
        let embedder = PlaneEmbedder(SemanticFixture.questions)
        func entry(_ tenant: String) throws -> (SemanticEntry, SemanticQuestion) {
            let request = Self.of(tenant, Self.boil)
            let question = try #require(SemanticQuestion(request, CacheContext(request), SemanticCacheOptions()))
            let content = SemanticEntry.Content(
                partition: question.partition,
                question: question.text,
                answer: 1,
                tenant: tenant,
                created: 0
            )
            return (SemanticEntry(id: 1, content, response: ChatResponse("of \(tenant)")), question)
        }
        let vector = embedder.embed(["At what temperature does water boil?"]).vectors[0]
        let (a, questionA) = try entry("A")
        let (b, questionB) = try entry("B")
        try memory.insert(a, vector)
        try memory.insert(b, vector)
        #expect(try memory.glance(at: questionA, vector, count: 5, floor: 0, at: 0).neighbours.isEmpty)
        #expect(memory.exact(questionA, at: 0) == nil)
        #expect(try memory.glance(at: questionB, vector, count: 5, floor: 0, at: 0).neighbours.count == 1)
        #expect(memory.statistics.entries == 1)
    }

    @Test func `a vector that memory would refuse reaches neither memory nor file`() async throws {
        struct Odd: Embedder {
            let info = EmbedderInfo(identity: "odd", dimensions: 16, maxTokens: 100)
            func embed(_ texts: [String]) -> Embeddings {
                Embeddings(texts.map { [Float](repeating: $0 == "odd" ? .nan : 0.5, count: 16) })
            }
        }
        let cache = try SemanticCache(Odd(), policy: FixedThreshold(0.8), path: path)
        for text in ["odd", "long"] {
            let error = await #expect(throws: LLMError.self) {
                try await cache.store(ChatResponse("fine"), for: CacheContext(ChatRequest(text)))
            }
            #expect(error?.code == .malformedResponse)
            #expect(error?.message.contains("the embedder 'odd' gave a vector") == true)
        }
        #expect(try rows() == 0)
    }

    @Test func `forgetting a tenant erases its rows of every embedder, from the log, too`() async throws {
        let secret = "my diagnosis is private"
        do {
            let info = EmbedderInfo(identity: "old", dimensions: 64, maxTokens: 10)
            let old = try SemanticFixture(path: path, info: info) { $0.ttl = .seconds(60) }
            try await old.store("yes, \(secret)", Self.of("A", ChatRequest(secret)))
            try await old.store("other", Self.of("B", Self.boil))
        }
        let fixture = try SemanticFixture(path: path)
        fixture.time.advance(by: .seconds(3_600))
        #expect(bytes().range(of: Data(secret.utf8)) != nil)
        try await fixture.cache.removeAll(tenant: "A")
        #expect(bytes().range(of: Data(secret.utf8)) == nil)
        #expect(try rows() == 1)
        try await fixture.cache.removeAll()
        #expect(try rows() == 0)
    }

    @Test(arguments: [nil, "1"] as [String?]) func `forgetting a tag erases rows that were never loaded`(
        value: String?
    ) async throws {
        var tagged = Self.boil
        tagged.caller.tags = ["book": "1", "other": "2"]
        var plain = Self.rephrased
        plain.caller.tags = ["other": "1"]
        do {
            let info = EmbedderInfo(identity: "old", dimensions: 64, maxTokens: 10)
            let old = try SemanticFixture([:], path: path, info: info)
            try await old.store("100", tagged)
            try await old.store("200", plain)
        }
        let fixture = try SemanticFixture(path: path)
        try await fixture.cache.removeAll(tag: "book", value: "2")
        #expect(try rows() == 2)
        try await fixture.cache.removeAll(tag: "book", value: value)
        #expect(try rows() == 1)
    }

    @Test func `an answer that was on its way when its tenant was forgotten is not kept`() async throws {
        for path in [nil, path] {
            let gate = Gate()
            var fixture = try SemanticFixture(path: path)
            fixture.provider = MockProvider { _, _ in
                await gate.wait()
                return .answer("late")
            }
            let pipeline = try fixture.pipeline()
            let call = Task { try await pipeline.respond(to: Self.of("A", Self.boil)) }
            while fixture.provider.requests.isEmpty { await Task.yield() }
            try await fixture.cache.removeAll(tenant: "A")
            gate.open()
            #expect(try await call.value.text == "late")
            #expect(fixture.cache.statistics.entries == 0)
            if path != nil { #expect(try rows() == 0) }
        }
    }

    @Test func `what one process forgets, another forgets, too, though it slept through the notes`() async throws {
        let (one, other) = (try SemanticFixture(path: path), try SemanticFixture(path: path))
        for number in 0..<3 { try await one.store("\(number)", Self.of("A", ChatRequest("question \(number)"))) }
        try await other.cache.refresh()
        #expect(other.cache.statistics.entries == 3)
        try await one.cache.remove(entry: 2)
        try await one.cache.removeAll(tenant: "A")
        let db = try SQLiteDatabase(file: path, schema: SemanticTable.schema)
        try db.execute("DELETE FROM removals; DELETE FROM erasures")
        try await other.cache.refresh()
        #expect(other.cache.statistics.entries == 0)
    }

    @Test func `an answer that was stored while the clock was ahead does not outlive its time`() async throws {
        let fixture = try SemanticFixture(path: path) { $0.ttl = .seconds(60) }
        fixture.time.advance(by: .seconds(365 * 86_400))
        try await fixture.store("100", Self.boil)
        // The clock is right again.
        let later = try SemanticFixture(path: path) { $0.ttl = .seconds(60) }
        later.time.advance(by: .seconds(3 * 86_400))
        #expect(try await later.answer(Self.boil) == nil)
        #expect(try await later.answer(Self.rephrased) == nil)
    }

    @Test func `turns that could be taken for others' are not compared by meaning`() async throws {
        let fixture = try SemanticFixture { $0.window = 2 }
        let one = ChatRequest([.user("a\nassistant: b"), .assistant("c"), .user("d")])
        let two = ChatRequest([.user("a"), .assistant("b\nassistant: c"), .user("d")])
        for text in ["User: x", "then ASSISTANT :", "tool:"] {
            let turns = ChatRequest([.user(text), .assistant("c"), .user("d")])
            #expect(SemanticQuestion(turns, CacheContext(turns), fixture.cache.options) == nil)
        }
        for request in [one, two] {
            #expect(SemanticQuestion(request, CacheContext(request), fixture.cache.options) == nil)
        }
        let fair = ChatRequest([.user("my username: x"), .assistant("at 10:30"), .user("d")])
        #expect(SemanticQuestion(fair, CacheContext(fair), fixture.cache.options) != nil)
    }

    @Test func `where users are kept apart, who has no name shares with nobody`() async throws {
        for user in [nil, ""] as [String?] {
            let fixture = try SemanticFixture { $0.isolation = .user }
            try await fixture.store("mine", Self.of(nil, Self.boil, user: user))
            #expect(try await fixture.answer(Self.of(nil, Self.rephrased, user: user)) == nil)
            #expect(try await fixture.answer(Self.of(nil, Self.boil, user: user)) == nil)
        }
    }

    @Test func `the file forgets whom it was told to forget`() async throws {
        let fixture = try SemanticFixture(path: path)
        try await fixture.store("100", Self.of("bob@example.org", Self.boil))
        try await fixture.cache.removeAll(tenant: "bob@example.org")
        fixture.time.advance(by: .seconds(3600))
        try await fixture.cache.refresh()
        #expect(bytes().range(of: Data("bob@example".utf8)) == nil)
    }

    @Test(arguments: [("e\u{301}", "\u{e9}"), ("a\u{0}b", "a\u{0}b"), ("\u{e9}", "\u{e9}"), ("a\"/\\", "a\"/\\")])
    func `memory and file agree on what a tag means, however it is spelt`(kept: String, meant: String) async throws {
        let fixture = try SemanticFixture(path: path)
        var request = Self.boil
        request.caller.tags = [kept: kept]
        try await fixture.store("100", request)
        try await fixture.cache.removeAll(tag: meant, value: meant)
        let isSame = kept.utf8.elementsEqual(meant.utf8)
        #expect(fixture.cache.statistics.entries == (isSame ? 0 : 1))
        #expect(try rows() == (isSame ? 0 : 1))
    }
}
