import Foundation
import Testing

@testable import LLMKit

@Suite struct LedgerTests {
    private let scratch: ScratchDirectory
    private let start = Date(timeIntervalSince1970: 1_795_500_000)
    init() throws { scratch = try ScratchDirectory() }

    private func open() throws -> Ledger { try Ledger(path: scratch.file("ledger")) }

    private func charge(_ kind: Charge.Kind = .answer, cost: Int128? = 1, seconds: Double = 0) -> Charge {
        var charge = Charge(
            date: start.addingTimeInterval(seconds),
            requestID: .random(),
            caller: Caller(tenant: "t"),
            kind: kind,
            model: "small",
            vendor: "openai"
        )
        charge.cost = cost.map(Money.init(picodollars:))
        return charge
    }

    /// A charge that sets everything there is.
    static func fullCharge() -> Charge {
        var charge = Charge(
            date: Date(timeIntervalSince1970: 1_795_500_000.125),
            requestID: RequestID(high: 0x0af7_6519_16cd_43dd, low: 0x8448_eb21_1c80_319c),
            caller: Caller(
                tenant: "harbour",
                user: "ada",
                feature: "chat",
                conversation: "c-9",
                tags: ["team": "mooring \"A\"", "env": "prod", "zoë": "ü\n"]
            ),
            kind: .answer,
            model: "small",
            vendor: "anthropic"
        )
        charge.route = "cascade"
        charge.tier = 1
        charge.modelAsked = "claude-x"
        charge.modelServed = "claude-x-2026"
        charge.serviceTier = .flex
        charge.usage = Usage(
            input: 1,
            cacheRead: 2,
            cacheWrite5m: 3,
            cacheWrite1h: 4,
            output: 50,
            reasoning: 6,
            reportedTotal: 60,
            isEstimated: true
        )
        charge.cost = Money(picodollars: 1_000_001)
        charge.savings = .call(
            baseline: Money(picodollars: 5_000_000),
            uncached: Money(picodollars: 2_000_000),
            paid: Money(picodollars: 1_000_001)
        )
        charge.cache = .semantic
        charge.purpose = .retry
        charge.ordinal = 3
        charge.isSent = true
        charge.upstream = Upstream(
            vendor: "anthropic",
            modelID: "claude-x",
            serverAddress: "api.anthropic.com",
            serverPort: 443
        )
        charge.routeReason = RouteReason(
            "length",
            version: "3",
            scores: ["small": 0.25, "large": 0.5],
            propensity: 0.125
        )
        charge.finish = .other("pause_turn")
        charge.errorCode = .overloaded
        charge.vendorRequestID = "req_1"
        charge.confidence = 0.875
        charge.judgement = Confidence(
            0.875,
            parts: ["verifier": 1, "samples": 0.875],
            failures: ["report": LLMError(.timeout)]
        )
        charge.isStreamed = true
        charge.timing = Timing(
            connect: .microseconds(1),
            firstToken: .microseconds(200_000),
            longestGap: .microseconds(3),
            meanGap: .microseconds(4),
            total: .microseconds(5_000_000)
        )
        return charge
    }

    @Test func `a row holds everything that was charged`() async throws {
        let ledger = try open()
        let full = Self.fullCharge()
        let bare = Charge(
            date: full.date + 1,
            requestID: .random(),
            caller: Caller(),
            kind: .failed,
            model: "m",
            vendor: "v"
        )
        ledger.record(full)
        ledger.record(bare)
        let read = try await ledger.charges()
        try #require(read.count == 2)
        for (row, charge) in zip(read, [full, bare]) {
            #expect(row.date == charge.date)
            #expect(row.caller == charge.caller)
            var (row, charge) = (row, charge)
            // The order in which a dictionary prints is not its own.
            (row.caller.tags, charge.caller.tags) = ([:], [:])
            #expect(row.routeReason == charge.routeReason)
            #expect(row.judgement == charge.judgement)
            (row.routeReason, charge.routeReason) = (nil, nil)
            (row.judgement, charge.judgement) = (nil, nil)
            #expect(String(reflecting: row) == String(reflecting: charge))
        }
        let flags = try await ledger.read { db throws(LLMError) in
            try db.integer("SELECT adds_up * 10 + is_estimated FROM calls ORDER BY id")
        }
        #expect(flags == 11)
    }

