import Foundation
import Testing

@testable import LLMKit

@Suite struct LedgerSummaryTests {
    private let scratch: ScratchDirectory
    private let start = Date(timeIntervalSince1970: 1_795_500_000)
    init() throws { scratch = try ScratchDirectory() }

    /// A charge as the pipeline would make it, with everything at random.
    private func randomCharge(_ number: Int, _ generator: inout SeededGenerator) -> Charge {
        let kind = Charge.Kind.allCases.randomElement(using: &generator) ?? .answer
        var charge = Charge(
            date: start.addingTimeInterval(Double(number) * 60),
            requestID: RequestID(high: 1, low: UInt64(number / 2)),
            caller: Caller(
                tenant: ["a", "b", nil].randomElement(using: &generator) ?? nil,
                feature: Bool.random(using: &generator) ? "chat" : nil
            ),
            kind: kind,
            model: ["small", "large"].randomElement(using: &generator) ?? "small",
            vendor: "openai"
        )
        func amount() -> Money {
            Money(picodollars: Int128.random(in: 0...9_000_000_000_000_000_000, using: &generator))
        }
        charge.usage = Usage(
            input: .random(in: 0...1_000_000, using: &generator),
            cacheRead: .random(in: 0...1000, using: &generator),
            output: .random(in: 0...1000, using: &generator),
            reportedTotal: Bool.random(using: &generator) ? 1 : nil,
            isEstimated: Bool.random(using: &generator)
        )
        charge.timing.total = .microseconds(Int.random(in: 1...5_000_000, using: &generator))
        if Bool.random(using: &generator) {
            charge.timing.firstToken = .microseconds(Int.random(in: 1...900, using: &generator))
        }
        switch kind {
        case .answer:
            if Int.random(in: 0..<10, using: &generator) > 0 {
                let paid = amount()
                charge.cost = paid
                charge.savings = .call(baseline: amount(), uncached: amount(), paid: paid)
            }
        case .cacheHit:
            let source = [CacheHit.Source.result, .semantic, .coalesced].randomElement(using: &generator) ?? .result
            charge.cache = source
            charge.cost = .zero
            charge.savings = .hit(baseline: amount(), source: source)
        case .rejected, .failed, .routing, .confidence, .shadow, .embedding, .check: charge.cost = amount()
        }
        return charge
    }

    private func filled(_ count: Int) throws -> (Ledger, [Charge]) {
        let ledger = try Ledger(path: scratch.file("ledger"))
        var generator = SeededGenerator(seed: 42)
        let charges = (0..<count).map { randomCharge($0, &generator) }
        for charge in charges { ledger.record(charge) }
        return (ledger, charges)
    }

    /// The same sums by other means.
    private func expected(_ charges: [Charge]) -> LedgerSummary {
        var summary = LedgerSummary()
        summary.requests = Set(charges.map(\.requestID)).count
        for charge in charges {
            switch charge.kind {
            case .answer: summary.answers += 1
            case .rejected: summary.rejected += 1
            case .failed: summary.failed += 1
            case .confidence: summary.confidenceCalls += 1
            case .routing: summary.routingCalls += 1
            case .shadow: summary.shadows += 1
            case .embedding: summary.embeddings += 1
            case .check: summary.checks += 1
            case .cacheHit: summary.cacheHits += 1
            }
            let isUsed = charge.kind == .answer || charge.kind == .cacheHit
            if charge.kind != .cacheHit {
                summary.calls += 1
                summary.usage.input += charge.usage.input
                summary.usage.cacheRead += charge.usage.cacheRead
                summary.usage.output += charge.usage.output
            }
            summary.estimated += charge.usage.isEstimated ? 1 : 0
            summary.mismatched += charge.usage.addsUp ? 0 : 1
            summary.unpriced += charge.cost == nil ? 1 : 0
            summary.cost += charge.cost ?? .zero
            if !isUsed { summary.overhead += charge.cost ?? .zero }
            if let savings = charge.savings {
                summary.savings.baseline += savings.baseline
                summary.savings.resultCache += savings.resultCache
                summary.savings.semanticCache += savings.semanticCache
                summary.savings.coalescing += savings.coalescing
                summary.savings.promptCache += savings.promptCache
                summary.savings.routing += savings.routing
            }
        }
        let used = charges.filter { $0.kind == .answer || $0.kind == .cacheHit }
        summary.total = percentiles(used.map(\.timing.total))
        summary.firstToken = percentiles(used.compactMap(\.timing.firstToken))
        return summary
    }

