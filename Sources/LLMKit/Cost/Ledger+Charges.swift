public import PortableFoundation

extension Ledger {
    /// The rows of a time, oldest first, as the charges they were made of.
    ///
    /// Reservations are not kept, and times are rounded: the date to milliseconds, spans to microseconds.
    /// - Parameters:
    ///   - since: the first moment.
    ///   - until: the first moment that no longer counts.
    ///   - tenant: only rows of this tenant.
    ///   - limit: at most so many rows.
    /// - Returns: the charges.
    /// - Throws: ``LLMError`` with code `storage` if rows could not be written or read.
    public func charges(
        since: Date? = nil,
        until: Date? = nil,
        tenant: String? = nil,
        limit: Int = 1000
    ) async throws(LLMError) -> [Charge] {
        try await catchUp()
        let filter = LedgerFilter(since: since, until: until, tenant: tenant)
        return try await read { db throws(LLMError) in
            var charges: [Charge] = []
            try db.query(
                "\(LedgerTable.selection) WHERE \(filter.condition) ORDER BY time_ms, id LIMIT ?4",
                bind: { statement in
                    filter.bind(to: statement)
                    statement.bind(limit, at: 4)
                },
                row: { charges.append(LedgerTable.charge(from: $0)) }
            )
            return charges
        }
    }
}
