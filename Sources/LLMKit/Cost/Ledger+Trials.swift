public import PortableFoundation

extension Ledger {
    /// How decisions of semantic caches turned out, oldest first.
    ///
    /// To calibrate a policy on the app's own traffic, and to report on a cache.
    /// - Parameters:
    ///   - since: the first moment.
    ///   - until: the first moment that no longer counts.
    ///   - tenant: only those of this tenant.
    ///   - limit: at most so many.
    /// - Returns: the trials.
    /// - Throws: ``LLMError`` with code `storage` if rows could not be written or read.
    public func trials(
        since: Date? = nil,
        until: Date? = nil,
        tenant: String? = nil,
        limit: Int = 1_000_000
    ) async throws(LLMError) -> [CacheTrial] {
        try await catchUp()
        let filter = LedgerFilter(since: since, until: until, tenant: tenant)
        return try await read { db throws(LLMError) in try LedgerTrialTable.read(filter, limit: limit, from: db) }
    }
}