    private func percentiles(_ values: [Duration]) -> LedgerSummary.Percentiles {
        func value(_ percent: Int) -> Duration? {
            let sorted = values.sorted()
            return sorted.isEmpty ? nil : sorted[(sorted.count * percent + 99) / 100 - 1]
        }
        return LedgerSummary.Percentiles(p50: value(50), p99: value(99))
    }

    /// Every charge is worth millions of dollars, so that 64-bit sums would overflow.
    @Test func `sums are exact, whatever the amounts`() async throws {
        let (ledger, charges) = try filled(1500)
        let total = try await ledger.total()
        #expect(total == expected(charges))
        #expect(total.cost > .dollars(1_000_000_000))
        let since = try await ledger.total(since: start + 6000, until: start + 60_000, tenant: "a")
        #expect(since == expected(charges[100..<1000].filter { $0.caller.tenant == "a" }))
    }

    @Test func `groups add up to the whole`() async throws {
        let (ledger, charges) = try filled(600)
        let tenants = try await ledger.summary(groupedBy: .tenant)
        #expect(Set(tenants.map(\.group)) == ["a", "b", nil])
        for summary in tenants {
            var wanted = expected(charges.filter { $0.caller.tenant == summary.group })
            wanted.group = summary.group
            #expect(summary == wanted)
        }
        let costs = tenants.map(\.cost)
        #expect(costs == costs.sorted(by: >))
        for grouping in Ledger.Grouping.allCases {
            let groups = try await ledger.summary(groupedBy: grouping)
            #expect(groups.reduce(.zero) { $0 + $1.cost } == expected(charges).cost, "\(grouping)")
        }
        let days = try await ledger.summary(groupedBy: .day).compactMap(\.group)
        #expect(days.sorted() == ["2026-11-24"])
    }

    @Test func `the savings of every row add up to its baseline`() async throws {
        let (ledger, _) = try filled(1200)
        let rows = try await ledger.charges(limit: 2000)
        #expect(rows.filter { $0.savings != nil }.count > 200)
        for row in rows {
            guard let savings = row.savings else { continue }
            #expect(savings.baseline == (row.cost ?? .zero) + savings.total)
        }
        let total = try await ledger.total()
        #expect(total.baseline == total.cost - total.overhead + total.savings.total)
        #expect(total.saved == total.savings.total - total.overhead)
        #expect(total.saved == total.baseline - total.cost)
    }

    @Test func `amounts beyond 64 bits are kept and summed exactly`() async throws {
        let ledger = try Ledger.inMemory()
        let huge = Money(picodollars: Int128(Int.max) * 1_000_003)
        for kind in [Charge.Kind.answer, .rejected] {
            var charge = Charge(
                date: start,
                requestID: .random(),
                caller: Caller(tenant: "t"),
                kind: kind,
                model: "m",
                vendor: "v"
            )
            charge.cost = huge
            charge.usage = Usage(input: .max, output: .max)
            if kind == .answer {
                charge.savings = .call(baseline: .zero - huge, uncached: .zero, paid: huge)
            }
            ledger.record(charge)
            charge.cost = Money(picodollars: 1)
            charge.savings = nil
            ledger.record(charge)
        }
        let total = try await ledger.total()
        #expect(total.cost.picodollars == huge.picodollars * 2 + 2)
        #expect(total.overhead.picodollars == huge.picodollars + 1)
        #expect(total.baseline == .zero - huge)
        #expect(total.savings.promptCache == .zero - huge)
        #expect(total.savings.routing == .zero - huge)
        #expect(total.usage.input == .max)
        #expect(try await ledger.summary(groupedBy: .tenant).first?.cost == total.cost)
        #expect(try await ledger.charges().first?.cost == huge)
    }

