public import LLMKit
import PortableFoundation

/// Checks that a cost meter keeps the rules of ``LLMKit/CostMeter``, for the tests of whoever writes one.
///
/// ```swift
/// try await MeterConformance().check({ MyMeter() }, total: { meter in meter.total })
/// ```
public struct MeterConformance: Sendable {
    /// A cost that the meter under test has room for, once, and not a thousand times over.
    public var affordable: Money
    /// How long anything may take.
    public var patience: Duration

    public init(
        affordable: Money = Money(picodollars: 1_000_000_000),
        patience: Duration = .seconds(10)
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

    private func reserve(_ meter: some CostMeter, _ worstCase: Money?) async throws -> Reservation {
        let estimate = CostEstimate(requestID: .random(), caller: caller, worstCase: worstCase)
        return try await patiently(patience) { try await meter.reserve(estimate) }
    }

    private var caller: Caller { Caller(tenant: "conformance", user: "user", feature: "test") }

    private func checkReservations(_ meter: some CostMeter, _ report: ConformanceReport) async throws {
        let id = RequestID.random()
        let estimate = CostEstimate(requestID: id, caller: caller, worstCase: affordable)
        let reservation = try await patiently(patience) { try await meter.reserve(estimate) }
        report.expect(reservation.requestID == id, "a reservation must carry the id of its request")
        if let amount = reservation.amount {
            report.expect(amount >= .zero, "a reservation must not be negative")
        }
        meter.release(reservation)
        // A request that was refused later, or answered by a cache, costs nothing: released without a charge.
        let unknown = try await reserve(meter, nil)
        meter.release(unknown)
    }

    /// What is released must be free again, or a meter refuses everything in the end.
    private func checkLeaks(_ meter: some CostMeter) async throws {
        for _ in 0..<1_000 { meter.release(try await reserve(meter, affordable)) }
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
        let purposes = Charge.Purpose.allCases
        var charge = Charge(
            date: Date(timeIntervalSince1970: 1_700_000_000 + Double(index)),
            requestID: .random(),
            caller: caller,
            purpose: purposes[index % purposes.count],
            model: "model",
            vendor: "vendor"
        )
        charge.usage = Usage(input: index, output: 1)
        charge.cost = cost
        return charge
    }
}
