extension SemanticCache {
    /// Forgets one entry, such as one that gave a wrong answer: ``SemanticMatch/entry``.
    public func remove(entry: Int64) async throws(LLMError) {
        memory.remove([entry])
        try await file?.remove([entry], also: memory)
    }

    /// Forgets everything.
    ///
    /// Nothing is left in the file or its log: neither what has expired, nor what another embedder or another process has
    /// stored; nor in the file that ``SemanticCacheOptions/review`` writes. Requests under way at that moment are answered,
    /// but their answers are not kept.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be written, or if somebody reads it for so long that
    ///   remains are left in its log: then call it again.
    public func removeAll() async throws(LLMError) { try await erase(.everything) }

    /// Forgets all answers of a tenant, or those that one of its users was the first to get, as thoroughly as
    /// ``removeAll()``.
    public func removeAll(tenant: String?, user: String? = nil) async throws(LLMError) {
        try await erase(.tenant(tenant, user: user))
    }

    /// Forgets all answers to requests whose caller had a tag, such as the version of a handbook: ``Caller/tags``.
    /// - Parameters:
    ///   - tag: the tag's name.
    ///   - value: its value; `nil` for any.
    public func removeAll(tag: String, value: String? = nil) async throws(LLMError) {
        try await erase(.tag(tag, value: value))
    }

    /// Forgets what has expired: otherwise it goes when it is found, or to make room.
    public func removeExpired() async throws(LLMError) {
        let now = now
        let ids = memory.ids { $0.isExpired(at: now) }
        memory.remove(ids) { $0.expirations += 1 }
        try await file?.remove(ids, also: memory)
    }

    /// Deletes from the file what another embedder has left, whose vectors can never be found again.
    /// - Returns: how many entries that were.
    @discardableResult
    public func removeForeignEntries() async throws(LLMError) -> Int { try await file?.removeForeign() ?? 0 }

    /// Looks for what other processes have stored in the file and removed from it, which otherwise happens several times
    /// a second.
    package func refresh() async throws(LLMError) { try await file?.refresh(memory) }

    private func erase(_ scope: ErasureScope) async throws(LLMError) {
        // From here on nothing of it is served, whatever becomes of the file.
        memory.erase(Erasure(scope: scope, last: .max))
        // One that fails must not keep the other from being done.
        var failure: LLMError?
        if let file {
            do throws(LLMError) { try await file.erase(scope, also: memory) } catch { failure = error }
            memory.erase(Erasure(scope: scope, last: .max))
        }
        try await options.review?.erase(scope)
        if let failure { throw failure }
    }
}
