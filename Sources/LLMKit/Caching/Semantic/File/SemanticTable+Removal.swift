/// Removing entries, and the notes by which other processes learn of it.
extension SemanticTable {
    /// How long a note is kept: many times what it takes the other processes to look. Who comes later than that compares
    /// all that it has.
    private static let noteLifetime: Int64 = 600_000

    /// What was removed by others.
    struct Removals {
        var ids: [Int64] = []
        var erasures: [Erasure] = []
        /// The last notes there are.
        var place = NotePlace()
        /// Whether notes were forgotten before they were seen.
        var hasGap = false
    }

    /// How far the notes were read.
    struct NotePlace {
        var removal: Int64 = 0
        var erasure: Int64 = 0
    }

    /// Removes entries by their numbers, within a transaction.
    static func remove(_ ids: [Int64], at now: Int64, from db: SQLiteDatabase) throws(LLMError) {
        for id in ids {
            try db.run("DELETE FROM entries WHERE id = ?1") { $0.bind(id, at: 1) }
            guard db.changes > 0 else { continue }
            try db.run("INSERT INTO removals (id, time) VALUES (?1, ?2)") { statement in
                statement.bind(id, at: 1)
                statement.bind(now, at: 2)
            }
        }
        try forgetNotes(at: now, in: db)
    }

    /// Removes all entries of a scope, whichever embedder they are of, loaded or not, expired or not, within a transaction.
    static func erase(_ scope: ErasureScope, at now: Int64, from db: SQLiteDatabase) throws(LLMError) {
        let json = try scope.encoded(file: db.file)
        let last = try highestID(in: db)
        switch scope {
        case .everything: try db.run("DELETE FROM entries")
        case .tenant(let tenant, let user):
            try db.run("DELETE FROM entries WHERE tenant IS ?1 AND (?2 IS NULL OR user = ?2)") { statement in
                statement.bind(tenant, at: 1)
                statement.bind(user, at: 2)
            }
        case .tag(let tag, let value):
            let sql = """
                DELETE FROM entries WHERE EXISTS (
                    SELECT 1 FROM json_each(CASE WHEN json_valid(tags) THEN tags ELSE '{}' END) AS tag
                    WHERE tag.key = ?1 AND (?2 IS NULL OR tag.value = ?2)
                )
                """
            try db.run(sql) { statement in
                statement.bind(tag, at: 1)
                statement.bind(value, at: 2)
            }
            try eraseUnreadable(scope, from: db)
        }
        try db.run("INSERT INTO erasures (time, last, scope) VALUES (?1, ?2, ?3)") { statement in
            statement.bind(now, at: 1)
            statement.bind(last, at: 2)
            statement.bind(json, at: 3)
        }
        try forgetNotes(at: now, in: db)
    }

    /// Removes entries with tags that SQLite reads otherwise than they were written: its texts of JSON end at a zero.
    private static func eraseUnreadable(_ scope: ErasureScope, from db: SQLiteDatabase) throws(LLMError) {
        var ids: [Int64] = []
        try db.query(
            "SELECT id, tags, tenant, user FROM entries WHERE instr(tags, '\\u0000') > 0",
            row: { row in
                let tags = decodeTags(row.text(1) ?? "")
                if scope.matches(tenant: row.text(2), user: row.text(3), tags: tags) { ids.append(row.integer(0)) }
            }
        )
        for id in ids { try db.run("DELETE FROM entries WHERE id = ?1") { $0.bind(id, at: 1) } }
    }

    /// Forgets notes that all have had time to see: an order to forget names whom it was about.
    /// - Returns: how many.
    @discardableResult
    static func forgetNotes(at now: Int64, in db: SQLiteDatabase) throws(LLMError) -> Int {
        var count = 0
        for table in ["removals", "erasures"] {
            try db.run("DELETE FROM \(table) WHERE time < ?1") { $0.bind(now - noteLifetime, at: 1) }
            count += db.changes
        }
        return count
    }

    /// What was removed since `place`.
    static func removals(after place: NotePlace, in db: SQLiteDatabase) throws(LLMError) -> Removals {
        var found = Removals(place: try lastNotes(in: db))
        var last = place.removal
        try db.query(
            "SELECT seq, id FROM removals WHERE seq > ?1 ORDER BY seq",
            bind: { $0.bind(place.removal, at: 1) },
            row: { row in
                found.hasGap = found.hasGap || row.integer(0) != last + 1
                last = row.integer(0)
                found.ids.append(row.integer(1))
            }
        )
        found.erasures = try erasures(after: place.erasure, in: db)
        // Their numbers have no holes, so that their count tells whether all of them were still there.
        let missed = found.place.erasure - place.erasure - Int64(found.erasures.count)
        if last < found.place.removal || missed != 0 { found.hasGap = true }
        return found
    }

    /// The orders to forget that came after a number; those that cannot be read are left out.
    static func erasures(after number: Int64, in db: SQLiteDatabase) throws(LLMError) -> [Erasure] {
        var found: [Erasure] = []
        try db.query(
            "SELECT last, scope FROM erasures WHERE seq > ?1 ORDER BY seq",
            bind: { $0.bind(number, at: 1) },
            row: { row in
                guard let scope = ErasureScope(decoding: row.text(1) ?? "") else { return }
                found.append(Erasure(scope: scope, last: row.integer(0)))
            }
        )
        return found
    }

    static func lastNotes(in db: SQLiteDatabase) throws(LLMError) -> NotePlace {
        NotePlace(removal: try lastNumber(of: "removals", in: db), erasure: try lastNumber(of: "erasures", in: db))
    }

    static func highestID(in db: SQLiteDatabase) throws(LLMError) -> Int64 { try lastNumber(of: "entries", in: db) }

    private static func lastNumber(of table: String, in db: SQLiteDatabase) throws(LLMError) -> Int64 {
        try db.integer("SELECT max(seq) FROM sqlite_sequence WHERE name = '\(table)'") ?? 0
    }

    /// The numbers of all entries of an embedder.
    static func ids(of embedder: String, in db: SQLiteDatabase) throws(LLMError) -> Set<Int64> {
        var ids: Set<Int64> = []
        try db.query(
            "SELECT id FROM entries WHERE embedder = ?1",
            bind: { $0.bind(embedder, at: 1) },
            row: { ids.insert($0.integer(0)) }
        )
        return ids
    }

    /// A clock that is behind must not empty the file: what seems to come from the future stays.
    static func removeExpired(at now: Int64, from db: SQLiteDatabase) throws(LLMError) {
        try db.run("DELETE FROM entries WHERE expires <= ?1") { $0.bind(now, at: 1) }
    }

    /// Removes what another embedder has left: its vectors can never be found again.
    static func removeForeign(embedder: String, from db: SQLiteDatabase) throws(LLMError) -> Int {
        try db.run("DELETE FROM entries WHERE embedder <> ?1") { $0.bind(embedder, at: 1) }
        let count = db.changes
        try db.run("DELETE FROM policy_pieces WHERE embedder <> ?1") { $0.bind(embedder, at: 1) }
        if count > 0 { try db.emptyLog() }
        return count
    }
}