    @Test func `the table's columns are the ones that are written`() async throws {
        let names = try await open().read { db throws(LLMError) in
            var names: [String] = []
            try db.query("PRAGMA table_info(calls)") { row in names.append(row.text(1) ?? "") }
            return names
        }
        #expect(names.dropFirst() == LedgerTable.columns[...])
    }

    @Test func `rows are on disk soon, without being asked`() async throws {
        let ledger = try open()
        ledger.record(charge())
        for _ in 0..<200 where ledger.pendingCount > 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(ledger.pendingCount == 0)
        let other = try SQLiteDatabase(file: scratch.file("ledger"), schema: LedgerTable.schema)
        #expect(try other.integer("SELECT count(*) FROM calls") == 1)
    }

    @Test func `rows survive a ledger that is dropped without being closed`() async throws {
        do {
            let ledger = try open()
            for _ in 0..<700 { ledger.record(charge()) }
        }
        let ledger = try open()
        var total = 0
        for _ in 0..<200 where total < 700 {
            total = try await ledger.total().calls
            if total < 700 { try await Task.sleep(for: .milliseconds(10)) }
        }
        #expect(total == 700)
    }

    @Test func `the end of the process flushes what is open`() throws {
        let ledger = try Ledger(path: scratch.file("ledger"), delay: .seconds(3600))
        ledger.record(charge())
        #expect(ledger.pendingCount == 1)
        #expect(ExitHook.contains(ledger.queue))
        ledger.queue.flushAtExit()
        #expect(ledger.pendingCount == 0)
        #expect(!ExitHook.contains(ledger.queue))
    }

