import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite struct MeterConformanceTests {
    private final class Total: CostMeter {
        let spent = Mutex(Money.zero)
        let reserved = Mutex(Money.zero)
        let limit: Money?
        let factor: Int128
        let releases: Bool

        init(limit: Money? = nil, factor: Int128 = 1, releases: Bool = true) {
            self.limit = limit
            self.factor = factor
            self.releases = releases
        }

        func reserve(_ attempt: PlannedAttempt) throws -> Reservation {
            let amount = attempt.worstCase ?? .zero
            try reserved.withLock { reserved in
                if let limit, reserved + amount > limit { throw LLMError(.overBudget, "budget spent") }
                reserved += amount
            }
            return Reservation(requestID: factor < 0 ? .random() : attempt.requestID, amount: amount)
        }

        func record(_ charge: Charge) {
            spent.withLock { $0 += Money(picodollars: (charge.cost?.picodollars ?? 0) * factor) }
            if let reservation = charge.reservation { release(reservation) }
        }

        func release(_ reservation: Reservation) {
            guard releases else { return }
            reserved.withLock { $0 -= reservation.amount ?? .zero }
        }
    }

    private let suite = MeterConformance()
    private let limit = Money(picodollars: 5_000_000_000)

    private func broken(_ makeMeter: @escaping @Sendable () -> Total) async -> String {
        do {
            try await suite.check(makeMeter, total: { meter in meter.spent.withLock { $0 } })
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `a good meter passes`() async throws {
        try await suite.check({ [limit] in Total(limit: limit) }, total: { meter in meter.spent.withLock { $0 } })
    }

    /// Refuses what it cannot reckon with.
    private struct FailClosed: CostMeter {
        let base: Total
        var code = LLMError.Code.overBudget
        func reserve(_ attempt: PlannedAttempt) throws -> Reservation {
            guard attempt.worstCase != nil else { throw LLMError(code, "no price is known") }
            return try base.reserve(attempt)
        }
        func record(_ charge: Charge) { base.record(charge) }
        func release(_ reservation: Reservation) { base.release(reservation) }
    }

    @Test func `a meter that refuses an unknown cost passes, if it says that it is about money`() async throws {
        try await suite.check(
            { [limit] in FailClosed(base: Total(limit: limit)) },
            total: { meter in meter.base.spent.withLock { $0 } }
        )
        let failure = await #expect(throws: ConformanceFailure.self) {
            try await suite.check { [limit] in FailClosed(base: Total(limit: limit), code: .unknown) }
        }
        #expect(failure?.broken == ["an attempt of unknown cost may be refused with 'over_budget', not with 'unknown'"])
    }

    @Test func `leaked reservations, lost money and foreign reservations are found`() async {
        let leaks = await broken { [limit] in Total(limit: limit, releases: false) }
        #expect(leaks.contains("budget spent"))
        #expect(await broken { Total(factor: 2) }.contains("from many tasks"))
        #expect(await broken { Total(factor: -1) }.contains("id of its request"))
    }
}
