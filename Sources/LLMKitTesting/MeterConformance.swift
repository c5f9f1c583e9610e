public import LLMKit
import PortableFoundation

/// Checks that a cost meter keeps the rules of ``LLMKit/CostMeter``, for the tests of whoever writes one.
///
/// ```swift
/// try await MeterConformance().check({ MyMeter() }, total: { meter in meter.total })
/// ```
public struct MeterConformance: Sendable {
    package var affordable: Money
    package var patience: Duration

    /// - Parameters:
    ///   - affordable: a cost that the meter under test has room for, once, and not a thousand times over.
    ///   - patience: how long anything may take.
    public init(
        affordable: Money = Money(picodollars: 1_000_000_000),
        patience: Duration = .seconds(180)
    ) {
        self.affordable = affordable
        self.patience = patience
    }

    /// Runs every check.
    /// - Parameters:
    ///   - makeMeter: makes a fresh meter; called several times.
    ///   - total: reads all money that was recorded back from the meter, where it can tell.
    /// - Throws: ``ConformanceFailure`` that lists every broken rule.
    public func check<Tested: CostMeter>(
        _ makeMeter: @escaping @Sendable () async throws -> Tested,
        total: (@Sendable (Tested) async throws -> Money)? = nil
    ) async throws(ConformanceFailure) {
        let report = ConformanceReport("CostMeter")
        await report.run("reserving") { try await checkReservations(try await makeMeter(), report) }
        await report.run("a reservation per request") { try await checkLeaks(try await makeMeter()) }
        await report.run("recording") { try await checkRecords(try await makeMeter(), total, report) }
        try report.finish()
    }

    private func attempt(_ id: RequestID = .random(), _ worstCase: Money?) -> PlannedAttempt {
        PlannedAttempt(
            requestID: id,
            caller: caller,
            model: "model",
            upstream: Upstream(vendor: "vendor", modelID: "model-1"),
            date: Date(timeIntervalSince1970: 1_700_000_000),
            worstCase: worstCase
        )
    }

    private func reserve(_ meter: some CostMeter, _ worstCase: Money?) async throws -> Reservation {
        try await patiently(patience) { [attempt = attempt(.random(), worstCase)] in try await meter.reserve(attempt) }
    }

    private var caller: Caller { Caller(tenant: "conformance", user: "user", feature: "test") }

    private func checkReservations(_ meter: some CostMeter, _ report: ConformanceReport) async throws {
        let id = RequestID.random()
        let planned = attempt(id, affordable)
        let reservation = try await patiently(patience) { try await meter.reserve(planned) }
        report.expect(reservation.requestID == id, "a reservation must carry the id of its request")
        if let amount = reservation.amount {
            report.expect(amount >= .zero, "a reservation must not be negative")
        }
        meter.release(reservation)
        // Whether an attempt of unknown cost may be made is the meter's to judge; if not, it says why.
        do {
            meter.release(try await reserve(meter, nil))
        } catch let error as LLMError {
            report.expect(
                error.code == .overBudget,
                "an attempt of unknown cost may be refused with 'over_budget', not with '\(error.code)'"
            )
        }
        // What was recorded has taken its reservation's place: it must not stay set aside besides.
        var paid = charge(0, cost: .zero)
        paid.reservation = try await reserve(meter, affordable)
        meter.record(paid)
    }

    /// What is released, or recorded, must be free again, or a meter refuses everything in the end.
    private func checkLeaks(_ meter: some CostMeter) async throws {
        for index in 0..<1_000 {
            let reservation = try await reserve(meter, affordable)
            if index % 2 == 0 {
                meter.release(reservation)
            } else {
                var free = charge(index, cost: .zero)
                free.reservation = reservation
                meter.record(free)
            }
        }
    }

    private func checkRecords<Tested: CostMeter>(
        _ meter: Tested,
        _ total: (@Sendable (Tested) async throws -> Money)?,
        _ report: ConformanceReport
    ) async throws {
        let cost = Money(picodollars: 12_345)
        let count = 500
        try await patiently(patience) { [self] in
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<count {
                    group.addTask { meter.record(charge(index, cost: cost)) }
                }
            }
            await meter.flush()
        }
        guard let total else { return }
        let recorded = try await patiently(patience) { try await total(meter) }
        let expected = Money(picodollars: cost.picodollars * Int128(count))
        report.expect(recorded == expected, "recorded \(expected) from many tasks, but the meter says \(recorded)")
        // A price that nobody knows is no money, and no reason to fail.
        meter.record(charge(count, cost: nil))
        try await patiently(patience) { await meter.flush() }
        let after = try await patiently(patience) { try await total(meter) }
        report.expect(after == recorded, "a charge of unknown cost must not change the total")
    }

    private func charge(_ index: Int, cost: Money?) -> Charge {
        let kinds = Charge.Kind.allCases
        var charge = Charge(
            date: Date(timeIntervalSince1970: 1_700_000_000 + Double(index)),
            requestID: .random(),
            caller: caller,
            kind: kinds[index % kinds.count],
            model: "model",
            vendor: "vendor"
        )
        charge.usage = Usage(input: index, output: 1)
        charge.cost = cost
        return charge
    }
}