    @Test func `recording from many threads loses nothing`() async throws {
        let ledger = try open()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for number in 0..<500 { ledger.record(charge(cost: Int128(number))) } }
            }
        }
        let total = try await ledger.total()
        #expect(total.calls == 4000)
        #expect(total.cost == Money(picodollars: 8 * 499 * 250))
    }

    @Test func `two ledgers write to one file`() async throws {
        let ledgers = [try open(), try open()]
        await withTaskGroup(of: Void.self) { group in
            for ledger in ledgers {
                group.addTask {
                    for number in 0..<300 {
                        ledger.record(charge())
                        if number % 50 == 0 { await ledger.flush() }
                    }
                    await ledger.flush()
                    #expect(ledger.lastError == nil)
                }
            }
        }
        #expect(try await ledgers[0].total().calls == 600)
    }

    @Test func `while the disk fails, rows wait, and the failure shows`() async throws {
        let ledger = try open()
        try await ledger.write { db throws(LLMError) in try db.execute("PRAGMA query_only=ON") }
        for _ in 0..<1000 { ledger.record(charge()) }
        await ledger.flush()
        #expect(ledger.pendingCount == 1000)
        let error = try #require(ledger.lastError)
        #expect(error.code == .storage && error.message.contains(scratch.file("ledger")))
        await #expect(throws: LLMError.self) { try await ledger.close() }
        ledger.record(charge())
        try await ledger.write { db throws(LLMError) in try db.execute("PRAGMA query_only=OFF") }
        await ledger.flush()
        #expect(ledger.pendingCount == 0)
        #expect(ledger.lastError == nil)
        #expect(try await ledger.total().calls == 1001)
    }

    @Test func `a failing disk is tried again without being asked`() async throws {
        let ledger = try open()
        try await ledger.write { db throws(LLMError) in try db.execute("PRAGMA query_only=ON") }
        ledger.record(charge())
        await ledger.flush()
        #expect(ledger.pendingCount == 1)
        try await ledger.write { db throws(LLMError) in try db.execute("PRAGMA query_only=OFF") }
        for _ in 0..<300 where ledger.pendingCount > 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(ledger.pendingCount == 0)
    }

    @Test func `rows keep their order through a failure`() async throws {
        let ledger = try open()
        try await ledger.write { db throws(LLMError) in try db.execute("PRAGMA query_only=ON") }
        for number in 0..<20 {
            ledger.record(charge(cost: Int128(number)))
            if number % 7 == 0 { await ledger.flush() }
        }
        try await ledger.write { db throws(LLMError) in try db.execute("PRAGMA query_only=OFF") }
        #expect(try await ledger.charges().map { $0.cost?.picodollars } == (0..<20).map { Int128($0) })
    }

    @Test func `a closed ledger keeps what it is given and says why`() async throws {
        let ledger = try open()
        ledger.record(charge())
        try await ledger.close()
        ledger.record(charge())
        await ledger.flush()
        #expect(ledger.pendingCount == 1)
        #expect(ledger.lastError?.message.contains("closed") == true)
        ExitHook.remove(ledger.queue)
        #expect(try await open().total().calls == 1)
    }

    @Test func `a file that is something else is an error at once`() throws {
        try "not a database, but long enough to be taken for one".write(
            toFile: scratch.file("ledger"),
            atomically: true,
            encoding: .utf8
        )
        let error = try #require(throws: LLMError.self) { try open() }
        #expect(error.code == .storage)
        #expect(error.message.contains("choose another path"))
        let nowhere = try #require(throws: LLMError.self) { try Ledger(path: scratch.file("no/ledger")) }
        #expect(nowhere.message.contains("directory"))
    }

    @Test func `the file is readable by its owner only, and holds no content`() async throws {
        let ledger = try open()
        ledger.record(Self.fullCharge())
        await ledger.flush()
        for name in ["ledger", "ledger-wal", "ledger-shm"] { #expect(try scratch.mode(name) == 0o600) }
        #expect(!LedgerTable.columns.contains { $0.contains("prompt") && !$0.contains("saved") })
    }

    @Test func `a ledger in memory works like one on disk`() async throws {
        let ledger = try Ledger.inMemory()
        ledger.record(charge(cost: 5))
        #expect(try await ledger.total().cost.picodollars == 5)
    }

    @Test func `rows can be asked for by time and tenant`() async throws {
        let ledger = try open()
        for second in 0..<10 {
            var charge = charge(cost: Int128(second), seconds: Double(second))
            charge.caller.tenant = second % 2 == 0 ? "even" : "odd"
            ledger.record(charge)
        }
        let some = try await ledger.charges(since: start + 2, until: start + 7, tenant: "even")
        #expect(some.map { $0.cost?.picodollars } == [2, 4, 6])
        #expect(try await ledger.charges(limit: 3).count == 3)
        #expect(try await ledger.total(since: start + 2, until: start + 7, tenant: "even").cost.picodollars == 12)
        #expect(try await ledger.total(until: start).calls == 0)
    }

    @Test func `a tenant or a user can be erased, without a trace in the file`() async throws {
        let ledger = try open()
        for (tenant, user) in [("a", "kilimanjaro"), ("a", "matterhorn"), ("b", "kilimanjaro")] {
            var charge = charge()
            charge.caller = Caller(tenant: tenant, user: user)
            ledger.record(charge)
        }
        #expect(try await ledger.erase(tenant: "a", user: "matterhorn") == 1)
        #expect(try await ledger.erase(tenant: nil) == 0)
        #expect(try await ledger.charges().count == 2)
        for name in ["ledger", "ledger-wal"] {
            let bytes = try Data(contentsOf: URL(filePath: scratch.file(name)))
            #expect(bytes.range(of: Data("matterhorn".utf8)) == nil)
        }
        #expect(try await ledger.erase(tenant: "a") == 1)
        #expect(try await ledger.charges().map(\.caller.tenant) == ["b"])
    }
}
