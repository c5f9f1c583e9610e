/// What a policy has learned, piece by piece, in a semantic cache's file (the table is in ``SemanticTable/schema``).
enum PolicyTable {
    /// More pieces than this are not kept: those that changed least recently go.
    static let most = 10_000

    /// Puts pieces together with what the file holds of them, in one transaction.
    /// - Returns: the results.
    static func add(
        _ pieces: [PolicyPiece],
        of embedder: String,
        to db: SQLiteDatabase,
        combining combine: (PolicyPiece, PolicyPiece) -> PolicyPiece
    ) throws(LLMError) -> [PolicyPiece] {
        try db.transaction { () throws(LLMError) in
            var results: [PolicyPiece] = []
            for piece in pieces {
                var known: PolicyPiece?
                try db.query(
                    "SELECT bytes FROM policy_pieces WHERE embedder = ?1 AND key = ?2",
                    bind: { statement in
                        statement.bind(embedder, at: 1)
                        statement.bind(piece.key, at: 2)
                    },
                    row: { known = PolicyPiece(key: piece.key, bytes: $0.blob(0)) }
                )
                let result = known.map { combine($0, piece) } ?? piece
                let sql = """
                    INSERT OR REPLACE INTO policy_pieces (embedder, key, change, bytes)
                    VALUES (?1, ?2, (SELECT coalesce(max(change), 0) + 1 FROM policy_pieces), ?3)
                    """
                try db.run(sql) { statement in
                    statement.bind(embedder, at: 1)
                    statement.bind(piece.key, at: 2)
                    statement.bind(result.bytes, at: 3)
                }
                results.append(PolicyPiece(key: piece.key, bytes: result.bytes))
            }
            let sql = """
                DELETE FROM policy_pieces WHERE change <= (
                    SELECT change FROM policy_pieces ORDER BY change DESC LIMIT 1 OFFSET \(most)
                )
                """
            try db.run(sql)
            return results
        }
    }

    /// The pieces that changed since `change`, and the last change.
    static func read(
        of embedder: String,
        after change: Int64,
        from db: SQLiteDatabase
    ) throws(LLMError) -> ([PolicyPiece], last: Int64) {
        var pieces: [PolicyPiece] = []
        var last = change
        try db.query(
            "SELECT key, bytes, change FROM policy_pieces WHERE change > ?1 AND embedder = ?2 ORDER BY change",
            bind: { statement in
                statement.bind(change, at: 1)
                statement.bind(embedder, at: 2)
            },
            row: { row in
                pieces.append(PolicyPiece(key: row.text(0) ?? "", bytes: row.blob(1)))
                last = row.integer(2)
            }
        )
        return (pieces, last)
    }
}
