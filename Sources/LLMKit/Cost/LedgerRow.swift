#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a ledger keeps.
enum LedgerRow: Sendable {
    case charge(Charge)
    case trial(CacheTrial)

    /// What rows of this kind are called where they are set aside.
    var kind: String {
        switch self {
        case .charge: "charge"
        case .trial: "trial"
        }
    }

    var date: Date {
        switch self {
        case .charge(let charge): charge.date
        case .trial(let trial): trial.date
        }
    }

    var tenant: String? {
        switch self {
        case .charge(let charge): charge.caller.tenant
        case .trial(let trial): trial.tenant
        }
    }

    var user: String? {
        switch self {
        case .charge(let charge): charge.caller.user
        case .trial: nil
        }
    }

    /// Why its table could not give the row back as it is; `nil` if it can.
    ///
    /// A charge always can: what it has no number for is NULL.
    var flaw: String? {
        switch self {
        case .charge: nil
        case .trial(let trial): LedgerTrialTable.flaw(in: trial)
        }
    }

    func insert(into db: SQLiteDatabase) throws(LLMError) {
        switch self {
        case .charge(let charge): try LedgerTable.insert(charge, into: db)
        case .trial(let trial): try LedgerTrialTable.insert(trial, into: db)
        }
    }
}
