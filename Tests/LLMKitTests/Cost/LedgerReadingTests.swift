import Foundation
import Testing

@testable import LLMKit

/// What people read of a ledger: the view, and every statement of the guide, run against rows whose sums can be done by hand.
@Suite struct LedgerReadingTests {
    private let scratch: ScratchDirectory
    private let ledger: Ledger

    init() async throws {
        scratch = try ScratchDirectory()
        ledger = try Ledger(path: scratch.file("ledger"))
        for charge in Self.charges { ledger.record(charge) }
        await ledger.flush()
    }

    // MARK: The rows

    /// 2026-11-23, 00:00 UTC: a Monday.
    private static let monday = Date(timeIntervalSince1970: 1_795_392_000)

    private static func charge(
        _ kind: Charge.Kind,
        _ id: UInt64,
        hour: Double,
        user: String,
        feature: String = "chat",
        model: ModelName = "small",
        milli: Int128?,
        _ change: (inout Charge) -> Void = { _ in }
    ) -> Charge {
        var charge = Charge(
            date: monday.addingTimeInterval(hour * 3_600),
            requestID: RequestID(high: 0, low: id),
            caller: Caller(tenant: "harbour", user: user, feature: feature, conversation: "c-\(id)"),
            kind: kind,
            model: model,
            vendor: "openai"
        )
        charge.purpose = kind == .cacheHit ? nil : .answer
        charge.upstream = Upstream(vendor: "openai", modelID: "gpt", serverAddress: "api.host", serverPort: 443)
        charge.modelAsked = "gpt"
        charge.isSent = kind != .cacheHit
        // Thousandths of a dollar.
        charge.cost = milli.map { Money(picodollars: $0 * 1_000_000_000) }
        change(&charge)
        return charge
    }

    private static let charges: [Charge] = [
        // Saved by a prompt cache, and by routing.
        charge(.answer, 1, hour: 10.125 / 3_600, user: "ada", milli: 2) { charge in
            charge.usage = Usage(input: 10, cacheRead: 20, cacheWrite5m: 3, output: 40, reasoning: 4)
            charge.savings = .call(
                baseline: Money(picodollars: 5_000_000_000),
                uncached: Money(picodollars: 3_000_000_000),
                paid: Money(picodollars: 2_000_000_000)
            )
            charge.finish = .stop
            charge.isStreamed = true
            charge.timing = Timing(firstToken: .milliseconds(200), total: .microseconds(1_500_250))
        },
        // Escalated.
        charge(.rejected, 2, hour: 11, user: "ada", milli: 1) { charge in
            (charge.route, charge.tier, charge.confidence) = ("cascade", 0, 0.25)
        },
        charge(.answer, 2, hour: 11, user: "ada", model: "large", milli: 10) { charge in
            (charge.route, charge.tier, charge.isStreamed) = ("cascade", 1, true)
            charge.timing = Timing(firstToken: .milliseconds(400), total: .seconds(4))
        },
        // Good enough.
        charge(.answer, 3, hour: 12, user: "bob", milli: 1) { charge in
            (charge.route, charge.tier, charge.confidence) = ("cascade", 0, 0.75)
        },
        // The Sunday before.
        charge(.cacheHit, 4, hour: -1, user: "bob", feature: "summaries", milli: 0) { charge in
            charge.cache = .result
            charge.savings = .hit(baseline: Money(picodollars: 4_000_000_000), source: .result)
        },
        // Failed, and made again.
        charge(.failed, 5, hour: 13, user: "bob", feature: "summaries", milli: 0) { $0.errorCode = .rateLimited },
        charge(.answer, 5, hour: 13, user: "bob", feature: "summaries", milli: 3) { charge in
            (charge.purpose, charge.ordinal) = (.retry, 2)
            charge.timing = Timing(total: .seconds(2))
        },
        // Without a price.
        charge(.answer, 6, hour: 14, user: "cyd", model: "own", milli: nil) { charge in
            (charge.vendor, charge.modelAsked) = ("house", "qwen")
        },
        // Left by its reader.
        charge(.failed, 7, hour: 15, user: "cyd", milli: 3) { charge in
            (charge.errorCode, charge.isStreamed) = (.cancelled, true)
            charge.timing = Timing(firstToken: .milliseconds(100), total: .milliseconds(300))
        },
    ]

    // MARK: The guide

    private static let page: String? = {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let path = "Documentation/LLMKit.docc/Guides/Reading-the-ledger.md"
        return try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }()

    /// The SQL below a heading.
    private static func sql(_ heading: String) throws -> String {
        let page = try #require(page)
        let section = try #require(page.components(separatedBy: "# \(heading)\n").dropFirst().first)
        let block = try #require(section.components(separatedBy: "```sql\n").dropFirst().first)
        return try #require(block.components(separatedBy: "```").first)
    }

    /// The rows of a statement, as the command-line tool prints them, on the Tuesday after.
    private func rows(_ sql: String, columns: Int32) async throws -> [String] {
        let sql = sql.replacing("'now'", with: "'2026-11-24 09:30:00'")
        return try await ledger.read { db throws(LLMError) in
            var rows: [String] = []
            try db.query(
                sql,
                row: { row in
                    rows.append((0..<columns).map { row.text($0) ?? "" }.joined(separator: "|"))
                }
            )
            return rows
        }
    }

