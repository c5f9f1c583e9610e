public import PortableFoundation

extension Ledger {
    /// What semantic caches were worth, and how far they can be trusted.
    ///
    /// Requests that another cache answered first are no look-ups of theirs.
    /// - Parameters:
    ///   - since: the first moment.
    ///   - until: the first moment that no longer counts.
    ///   - tenant: only what concerns this tenant.
    ///   - confidence: of the interval around the wrong share, two-sided; above 0 and below 1.
    /// - Returns: the report.
    /// - Throws: ``LLMError`` with code `storage` if rows could not be written or read.
    public func cacheReport(
        since: Date? = nil,
        until: Date? = nil,
        tenant: String? = nil,
        confidence: Double = 0.95
    ) async throws(LLMError) -> CacheReport {
        guard confidence > 0, confidence < 1 else {
            throw LLMError(
                .invalidRequest,
                "cacheReport: a confidence of \(confidence); it must be above 0 and below 1"
            )
        }
        let total = try await total(since: since, until: until, tenant: tenant)
        let caches = try await summary(since: since, until: until, tenant: tenant, groupedBy: .cache)
        let semantic = caches.first { $0.group == CacheHit.Source.semantic.description }
        let others = total.cacheHits - (semantic?.cacheHits ?? 0)
        let trials = try await trials(since: since, until: until, tenant: tenant)
        let counters = CacheReport.Counters(
            lookups: total.requests - others,
            hits: semantic?.cacheHits ?? 0,
            saved: semantic?.savings.semanticCache ?? .zero
        )
        // Whoever complains chooses what to complain of: that is no sample.
        let checked = trials.filter { $0.source != .feedback }
        return CacheReport(counters, matches: checked.map { CheckedMatch($0.trial) }, confidence: confidence)
    }
}
