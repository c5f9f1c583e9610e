/// The table of a ``SQLiteResultCache``, and the statements on it.
///
/// Times are milliseconds since 1970.
enum ResultCacheTable {
    static let schema = SQLiteDatabase.Schema(
        applicationID: 0x4C4B_5243,
        name: "result cache",
        migrations: [
            """
            CREATE TABLE answers (
                id INTEGER PRIMARY KEY,
                key BLOB NOT NULL UNIQUE,
                tenant TEXT,
                user TEXT,
                created INTEGER NOT NULL,
                expires INTEGER,
                used INTEGER NOT NULL,
                bytes INTEGER NOT NULL,
                checksum INTEGER NOT NULL,
                response BLOB NOT NULL
            );
            CREATE INDEX answers_by_use ON answers (used);
            CREATE TABLE size (bytes INTEGER NOT NULL);
            INSERT INTO size VALUES (0);
            CREATE TRIGGER answer_added AFTER INSERT ON answers
                BEGIN UPDATE size SET bytes = bytes + new.bytes; END;
            CREATE TRIGGER answer_removed AFTER DELETE ON answers
                BEGIN UPDATE size SET bytes = bytes - old.bytes; END;
            """
        ]
    )

    struct Row: Sendable {
        var key: Fingerprint
        var tenant: String?
        var user: String?
        var created: Int64
        var expires: Int64?
    }

    enum Finding: Sendable {
        case hit(ChatResponse)
        case miss
        case expired
        case corrupt
    }

    /// Noting every use would make every look-up a write.
    private static let useResolution: Int64 = 60_000
    /// Beside the answer: the row's other columns and their share of the indices.
    private static let overhead = 200

    static func read(_ key: Fingerprint, at now: Int64, from db: SQLiteDatabase) throws(LLMError) -> Finding {
        var finding = Finding.miss
        var lastUse = Int64.max
        let sql = "SELECT expires, used, checksum, response, created FROM answers WHERE key = ?1"
        func read(_ row: SQLiteStatement) {
            if Expiry(created: row.integer(4), expires: row.optionalInteger(0)).isOver(at: now) {
                finding = .expired
                return
            }
            lastUse = row.integer(1)
            let json = row.blob(3)
            let response = try? StoredResponse.decode(json)
            finding =
                if let response, checksum(of: json, key) == row.integer(2) { .hit(response) } else { .corrupt }
        }
        try db.query(sql, bind: { $0.bind(key.bytes, at: 1) }, row: { read($0) })
        switch finding {
        case .hit:
            // The order of use is a hint for eviction: if another process holds the file, the hit is worth more.
            if now - useResolution > lastUse {
                try? db.withoutWaiting { () throws(LLMError) in try touch(key, at: now, in: db) }
            }
        case .expired, .corrupt: try? db.withoutWaiting { () throws(LLMError) in try delete(key, from: db) }
        case .miss: break
        }
        return finding
    }

    /// Keeps an answer and makes room for it, in its caller's transaction.
    /// - Returns: how many others had to go; `nil` if it was too large to keep.
    static func write(
        _ response: ChatResponse,
        _ row: Row,
        limit: Int64,
        to db: SQLiteDatabase
    ) throws(LLMError) -> Int? {
        let json: [UInt8]
        do {
            json = try StoredResponse.encode(response)
        } catch {
            throw LLMError(.storage, "\(db.file): the answer cannot be written as JSON", cause: error)
        }
        let bytes = Int64(json.count + overhead)
        guard bytes <= limit else { return nil }
        try delete(row.key, from: db)
        let sql = """
            INSERT INTO answers (key, tenant, user, created, expires, used, bytes, checksum, response)
            VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?6, ?7, ?8)
            """
        try db.run(sql) { statement in
            statement.bind(row.key.bytes, at: 1)
            statement.bind(row.tenant, at: 2)
            statement.bind(row.user, at: 3)
            statement.bind(row.created, at: 4)
            statement.bind(row.expires, at: 5)
            statement.bind(bytes, at: 6)
            statement.bind(checksum(of: json, row.key), at: 7)
            statement.bind(json, at: 8)
        }
        return try makeRoom(limit: limit, in: db)
    }

    static func delete(_ key: Fingerprint, from db: SQLiteDatabase) throws(LLMError) {
        try db.run("DELETE FROM answers WHERE key = ?1") { $0.bind(key.bytes, at: 1) }
    }

    private static func touch(_ key: Fingerprint, at now: Int64, in db: SQLiteDatabase) throws(LLMError) {
        try db.run("UPDATE answers SET used = ?1 WHERE key = ?2") { statement in
            statement.bind(now, at: 1)
            statement.bind(key.bytes, at: 2)
        }
    }

    /// Deletes the least recently used, one at a time: mostly, one goes for one that comes.
    private static func makeRoom(limit: Int64, in db: SQLiteDatabase) throws(LLMError) -> Int {
        var evicted = 0
        while try db.integer("SELECT bytes FROM size") ?? 0 > limit {
            try db.execute("DELETE FROM answers WHERE id = (SELECT id FROM answers ORDER BY used, id LIMIT 1)")
            guard db.changes > 0 else { break }
            evicted += 1
        }
        return evicted
    }

    /// 64 bits of the SHA-256 of key and answer: a row that was damaged, or filed under another key, is not served.
    private static func checksum(of json: [UInt8], _ key: Fingerprint) -> Int64 {
        var hash = SHA256()
        hash.update(key.bytes)
        hash.update(json)
        return Int64(bitPattern: hash.finalizeWords().0)
    }
}
