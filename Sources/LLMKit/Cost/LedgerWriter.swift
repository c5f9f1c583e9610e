/// Brings a ledger's rows to disk, a batch in one transaction.
///
/// A transaction costs many times what a row does. A disk that fails keeps the whole batch queued; a row that is refused
/// for what it holds would be refused forever, so it is set aside, and the others are written.
struct LedgerWriter: Sendable {
    let diagnostics: Diagnostics
    /// That the file is not where it was.
    let misplacement = FileTrouble()

    func write(_ rows: ArraySlice<LedgerRow>, to db: SQLiteDatabase) -> BatchDelivery {
        do throws(LLMError) {
            let refused = try db.transaction { () throws(LLMError) in
                var refused: [(kind: String, reason: String)] = []
                for row in rows {
                    guard let reason = try insert(row, into: db) else { continue }
                    refused.append((row.kind, reason))
                }
                return refused
            }
            // Not before they are safe: a batch that fails as a whole comes again.
            for (kind, reason) in refused {
                let message = "a \(kind) could not be written and is kept in the table set_aside: \(reason)"
                diagnostics.report(.error, "ledger", message)
            }
            watchPlace(of: db)
            return .delivered
        } catch {
            return .failed(error)
        }
    }

    /// Rows are written to a file that somebody has moved, where they are safe, and to one that was deleted, where they are
    /// not: held back they would fill the memory.
    private func watchPlace(of db: SQLiteDatabase) {
        if misplacement.note(db.misplacement) { diagnostics.report(.info, "ledger", "the file is back in its place") }
        misplacement.tell { diagnostics.report(.error, "ledger", "rows go to a file that nobody finds", cause: $0) }
    }

    /// Adds a row; returns why it had to be set aside, if it had to.
    private func insert(_ row: LedgerRow, into db: SQLiteDatabase) throws(LLMError) -> String? {
        var reason = row.flaw
        if reason == nil {
            do throws(LLMError) {
                try row.insert(into: db)
            } catch {
                guard SQLiteError.code(of: error)?.concernsValues == true else { throw error }
                reason = error.message
            }
        }
        if let reason { try LedgerSetAsideTable.insert(row, reason: reason, into: db) }
        return reason
    }
}
