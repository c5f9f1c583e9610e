import PortableFoundation

/// The tables of a semantic cache's file, and the statements on them.
///
/// Numbers of entries are never used twice, so that a process that has seen number n has seen all before it. What was
/// removed is noted for the other processes, and the note forgotten once all have had time to see it.
enum SemanticTable {
    static let schema = SQLiteDatabase.Schema(
        applicationID: 0x4C4B_5343,
        name: "semantic cache",
        migrations: [
            """
            CREATE TABLE entries (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                embedder TEXT NOT NULL,
                partition BLOB NOT NULL,
                tenant TEXT, user TEXT, tags TEXT NOT NULL,
                question TEXT NOT NULL,
                vector BLOB NOT NULL,
                answer INTEGER NOT NULL,
                cost_pd INTEGER NOT NULL,
                created INTEGER NOT NULL,
                expires INTEGER,
                response BLOB NOT NULL
            );
            CREATE TABLE removals (seq INTEGER PRIMARY KEY AUTOINCREMENT, id INTEGER NOT NULL, time INTEGER NOT NULL);
            CREATE TABLE policy (id INTEGER PRIMARY KEY CHECK (id = 1), state BLOB NOT NULL);
            """
        ]
    )

    /// A row as it is read.
    struct Row: Sendable {
        var id: Int64
        var content: SemanticEntry.Content
        var vector: [Float]
        var response: [UInt8]
    }

    /// How long the note of a removal is kept: many times what it takes the other processes to look.
    private static let noteLifetime: Int64 = 600_000

    static func insert(
        _ content: SemanticEntry.Content,
        embedder: String,
        vector: [Float],
        response: [UInt8],
        into db: SQLiteDatabase
    ) throws(LLMError) -> Int64 {
        let tags = try encode(content.tags, file: db.file)
        let sql = """
            INSERT INTO entries (embedder, partition, tenant, user, tags, question, vector, answer, cost_pd, created,
                expires, response)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """
        try db.run(sql) { statement in
            statement.bind(embedder, at: 1)
            statement.bind(content.partition.bytes, at: 2)
            statement.bind(content.tenant, at: 3)
            statement.bind(content.user, at: 4)
            statement.bind(tags, at: 5)
            statement.bind(content.question, at: 6)
            statement.bind(numbers: vector, at: 7)
            statement.bind(Int64(bitPattern: content.answer), at: 8)
            statement.bind(content.cost, at: 9)
            statement.bind(content.created, at: 10)
            statement.bind(content.expires, at: 11)
            statement.bind(response, at: 12)
        }
        return try db.integer("SELECT last_insert_rowid()") ?? 0
    }

    /// Hands over the entries of an embedder with higher numbers than `id` that have not expired and are not known yet,
    /// in order.
    static func read(
        after id: Int64,
        embedder: String,
        dimensions: Int,
        at now: Int64,
        from db: SQLiteDatabase,
        unless isKnown: (Int64) -> Bool,
        each body: (Row) throws(LLMError) -> Void
    ) throws(LLMError) {
        let sql = """
            SELECT id, partition, tenant, user, tags, question, vector, answer, cost_pd, created, expires, response
            FROM entries WHERE id > ?1 AND embedder = ?2 AND (expires IS NULL OR expires > ?3) ORDER BY id
            """
        try db.query(
            sql,
            bind: { statement in
                statement.bind(id, at: 1)
                statement.bind(embedder, at: 2)
                statement.bind(now, at: 3)
            },
            row: { (statement) throws(LLMError) in
                if isKnown(statement.integer(0)) { return }
                guard let row = row(from: statement, dimensions: dimensions) else {
                    throw LLMError(
                        .storage,
                        "\(db.file): entry \(statement.integer(0)) of the semantic cache is damaged: expected a partition of "
                            + "32 bytes and a vector of \(dimensions) numbers; delete the file to start anew"
                    )
                }
                try body(row)
            }
        )
    }