    @Test func `an empty ledger adds up to nothing`() async throws {
        let ledger = try Ledger.inMemory()
        #expect(try await ledger.total() == LedgerSummary())
        #expect(try await ledger.total().hitRate == nil)
        #expect(try await ledger.summary(groupedBy: .tenant) == [])
    }

    @Test func `percentiles are nearest ranks`() async throws {
        let ledger = try Ledger.inMemory()
        for number in 1...200 {
            var charge = Charge(
                date: start,
                requestID: .random(),
                caller: Caller(),
                kind: .cacheHit,
                model: "m",
                vendor: "v"
            )
            charge.timing.total = .milliseconds(number)
            ledger.record(charge)
        }
        let total = try await ledger.total()
        #expect(total.total == .init(p50: .milliseconds(100), p99: .milliseconds(198)))
        #expect(total.firstToken == .init())
        #expect(total.hitRate == 1)
    }

    private static let commandLine = ["/usr/bin/sqlite3", "/opt/homebrew/bin/sqlite3"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Python-like arithmetic is done by SQLite's own tool here: it knows nothing of us.
    @Test(.enabled(if: commandLine != nil, "the sqlite3 command is not installed"))
    func `another reader finds the same sums and the same identity`() async throws {
        let (ledger, charges) = try filled(300)
        try await ledger.close()
        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.commandLine))
        process.arguments = [
            scratch.file("ledger"),
            """
            SELECT count(*), sum(cost_pd / 1000000), sum(cost_pd % 1000000),
              sum(baseline_pd IS NOT NULL AND baseline_pd <> cost_pd + saved_result_cache_pd + saved_semantic_cache_pd
                + saved_coalescing_pd + saved_prompt_cache_pd + saved_routing_pd)
            FROM calls
            """,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let numbers = text.trimmingCharacters(in: .newlines).split(separator: "|").compactMap { Int128($0) }
        try #require(numbers.count == 4)
        #expect(numbers[0] == 300)
        #expect(numbers[1] * 1_000_000 + numbers[2] == expected(charges).cost.picodollars)
        #expect(numbers[3] == 0)
    }
}

@Suite struct MeterTests {
    private func charge(_ tenant: String, _ cost: Int128?) -> Charge {
        var charge = Charge(
            date: .now,
            requestID: .random(),
            caller: Caller(tenant: tenant),
            kind: .answer,
            model: "m",
            vendor: "v"
        )
        charge.cost = cost.map(Money.init(picodollars:))
        return charge
    }

    @Test func `the meter in memory keeps charges and their totals`() async throws {
        let meter = InMemoryCostMeter()
        for (tenant, cost) in [("a", 1), ("b", 2), ("a", 3), ("b", nil)] as [(String, Int128?)] {
            meter.record(charge(tenant, cost))
        }
        #expect(meter.charges.count == 4)
        #expect(meter.total.picodollars == 6)
        #expect(meter.totals(by: \.caller.tenant) == ["a": Money(picodollars: 4), "b": Money(picodollars: 2)])
        let reservation = try await meter.reserve(planned(.random(), worstCase: nil))
        meter.release(reservation)
        #expect(meter.released == [reservation])
        meter.removeAll()
        #expect(meter.charges.isEmpty && meter.released.isEmpty)
    }

    @Test func `no meter allows everything`() async throws {
        let meter: some CostMeter = .none
        meter.record(charge("a", 1))
        let id = RequestID.random()
        let reservation = try await meter.reserve(planned(id, worstCase: .dollars(1_000_000)))
        #expect(reservation == Reservation(requestID: id, amount: .dollars(1_000_000)))
    }

    private func planned(_ id: RequestID, worstCase: Money?) -> PlannedAttempt {
        PlannedAttempt(
            requestID: id,
            model: "m",
            upstream: Upstream(vendor: "openai"),
            date: Date(),
            worstCase: worstCase
        )
    }
}