    private static let answers: [(heading: String, columns: Int32, rows: [String])] = [
        ("What did a user cost yesterday?", 3, ["ada|2|0.013"]),
        ("What did caches save, day by day?", 6, ["2026-11-22|1|0.004|0.0|0.0|0.0", "2026-11-23|0|0.0|0.0|0.0|0.001"]),
        (
            "Which calls were the slowest?", 6,
            [
                "2026-11-23T11:00:00.000Z|00000000000000000000000000000002|large|answered|4000.0|400.0",
                "2026-11-23T13:00:00.000Z|00000000000000000000000000000005|small|answered|2000.0|",
                "2026-11-23T00:00:10.125Z|00000000000000000000000000000001|small|answered|1500.25|200.0",
                "2026-11-23T15:00:00.000Z|00000000000000000000000000000007|small|left|300.0|100.0",
            ]
        ),
        ("What fails, and where?", 5, ["rate_limited|small|api.host:443|1|2026-11-23T13:00:00.000Z"]),
        (
            "How long do readers wait for the first token?", 5,
            ["large|1|400.0|400.0|400.0", "small|2|100.0|200.0|200.0"]
        ),
        ("Which conversations were dear?", 3, ["c-2|1|0.011"]),
        ("How often does a cascade escalate, and what does it cost?", 6, ["cascade|small|2|1|0.5|0.001"]),
        ("Which calls have no price?", 5, ["house|qwen||standard|1"]),
        ("What do retries cost?", 3, ["1|0.003|0.15"]),
        (
            "Which features cost most, week by week?", 4,
            ["2026-47|chat|5|0.017", "2026-47|summaries|1|0.003", "2026-46|summaries|1|0.0"]
        ),
    ]

    @Test(arguments: answers)
    func `the guide's queries answer what they say`(heading: String, columns: Int32, expected: [String]) async throws {
        let found = try await rows(try Self.sql(heading), columns: columns)
        #expect(Array(found.prefix(expected.count)) == expected)
    }

    @Test func `every question of the guide is asked here`() throws {
        let page = try #require(Self.page)
        let headings = page.split(separator: "\n").filter { $0.hasPrefix("### ") && $0.hasSuffix("?") }
        #expect(headings.map { String($0.dropFirst(4)) } == Self.answers.map(\.heading))
    }

    @Test(arguments: ["calls", "calls_readable"])
    func `the guide explains every column`(table: String) async throws {
        let page = try #require(Self.page)
        let title = table == "calls" ? "## Columns of the table" : "## Columns of the view"
        let section = try #require(
            page.components(separatedBy: "\(title)\n").last?.components(separatedBy: "\n## ").first
        )
        let columns = try await rows("SELECT name FROM pragma_table_xinfo('\(table)')", columns: 1)
        #expect(columns.count > 40)
        let names = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { line in
            (line.split(separator: "|").first ?? "").split(separator: "`").map(String.init)
        }.filter { !$0.contains(" ") && !$0.contains(",") }
        #expect(Set(names) == Set(columns))
    }

    // MARK: The view

    @Test func `the view's sums are those of the summary`() async throws {
        let sums = try await rows(
            "SELECT sum(cost_usd), sum(saved_usd) - sum(overhead_usd), sum(baseline_usd) FROM calls_readable",
            columns: 3
        )
        let total = try await ledger.total()
        #expect(sums == ["\(total.cost.dollars)|\(total.saved.dollars)|\(total.baseline.dollars)"])
        #expect(total.cost == Money(picodollars: 20_000_000_000))
    }

    @Test func `tokens of the view are all tokens, and huge amounts are amounts`() async throws {
        let tokens = "input_tokens, cached_tokens, output_tokens, reasoning_tokens"
        #expect(try await rows("SELECT \(tokens) FROM calls_readable WHERE id = 1", columns: 4) == ["33|20|40|4"])
        var huge = Self.charges[0]
        huge.cost = Money(picodollars: Int128(Int64.max) * 1_000)
        ledger.record(huge)
        await ledger.flush()
        let found = try await rows("SELECT cost_usd > 9.2e9 FROM calls_readable ORDER BY id DESC LIMIT 1", columns: 1)
        #expect(found == ["1"])
    }

    @Test func `a file of the version before has the view once it is opened`() async throws {
        let path = scratch.file("old")
        var old = LedgerTable.schema
        old.migrations.removeLast()
        _ = try SQLiteDatabase(file: path, schema: old)
        let ledger = try Ledger(path: path)
        ledger.record(Self.charges[0])
        await ledger.flush()
        let count = try await ledger.read { db throws(LLMError) in
            try db.integer("SELECT count(*) FROM calls_readable")
        }
        #expect(count == 1)
    }

    // MARK: Upkeep

    @Test func `a back-up that is made while the ledger is open is a ledger`() async throws {
        let copy = scratch.file("copy")
        let sql = try Self.sql("Back-up").replacing("'backup.sqlite'", with: "'\(copy)'")
        let tool = try SQLiteDatabase(file: scratch.file("ledger"), schema: LedgerTable.schema)
        try tool.execute(sql)
        #expect(try await Ledger(path: copy).total() == ledger.total())
    }

    @Test func `the file alone is the database once it is closed`() async throws {
        let log = scratch.file("ledger-wal")
        #expect(FileManager.default.fileExists(atPath: log))
        try await ledger.close()
        #expect(!FileManager.default.fileExists(atPath: log))
        try FileManager.default.copyItem(atPath: scratch.file("ledger"), toPath: scratch.file("copy"))
        #expect(try await Ledger(path: scratch.file("copy")).total().cost == Money(picodollars: 20_000_000_000))
    }

    @Test func `old rows can be deleted while the ledger is open`() async throws {
        // Of the nine, five began before Monday at 12:30.
        let sql = try Self.sql("Rotation").replacing("'-400 days'", with: "'-1 days'")
            .replacing("'now'", with: "'2026-11-24 12:30:00'")
        let tool = try SQLiteDatabase(file: scratch.file("ledger"), schema: LedgerTable.schema)
        try tool.execute(sql)
        #expect(try await ledger.charges().count == 4)
    }
}
