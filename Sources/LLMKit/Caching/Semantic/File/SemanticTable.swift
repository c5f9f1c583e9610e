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
            """,
            """
            CREATE INDEX entries_by_tenant ON entries (tenant);
            CREATE TABLE erasures (
                seq INTEGER PRIMARY KEY AUTOINCREMENT,
                time INTEGER NOT NULL,
                last INTEGER NOT NULL,
                scope TEXT NOT NULL
            );
            DROP TABLE policy;
            CREATE TABLE policy_pieces (
                embedder TEXT NOT NULL,
                key TEXT NOT NULL,
                change INTEGER NOT NULL,
                bytes BLOB NOT NULL,
                PRIMARY KEY (embedder, key)
            );
            CREATE INDEX policy_pieces_by_change ON policy_pieces (change);
            """,
        ]
    )

    /// A row as it is read.
    struct Row: Sendable {
        var id: Int64
        var content: SemanticEntry.Content
        var vector: [Float]
        var response: [UInt8]
    }

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

    /// What of a file was read.
    struct Reading {
        /// The highest number seen.
        var last: Int64
        /// Rows that are none, the first of them described.
        var damaged = 0
        var damage: String?
    }

    /// Hands over the entries of an embedder with higher numbers than `id` that have not expired and are not known yet,
    /// in order. A damaged row is passed over: it must not take the others with it.
    static func read(
        after id: Int64,
        embedder: String,
        dimensions: Int,
        at now: Int64,
        from db: SQLiteDatabase,
        unless isKnown: (Int64) -> Bool,
        each body: (Row) throws(LLMError) -> Void
    ) throws(LLMError) -> Reading {
        let sql = """
            SELECT id, partition, tenant, user, tags, question, vector, answer, cost_pd, created, expires, response
            FROM entries WHERE id > ?2 AND embedder = ?3 AND NOT (\(Expiry.isOverSQL)) ORDER BY id
            """
        var reading = Reading(last: id)
        try db.query(
            sql,
            bind: { statement in
                statement.bind(now, at: 1)
                statement.bind(id, at: 2)
                statement.bind(embedder, at: 3)
            },
            row: { (statement) throws(LLMError) in
                let id = statement.integer(0)
                reading.last = id
                if isKnown(id) { return }
                var problem = "expected a question, a partition of 32 bytes and a vector of \(dimensions) numbers"
                do throws(LLMError) {
                    if let row = row(from: statement, dimensions: dimensions) { return try body(row) }
                } catch {
                    guard error.code == .invalidRequest else { throw error }
                    problem = error.message
                }
                reading.damaged += 1
                reading.damage = reading.damage ?? "entry \(id): \(problem)"
            }
        )
        return reading
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

    // MARK: Tags

    private static func encode(_ tags: [String: String], file: String) throws(LLMError) -> String {
        if tags.isEmpty { return "{}" }
        do {
            return String(decoding: try JSONEncoder().encode(tags), as: UTF8.self)
        } catch {
            throw LLMError(.storage, "\(file): the tags of an entry cannot be written as JSON", cause: error)
        }
    }

    static func decodeTags(_ json: String) -> [String: String] {
        if json == "{}" { return [:] }
        return (try? JSONDecoder().decode([String: String].self, from: Data(json.utf8))) ?? [:]
    }
}
