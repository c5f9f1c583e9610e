import Foundation
import Testing

@testable import LLMKit

/// One row that cannot be written never keeps the others out.
@Suite struct LedgerSetAsideTests {
    private let scratch: ScratchDirectory
    private let notices = InMemoryDiagnostics()
    init() throws { scratch = try ScratchDirectory() }

    private func open() throws -> Ledger {
        try Ledger(path: scratch.file("ledger"), diagnostics: notices.diagnostics)
    }

    private func charge(tenant: String? = "t") -> Charge {
        var charge = Charge(
            date: Date(timeIntervalSince1970: 1_795_500_000),
            requestID: .random(),
            caller: Caller(tenant: tenant),
            kind: .answer,
            model: "small",
            vendor: "openai"
        )
        charge.cost = Money(picodollars: 1)
        return charge
    }

    private func trial(
        score: Double = 0.5,
        similarity: Double = 0.9,
        overlap: Double = 1,
        threshold: Double = 0.9
    ) -> CacheTrial {
        CacheTrial(
            date: Date(timeIntervalSince1970: 1_795_500_000),
            entry: 1,
            source: .feedback,
            trial: HitTrial(
                found: Neighbourhood([.init(entry: 1, similarity: similarity, answer: .max, overlap: overlap)]),
                decision: HitDecision(.check, neighbour: 0, score: score, threshold: threshold, checkRate: 1),
                wasRight: true
            )
        )
    }

    @Test(arguments: [
        (Double.nan, 0.9, 1.0, "score"), (0.5, .nan, 1, "similarity"), (0.5, .infinity, 1, "similarity"),
        (0.5, 0.9, .nan, "overlap"),
    ])
    func `a trial with a number that is none is set aside, and charges before and after it are written`(
        score: Double,
        similarity: Double,
        overlap: Double,
        name: String
    ) async throws {
        let ledger = try open()
        ledger.record(charge())
        ledger.record(trial(score: score, similarity: similarity, overlap: overlap))
        for _ in 0..<20 { ledger.record(charge()) }
        await ledger.flush()
        #expect(ledger.pendingCount == 0 && ledger.lastError == nil)
        #expect(try await ledger.total().calls == 21)
        let rows = try await ledger.rowsSetAside()
        #expect(rows.map(\.kind) == ["trial"])
        #expect(rows.first?.reason.contains(name) == true)
        #expect(rows.first?.content.contains("CacheTrial") == true)
        // All of it, not what people see of one.
        #expect(rows.first?.content.contains("\(UInt64.max)") == true)
        #expect(notices.notices.map(\.severity) == [.error])
        #expect(notices.notices.first?.message.contains(name) == true)
    }

    @Test func `a threshold that nothing reaches is no flaw`() async throws {
        let ledger = try open()
        ledger.record(trial(threshold: .infinity))
        let read = try await ledger.trials()
        #expect(read.map(\.trial.decision.threshold) == [.infinity])
        #expect(read.first?.trial.found.neighbours.first?.answer == .max)
        #expect(try await ledger.rowsSetAside().isEmpty)
    }

    @Test func `a charge that the database refuses is set aside, and the rest of its batch is written`() async throws {
        let ledger = try open()
        try await ledger.write { db throws(LLMError) in
            try db.execute(
                """
                CREATE TRIGGER house_rule BEFORE INSERT ON calls WHEN new.tenant = 'bad'
                BEGIN SELECT RAISE(ABORT, 'no calls of bad'); END
                """
            )
        }
        for tenant in ["a", "bad", "b"] { ledger.record(charge(tenant: tenant)) }
        await ledger.flush()
        #expect(ledger.pendingCount == 0)
        #expect(try await ledger.charges().map(\.caller.tenant) == ["a", "b"])
        let rows = try await ledger.rowsSetAside()
        #expect(rows.map(\.kind) == ["charge"])
        #expect(rows.first?.reason.contains("no calls of bad") == true)
        #expect(rows.first?.content.contains("openai") == true)
        try await ledger.erase(tenant: "bad")
        #expect(try await ledger.rowsSetAside().isEmpty)
    }

    @Test func `charges with absurd numbers and texts are money all the same, and are written`() async throws {
        let ledger = try open()
        var charge = charge(tenant: "nul\0inside")
        charge.confidence = .nan
        charge.date = Date(timeIntervalSince1970: .infinity)
        charge.timing = Timing(connect: .seconds(Int64.min), total: .seconds(Int64.max))
        charge.cost = Money(picodollars: .max)
        charge.usage = Usage(input: .max, output: .max)
        ledger.record(charge)
        let read = try await ledger.charges(tenant: "nul\0inside")
        #expect(read.map(\.cost) == [Money(picodollars: .max)])
        #expect(read.first?.caller.tenant == "nul\0inside")
        #expect(read.first?.confidence == nil)
        #expect(try await ledger.rowsSetAside().isEmpty)
    }

    @Test func `a failing disk sets nothing aside`() async throws {
        let ledger = try open()
        try await ledger.write { db throws(LLMError) in try db.execute("PRAGMA query_only=ON") }
        ledger.record(charge())
        ledger.record(trial(score: .nan))
        await ledger.flush()
        #expect(ledger.pendingCount == 2)
        try await ledger.write { db throws(LLMError) in try db.execute("PRAGMA query_only=OFF") }
        await ledger.flush()
        #expect(try await ledger.total().calls == 1)
        #expect(try await ledger.rowsSetAside().count == 1)
        #expect(notices.notices.map(\.severity) == [.error, .error, .info])
    }
}
