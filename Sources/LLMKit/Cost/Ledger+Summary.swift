public import PortableFoundation

extension Ledger {
    /// What all rows of a time add up to.
    /// - Parameters:
    ///   - since: the first moment.
    ///   - until: the first moment that no longer counts.
    ///   - tenant: only rows of this tenant.
    /// - Returns: the sums; all zero without rows.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be read.
    public func total(
        since: Date? = nil,
        until: Date? = nil,
        tenant: String? = nil
    ) async throws(LLMError) -> LedgerSummary {
        let filter = LedgerFilter(since: since, until: until, tenant: tenant)
        return try await summaries(filter, by: "NULL").first ?? LedgerSummary()
    }

    /// What the rows of a time add up to, group by group, the dearest first.
    /// - Parameters:
    ///   - since: the first moment.
    ///   - until: the first moment that no longer counts.
    ///   - tenant: only rows of this tenant.
    ///   - grouping: by what rows are put together.
    /// - Returns: the sums of every group that has rows.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be read.
    public func summary(
        since: Date? = nil,
        until: Date? = nil,
        tenant: String? = nil,
        groupedBy grouping: Grouping
    ) async throws(LLMError) -> [LedgerSummary] {
        try await summaries(LedgerFilter(since: since, until: until, tenant: tenant), by: grouping.expression)
    }

    private func summaries(_ filter: LedgerFilter, by group: String) async throws(LLMError) -> [LedgerSummary] {
        // What waits for a failing disk is missing here; `pendingCount` tells.
        try? await catchUp()
        return try await read { db throws(LLMError) in
            var query = LedgerSummaryQuery(filter: filter, group: group)
            try query.run(on: db)
            return query.results.values.sorted { ($1.cost, $0.group ?? "") < ($0.cost, $1.group ?? "") }
        }
    }
}