    private static func row(from statement: SQLiteStatement, dimensions: Int) -> Row? {
        let vector = statement.floats(6)
        guard vector.count == dimensions, let partition = Fingerprint(bytes: statement.blob(1)),
            let question = statement.text(5)
        else { return nil }
        let content = SemanticEntry.Content(
            partition: partition,
            question: question,
            answer: UInt64(bitPattern: statement.integer(7)),
            tenant: statement.text(2),
            user: statement.text(3),
            tags: decodeTags(statement.text(4) ?? ""),
            cost: statement.integer(8),
            created: statement.integer(9),
            expires: statement.optionalInteger(10)
        )
        return Row(id: statement.integer(0), content: content, vector: vector, response: statement.blob(11))
    }

    static func highestID(in db: SQLiteDatabase) throws(LLMError) -> Int64 {
        try db.integer("SELECT max(seq) FROM sqlite_sequence WHERE name = 'entries'") ?? 0
    }

    // MARK: Removing

    static func remove(_ ids: [Int64], at now: Int64, from db: SQLiteDatabase) throws(LLMError) {
        guard !ids.isEmpty else { return }
        try db.transaction { () throws(LLMError) in
            for id in ids {
                try db.run("DELETE FROM entries WHERE id = ?1") { $0.bind(id, at: 1) }
                guard db.changes > 0 else { continue }
                try db.run("INSERT INTO removals (id, time) VALUES (?1, ?2)") { statement in
                    statement.bind(id, at: 1)
                    statement.bind(now, at: 2)
                }
            }
            try db.run("DELETE FROM removals WHERE time < ?1") { $0.bind(now - noteLifetime, at: 1) }
        }
    }

    /// The numbers of entries that were removed since note `seq`, and the last note.
    static func removals(after seq: Int64, in db: SQLiteDatabase) throws(LLMError) -> (ids: [Int64], seq: Int64) {
        var ids: [Int64] = []
        var last = seq
        try db.query(
            "SELECT seq, id FROM removals WHERE seq > ?1 ORDER BY seq",
            bind: { $0.bind(seq, at: 1) },
            row: { row in
                last = row.integer(0)
                ids.append(row.integer(1))
            }
        )
        return (ids, last)
    }

    static func lastRemoval(in db: SQLiteDatabase) throws(LLMError) -> Int64 {
        try db.integer("SELECT max(seq) FROM sqlite_sequence WHERE name = 'removals'") ?? 0
    }

    static func removeExpired(at now: Int64, from db: SQLiteDatabase) throws(LLMError) {
        try db.run("DELETE FROM entries WHERE expires <= ?1") { $0.bind(now, at: 1) }
    }

    /// Removes what another embedder has left: its vectors can never be found again.
    static func removeForeign(embedder: String, from db: SQLiteDatabase) throws(LLMError) -> Int {
        try db.run("DELETE FROM entries WHERE embedder <> ?1") { $0.bind(embedder, at: 1) }
        return db.changes
    }

    // MARK: The policy

    static func policyState(in db: SQLiteDatabase) throws(LLMError) -> [UInt8]? {
        var state: [UInt8]?
        try db.query("SELECT state FROM policy", row: { state = $0.blob(0) })
        return state
    }

    static func setPolicyState(_ state: [UInt8], in db: SQLiteDatabase) throws(LLMError) {
        try db.run("INSERT OR REPLACE INTO policy (id, state) VALUES (1, ?1)") { $0.bind(state, at: 1) }
    }

    // MARK: Tags

    private static func encode(_ tags: [String: String], file: String) throws(LLMError) -> String {
        if tags.isEmpty { return "{}" }
        do {
            return String(decoding: try JSONEncoder().encode(tags), as: UTF8.self)
        } catch {
            throw LLMError(.storage, "\(file): the tags of an entry cannot be written as JSON", cause: error)
        }
    }

    private static func decodeTags(_ json: String) -> [String: String] {
        if json == "{}" { return [:] }
        return (try? JSONDecoder().decode([String: String].self, from: Data(json.utf8))) ?? [:]
    }
}
