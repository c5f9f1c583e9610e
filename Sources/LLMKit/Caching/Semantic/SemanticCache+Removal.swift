extension SemanticCache {
    /// Forgets one entry, such as one that gave a wrong answer: ``SemanticMatch/entry``.
    public func remove(entry: Int64) async throws(LLMError) {
        memory.remove([entry])
        try await file?.remove([entry])
    }

    /// Forgets everything.
    public func removeAll() async throws(LLMError) { try await removeAll { _ in true } }

    /// Forgets all answers of a tenant, or those that one of its users was the first to get.
    public func removeAll(tenant: String?, user: String? = nil) async throws(LLMError) {
        try await removeAll { $0.content.tenant == tenant && (user == nil || $0.content.user == user) }
    }

    /// Forgets all answers to requests whose caller had a tag, such as the version of a handbook: ``Caller/tags``.
    /// - Parameters:
    ///   - tag: the tag's name.
    ///   - value: its value; `nil` for any.
    public func removeAll(tag: String, value: String? = nil) async throws(LLMError) {
        try await removeAll { entry in
            guard let own = entry.content.tags[tag] else { return false }
            return value == nil || own == value
        }
    }

    /// Forgets what has expired: otherwise it goes when it is found, or to make room.
    public func removeExpired() async throws(LLMError) {
        let now = now
        let ids = memory.ids { $0.isExpired(at: now) }
        memory.remove(ids) { $0.expirations += 1 }
        try await file?.remove(ids)
    }

    /// Deletes from the file what another embedder has left, whose vectors can never be found again.
    /// - Returns: how many entries that were.
    @discardableResult
    public func removeForeignEntries() async throws(LLMError) -> Int { try await file?.removeForeign() ?? 0 }

    /// Looks for what other processes have stored in the file and removed from it, which otherwise happens several times
    /// a second.
    package func refresh() async throws(LLMError) { try await file?.refresh(memory) }

    private func removeAll(where matches: (SemanticEntry) -> Bool) async throws(LLMError) {
        // What other processes have stored goes, too.
        try await refresh()
        let ids = memory.ids(where: matches)
        memory.remove(ids)
        try await file?.remove(ids)
    }
}
