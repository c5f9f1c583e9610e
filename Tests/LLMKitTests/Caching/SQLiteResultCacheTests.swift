import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct SQLiteResultCacheTests {
    private let scratch: ScratchDirectory
    private let time = SteppedTime()
    init() throws { scratch = try ScratchDirectory() }

    private func open(bytes: Int = 1 << 20, ttl: Duration? = nil) throws -> SQLiteResultCache {
        try SQLiteResultCache(path: scratch.file("cache"), bytes: bytes, ttl: ttl, time: time)
    }

    private func query(_ text: String, tenant: String? = nil, user: String? = nil) -> CacheContext {
        CacheContext(ChatRequest(text, caller: Caller(tenant: tenant, user: user)))
    }

    private func answer(_ text: String) -> ChatResponse {
        var response = ChatResponse(text, usage: Usage(input: 10, output: 5))
        response.cost = Money(picodollars: 77)
        return response
    }

    /// Works on the file as another process would.
    private func edit(_ sql: String) throws {
        let db = try SQLiteDatabase(file: scratch.file("cache"), schema: ResultCacheTable.schema)
        try db.execute(sql)
    }

    @Test func `an answer that was on its way when its tenant was forgotten is not kept`() async throws {
        let (memory, file) = (ResultCache(), try SQLiteResultCache(path: scratch.file("late")))
        let gate = Gate()
        let provider = MockProvider { _, call in
            if call == 0 { await gate.wait() }
            return .answer("answer")
        }
        let pipeline = try Pipeline(router: .to("m"), caches: [memory, file]) { ChatModel("m", provider) }
        let request = ChatRequest("question", caller: Caller(tenant: "A"))
        let call = Task { try await pipeline.respond(to: request) }
        while provider.requests.isEmpty { await Task.yield() }
        memory.removeAll(tenant: "A")
        try await file.removeAll(tenant: "A")
        gate.open()
        #expect(try await call.value.text == "answer")
        #expect(memory.statistics.entries == 0)
        #expect(try await file.statistics().entries == 0)
        // Those that came later are.
        _ = try await pipeline.respond(to: request)
        #expect(memory.statistics.entries == 1)
        #expect(try await file.statistics().entries == 1)
    }

    @Test func `answers survive a restart, whole`() async throws {
        var response = ChatResponse(
            ChatMessage(.assistant, parts: [.thinking(Thinking("hm", signature: "s\u{0}ig")), .text("Äpfel 🍎")]),
            usage: Usage(input: 1, cacheRead: 2, cacheWrite5m: 3, cacheWrite1h: 4, output: 5, reasoning: 1),
            servedModel: "m-1",
            vendorRequestID: "r-1",
            logProbabilities: [TokenLogProbability("a", -.infinity, top: [.init("b", -0.5)])]
        )
        response.losses = ["seed"]
        response.confidence = 0.75
        response.serviceTier = .flex
        do { try await open().store(response, for: query("Q")) }
        let hit = try #require(try await open().lookup(query("Q")))
        var expected = response
        expected.servedBy = .result
        expected.cost = .zero
        #expect(hit.response == expected)
        #expect(hit.source == .result)
    }

    @Test func `a file that is deleted while it is open is told, once, and serves on`() async throws {
        let cache = try open()
        let problems = Log<Problem>()
        var pipeline = try Pipeline(router: .to("m"), caches: [cache], diagnostics: .none) {
            ChatModel("m", MockProvider("a"))
        }
        pipeline.onProblem = { problems.append($0) }
        let assembled = pipeline
        _ = try await assembled.respond(to: "question")
        #expect(problems.entries.isEmpty)
        try FileManager.default.removeItem(atPath: scratch.file("cache"))
        for _ in 0..<3 { #expect(try await assembled.respond(to: "question").servedBy == .result) }
        #expect(problems.entries.map(\.part) == [.cache])
        let message = problems.entries.first?.error.message
        #expect(message?.contains("was deleted or moved while the result cache had it open") == true)
        #expect(message?.contains(scratch.file("cache")) == true)
    }

    @Test func `the file is readable by its owner only`() async throws {
        let cache = try open()
        try await cache.store(answer("A"), for: query("Q"))
        for name in ["cache", "cache-wal", "cache-shm"] { #expect(try scratch.mode(name) == 0o600) }
    }

    @Test func `answers expire to the millisecond, over restarts`() async throws {
        try await open(ttl: .seconds(60)).store(answer("A"), for: query("Q"))
        time.advance(by: .milliseconds(59_999))
        #expect(try await open().lookup(query("Q")) != nil)
        time.advance(by: .milliseconds(1))
        let cache = try open()
        #expect(try await cache.lookup(query("Q")) == nil)
        let statistics = try await cache.statistics()
        #expect(statistics.expirations == 1 && statistics.entries == 0 && statistics.bytes == 0)
    }

    @Test func `what has expired can be cleared away`() async throws {
        let cache = try open(ttl: .seconds(1))
        for number in 0..<5 { try await cache.store(answer("A"), for: query("\(number)")) }
        time.advance(by: .seconds(2))
        try await cache.removeExpired()
        #expect(try await cache.statistics().entries == 0)
    }

    @Test func `the least recently used answers make room`() async throws {
        let cache = try open(bytes: 3600)
        for number in 0..<3 {
            try await cache.store(answer(String(repeating: "x", count: 500)), for: query("\(number)"))
            time.advance(by: .seconds(120))
        }
        #expect(try await cache.lookup(query("0")) != nil)
        time.advance(by: .seconds(120))
        try await cache.store(answer(String(repeating: "x", count: 500)), for: query("3"))
        #expect(try await cache.lookup(query("1")) == nil)
        #expect(try await cache.lookup(query("0")) != nil)
        let statistics = try await cache.statistics()
        #expect(statistics.evictions == 1)
        #expect(statistics.entries == 3)
        #expect(statistics.bytes <= 3600 && statistics.bytes > 2000)
        try await cache.store(answer(String(repeating: "x", count: 5000)), for: query("4"))
        #expect(try await cache.lookup(query("4")) == nil)
        #expect(try await cache.statistics().entries == 3)
    }

    @Test(arguments: [
        "UPDATE answers SET response = CAST('{\"message\":' AS BLOB)",
        "UPDATE answers SET response = CAST(replace(CAST(response AS TEXT), 'right', 'wrong') AS BLOB)",
        "UPDATE answers SET response = zeroblob(0)",
        "UPDATE answers SET checksum = checksum + 1",
    ])
    func `a damaged row is a miss, and goes`(damage: String) async throws {
        let cache = try open()
        try await cache.store(answer("right"), for: query("Q"))
        try edit(damage)
        #expect(try await cache.lookup(query("Q")) == nil)
        #expect(try await cache.statistics().corruptions == 1)
        #expect(try await cache.statistics().entries == 0)
        try await cache.store(answer("right"), for: query("Q"))
        #expect(try await cache.lookup(query("Q"))?.response.text == "right")
    }

    @Test func `a row filed under another key is not served`() async throws {
        let cache = try open()
        try await cache.store(answer("A"), for: query("Q"))
        let other = Fingerprint(of: query("R").request).description
        try edit("UPDATE answers SET key = x'\(other)'")
        #expect(try await cache.lookup(query("R")) == nil)
    }

    @Test func `answers can be forgotten one by one, by tenant, by user, and all`() async throws {
        let cache = try open()
        for tenant in ["a", "b"] {
            for user in ["u", "v"] { try await cache.store(answer("A"), for: query(user, tenant: tenant, user: user)) }
        }
        try await cache.store(answer("A"), for: query("nobody's"))
        try await cache.remove(query("u", tenant: "a"))
        #expect(try await cache.statistics().entries == 4)
        try await cache.removeAll(tenant: "b", user: "v")
        try await cache.removeAll(tenant: "b")
        #expect(try await cache.statistics().entries == 2)
        try await cache.removeAll(tenant: nil)
        #expect(try await cache.lookup(query("v", tenant: "a")) != nil)
        try await cache.removeAll()
        let statistics = try await cache.statistics()
        #expect(statistics.entries == 0 && statistics.bytes == 0)
    }

    @Test func `what may not be kept is not kept`() async throws {
        let cache = try open()
        var response = answer("I cannot help with that.")
        response.finish = .refusal
        try await cache.store(response, for: query("Q"))
        #expect(try await cache.lookup(query("Q")) == nil)
    }

    @Test func `several writers share one file`() async throws {
        let caches = try (0..<4).map { _ in try open() }
        await withTaskGroup(of: Void.self) { group in
            for (index, cache) in caches.enumerated() {
                group.addTask {
                    for step in 0..<40 {
                        let query = query("\((index * 10 + step) % 60)")
                        await #expect(throws: Never.self) {
                            if let hit = try await cache.lookup(query) {
                                #expect(hit.response.text == query.request.prompt)
                            } else {
                                try await cache.store(answer(query.request.prompt), for: query)
                            }
                        }
                    }
                }
            }
        }
        let reader = try open()
        #expect(try await reader.statistics().entries == 60)
        for number in 0..<60 {
            #expect(try await reader.lookup(query("\(number)"))?.response.text == "\(number)")
        }
    }

    @Test(.timeLimit(.minutes(5))) func `a look-up does not wait for another process that writes`() async throws {
        let entry = query("Q")
        try await open().store(answer("A"), for: entry)
        let later = Milliseconds.since1970(time.date) + 3_600_000
        let file = scratch.file("cache")
        let writer = try SQLiteDatabase(file: file, schema: ResultCacheTable.schema)
        // It would wait for an hour: no clock of a busy machine decides here.
        let reader = try SQLiteDatabase(file: file, schema: ResultCacheTable.schema, busyTimeout: 3_600_000)
        try writer.execute("BEGIN IMMEDIATE")
        guard case .hit = try ResultCacheTable.read(entry.fingerprint, at: later, from: reader) else {
            Issue.record("the answer was not found")
            return
        }
        try writer.execute("ROLLBACK")
    }

    @Test func `an answer that was stored while the clock was ahead does not outlive its time`() async throws {
        let cache = try open(ttl: .seconds(60))
        time.advance(by: .seconds(365 * 86_400))
        try await cache.store(answer("A"), for: query("Q"))
        let right = ManualTime()
        right.advance(by: .seconds(3 * 86_400))
        let later = try SQLiteResultCache(path: scratch.file("cache"), ttl: .seconds(60), time: right)
        #expect(try await later.lookup(query("Q")) == nil)
    }

    @Test func `while another process holds the file, stores give up and look-ups go on`() async throws {
        let file = scratch.file("cache")
        let cache = try SQLiteResultCache(path: file)
        try await cache.store(answer("A"), for: query("Q"))
        let other = try SQLiteDatabase(file: file, schema: ResultCacheTable.schema)
        try other.execute("BEGIN IMMEDIATE")
        // The first waits a moment, the others none; nobody waits for as long as SQLite would.
        for number in 0..<20 {
            let error = await #expect(throws: LLMError.self) {
                try await cache.store(answer("B"), for: query("\(number)"))
            }
            #expect(error?.code == .storage)
            #expect(error?.message.contains(file) == true)
            #expect(try await cache.lookup(query("Q"))?.response.text == "A")
        }
        try other.execute("ROLLBACK")
        while (try? await cache.store(answer("B"), for: query("late"))) == nil {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try await cache.statistics().entries == 2)
    }

    @Test func `what is forgotten is in no file`() async throws {
        let file = scratch.file("cache")
        let cache = try open()
        let secret = "my diagnosis is private"
        try await cache.store(answer(secret), for: query("Q"))
        func holdsSecret() -> Bool {
            [file, file + "-wal"].contains { name in
                (try? Data(contentsOf: URL(filePath: name)))?.range(of: Data(secret.utf8)) != nil
            }
        }
        #expect(holdsSecret())
        try await cache.removeAll(tenant: nil)
        #expect(!holdsSecret())
    }

    @Test func `a file that is something else is an error at once`() throws {
        try "not a database, but long enough to look like one".write(
            toFile: scratch.file("cache"),
            atomically: true,
            encoding: .utf8
        )
        let error = try #require(throws: LLMError.self) { try open() }
        #expect(error.code == .storage)
        #expect(error.message.contains(scratch.file("cache")))
    }

    @Test func `a ledger's file is refused`() throws {
        do { _ = try Ledger(path: scratch.file("cache")) }
        let error = try #require(throws: LLMError.self) { try open() }
        #expect(error.message.contains("something else than a result cache"))
    }
}
