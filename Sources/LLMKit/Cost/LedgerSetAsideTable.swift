/// The ledger's table of rows that their own tables refuse: what they were, and why they are not where they belong.
///
/// One malformed row must neither be lost nor keep the others out.
enum LedgerSetAsideTable {
    static let creation = """
        CREATE TABLE set_aside (
            id INTEGER PRIMARY KEY,
            time_ms INTEGER NOT NULL,
            tenant TEXT, user TEXT,
            kind TEXT NOT NULL,
            reason TEXT NOT NULL,
            content TEXT NOT NULL
        );
        """

    /// The most bytes of a row's text: a row may be refused because it is too large.
    private static let longest = 16 << 10

    static func insert(_ row: LedgerRow, reason: String, into db: SQLiteDatabase) throws(LLMError) {
        let content = shortened(row.content)
        let sql = """
            INSERT INTO set_aside (time_ms, tenant, user, kind, reason, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """
        try db.run(sql) { statement in
            statement.bind(Milliseconds.since1970(row.date), at: 1)
            statement.bind(row.tenant.map(shortened), at: 2)
            statement.bind(row.user.map(shortened), at: 3)
            statement.bind(row.kind, at: 4)
            statement.bind(shortened(reason), at: 5)
            statement.bind(content, at: 6)
        }
    }

    static func erase(tenant: String?, user: String?, from db: SQLiteDatabase) throws(LLMError) {
        try db.run("DELETE FROM set_aside WHERE tenant IS ?1 AND (?2 IS NULL OR user = ?2)") { statement in
            statement.bind(tenant.map(shortened), at: 1)
            statement.bind(user.map(shortened), at: 2)
        }
    }

    static func read(limit: Int, from db: SQLiteDatabase) throws(LLMError) -> [Ledger.SetAsideRow] {
        var rows: [Ledger.SetAsideRow] = []
        try db.query(
            "SELECT time_ms, kind, reason, content FROM set_aside ORDER BY id DESC LIMIT ?1",
            bind: { $0.bind(limit, at: 1) },
            row: { row in
                rows.append(
                    Ledger.SetAsideRow(
                        date: Milliseconds.date(row.integer(0)),
                        kind: row.text(1) ?? "",
                        reason: row.text(2) ?? "",
                        content: row.text(3) ?? ""
                    )
                )
            }
        )
        return rows
    }

    private static func shortened(_ text: String) -> String {
        text.utf8.count <= longest ? text : String(decoding: text.utf8.prefix(longest), as: UTF8.self)
    }
}

extension LedgerRow {
    /// All there is to the row, as Swift dumps it: it holds no prompt and no answer.
    fileprivate var content: String {
        var text = ""
        switch self {
        case .charge(let charge): dump(charge, to: &text)
        case .trial(let trial): dump(trial, to: &text)
        }
        return text
    }
}
