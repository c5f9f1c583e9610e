import PortableFoundation

/// Which rows of a ledger a question is about.
///
/// Takes the parameters 1 to 3 of a statement.
struct LedgerFilter: Sendable {
    private let since: Int64
    /// The last millisecond that counts: a date beyond all numbers is booked at the last there is.
    private let last: Int64
    private let tenant: String?
    private let isBounded: Bool

    init(since: Date?, until: Date?, tenant: String?) {
        self.since = since.map(Milliseconds.since1970) ?? .min
        last = until.map { max(Milliseconds.since1970($0), .min + 1) - 1 } ?? .max
        self.tenant = tenant
        isBounded = since != nil || until != nil
    }

    /// Where all times count, the index would be a detour: the plus sign keeps SQLite from it.
    var condition: String {
        let time = isBounded ? "time_ms" : "+time_ms"
        return "\(time) >= ?1 AND \(time) <= ?2 AND (?3 IS NULL OR tenant = ?3)"
    }

    func bind(to statement: SQLiteStatement) {
        statement.bind(since, at: 1)
        statement.bind(last, at: 2)
        statement.bind(tenant, at: 3)
    }
}
