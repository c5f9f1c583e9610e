extension Ledger {
    /// Deletes all rows of a tenant, or of one of its users, and overwrites where they were.
    /// - Parameters:
    ///   - tenant: whose rows; `nil` for those without a tenant.
    ///   - user: only those of this user; `nil` for all.
    /// - Returns: how many calls were deleted.
    /// - Throws: ``LLMError`` with code `storage` if rows could not be written or deleted, or if somebody was reading the
    ///   file all the while: then the rows are gone from the tables, but not from SQLite's log. Ask again.
    @discardableResult
    public func erase(tenant: String?, user: String? = nil) async throws(LLMError) -> Int {
        // Rows that still wait would be written after the others are gone.
        if await !queue.flush(), let error = lastError { throw error }
        return try await write { db throws(LLMError) in
            let count = try db.transaction { () throws(LLMError) in
                try db.run("DELETE FROM calls WHERE tenant IS ?1 AND (?2 IS NULL OR user = ?2)") { statement in
                    statement.bind(tenant, at: 1)
                    statement.bind(user, at: 2)
                }
                let count = db.changes
                if user == nil { try LedgerTrialTable.erase(tenant: tenant, from: db) }
                try LedgerSetAsideTable.erase(tenant: tenant, user: user, from: db)
                return count
            }
            // The write-ahead log still holds the rows as they were.
            guard try db.integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0 else {
                throw LLMError(
                    .storage,
                    "\(db.file): the rows are deleted, but SQLite's log still holds them, because somebody kept reading "
                        + "the file; ask again when nobody does"
                )
            }
            return count
        }
    }
}
