#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Which rows of a ledger a question is about. Takes the parameters 1 to 3 of a statement.
struct LedgerFilter: Sendable {
    private let since: Int64
    private let until: Int64
    private let tenant: String?

    init(since: Date?, until: Date?, tenant: String?) {
        self.since = since.map(Milliseconds.since1970) ?? .min
        self.until = until.map(Milliseconds.since1970) ?? .max
        self.tenant = tenant
    }

    var condition: String { "time_ms >= ?1 AND time_ms < ?2 AND (?3 IS NULL OR tenant = ?3)" }

    func bind(to statement: SQLiteStatement) {
        statement.bind(since, at: 1)
        statement.bind(until, at: 2)
        statement.bind(tenant, at: 3)
    }
}
