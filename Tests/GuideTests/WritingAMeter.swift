import LLMKitTesting
import Synchronization
import Testing

#if SANITIZE_THREAD
// For the mutex that stands in for the standard library's: see SanitizerMutex.swift.
@testable import LLMKit
#else
import LLMKit
#endif

// BEGIN Writing-a-meter
/// Lets so much be spent and no more: what is under way counts with the most that it may cost.
final class SpendingLimit: CostMeter {
    private struct Purse {
        var spent = Money.zero
        var reserved = Money.zero
    }

    let limit: Money
    private let purse = Mutex(Purse())

    init(_ limit: Money) { self.limit = limit }

    var spent: Money { purse.withLock { $0.spent } }

    func admit(_ request: ChatRequest) throws {
        guard spent < limit else { throw LLMError(.overBudget, "all of \(limit) is spent") }
    }

    func reserve(_ attempt: PlannedAttempt) throws -> Reservation {
        guard let worstCase = attempt.worstCase else {
            throw LLMError(.overBudget, "'\(attempt.model)' has no price, so no limit can be kept; give it one")
        }
        try purse.withLock { purse in
            guard purse.spent + purse.reserved + worstCase <= limit else {
                throw LLMError(
                    .overBudget,
                    "an attempt of up to \(worstCase) does not fit into what is left of \(limit)"
                )
            }
            purse.reserved += worstCase
        }
        return Reservation(attempt)
    }

    func record(_ charge: Charge) {
        purse.withLock { purse in
            let reserved = charge.reservation?.amount ?? .zero
            purse.reserved -= reserved
            // A bill that nobody can work out is taken for the worst case.
            purse.spent += charge.cost ?? reserved
        }
    }

    func release(_ reservation: Reservation) {
        purse.withLock { $0.reserved -= reservation.amount ?? .zero }
    }
}
// END Writing-a-meter

@Suite struct WritingAMeter {
    @Test func `the spending limit keeps the rules of meters`() async throws {
        try await MeterConformance().check({ SpendingLimit(.dollars(1)) }, total: { meter in meter.spent })
    }

    @Test func `beside a ledger, the limit refuses what does not fit, and only then`() async throws {
        let limit = SpendingLimit(Money(picodollars: 50_000_000_000))
        let ledger = InMemoryCostMeter()
        let pipeline = try Pipeline(router: .to("small"), meter: .all(ledger, limit)) {
            ChatModel("small", MockProvider("Hello there"), price: .perMillion(input: 1, output: 10))
        }
        _ = try await pipeline.respond(to: "Hi")
        #expect(limit.spent == ledger.charges.first?.cost)
        let long = ChatRequest([.user("Hi")], sampling: Sampling(maxOutputTokens: 10_000))
        let refusal = await #expect(throws: LLMError.self) { try await pipeline.respond(to: long) }
        #expect(refusal?.code == .overBudget)
        _ = try await pipeline.respond(to: "Hi again")
        #expect(ledger.charges.count == 2)
    }
}
