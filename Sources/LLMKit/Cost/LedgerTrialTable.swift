import PortableFoundation

/// The ledger's table of what became of a semantic cache's decisions: one row per ``CacheTrial``.
///
/// The neighbours are one JSON text of numbers, nearest first; the cosines among them are numbers of 32 bits.
enum LedgerTrialTable {
    static let creation = """
        CREATE TABLE cache_trials (
            id INTEGER PRIMARY KEY,
            time_ms INTEGER NOT NULL,
            request_id TEXT,
            tenant TEXT,
            partition INTEGER NOT NULL, partition_count INTEGER NOT NULL,
            entry INTEGER NOT NULL,
            source TEXT NOT NULL,
            action TEXT NOT NULL, neighbour INTEGER, score REAL NOT NULL, threshold REAL NOT NULL,
            check_rate REAL NOT NULL,
            neighbours TEXT NOT NULL, mutual BLOB NOT NULL,
            was_right INTEGER NOT NULL, was_answerable INTEGER NOT NULL
        );
        CREATE INDEX cache_trials_by_time ON cache_trials (time_ms);
        """

    /// Whose vectors were compared.
    static let originColumns = """
        ALTER TABLE cache_trials ADD COLUMN embedder TEXT;
        ALTER TABLE cache_trials ADD COLUMN dimensions INTEGER;
        """

    /// Answers are numbers of 64 bits, which JSON readers in other languages would round: as text they stay whole.
    private struct Neighbour: Decodable {
        var entry: Int64
        var similarity: Double
        var answer: String
        var conflicts: UInt16
        var overlap: Double
        var kinship: Double?
    }

    /// Which number of a trial is none; `nil` if all can be written.
    ///
    /// SQLite makes NULL of NaN, and JSON has neither that nor infinities.
    static func flaw(in row: CacheTrial) -> String? {
        let decision = row.trial.decision
        let columns = [
            ("score", decision.score), ("threshold", decision.threshold), ("check rate", decision.checkRate),
        ]
        let members = row.trial.found.neighbours.lazy.flatMap { neighbour in
            [
                ("similarity of a neighbour", neighbour.similarity), ("overlap of a neighbour", neighbour.overlap),
                ("kinship of a neighbour", neighbour.kinship ?? 0),
            ]
        }
        let flaw = columns.first { $0.1.isNaN } ?? members.first { !$0.1.isFinite }
        return flaw.map { name, value in "the \(name) is \(value), which cannot be written" }
    }

    static func insert(_ row: CacheTrial, into db: SQLiteDatabase) throws(LLMError) {
        let json = json(row.trial.found.neighbours)
        let sql = """
            INSERT INTO cache_trials (time_ms, request_id, tenant, partition, partition_count, entry, source, action,
                neighbour, score, threshold, check_rate, neighbours, mutual, was_right, was_answerable, embedder,
                dimensions)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
            """
        try db.run(sql) { statement in
            statement.bind(Milliseconds.since1970(row.date), at: 1)
            statement.bind(row.requestID?.description, at: 2)
            statement.bind(row.tenant, at: 3)
            statement.bind(Int64(bitPattern: row.trial.found.partition), at: 4)
            statement.bind(row.trial.found.count, at: 5)
            statement.bind(row.entry, at: 6)
            statement.bind(row.source.rawValue, at: 7)
            statement.bind(row.trial.decision.action.rawValue, at: 8)
            statement.bind(row.trial.decision.neighbour, at: 9)
            statement.bind(row.trial.decision.score, at: 10)
            statement.bind(row.trial.decision.threshold, at: 11)
            statement.bind(row.trial.decision.checkRate, at: 12)
            statement.bind(json, at: 13)
            statement.bind(numbers: row.trial.found.mutual, at: 14)
            statement.bind(row.trial.wasRight, at: 15)
            statement.bind(row.trial.wasAnswerable, at: 16)
            statement.bind(row.vectors?.embedder, at: 17)
            statement.bind(row.vectors?.dimensions, at: 18)
        }
    }

    static func erase(tenant: String?, from db: SQLiteDatabase) throws(LLMError) {
        try db.run("DELETE FROM cache_trials WHERE tenant IS ?1") { $0.bind(tenant, at: 1) }
    }

    static func read(_ filter: LedgerFilter, limit: Int, from db: SQLiteDatabase) throws(LLMError) -> [CacheTrial] {
        var trials: [CacheTrial] = []
        let sql = """
            SELECT time_ms, request_id, tenant, partition, partition_count, entry, source, action, neighbour, score,
                threshold, check_rate, neighbours, mutual, was_right, was_answerable, embedder, dimensions
            FROM cache_trials WHERE \(filter.condition) ORDER BY time_ms, id LIMIT ?4
            """
        try db.query(
            sql,
            bind: { statement in
                filter.bind(to: statement)
                statement.bind(limit, at: 4)
            },
            row: { trials.append(trial(from: $0)) }
        )
        return trials
    }

    private static func trial(from row: SQLiteStatement) -> CacheTrial {
        let found = Neighbourhood(
            neighbours(row.text(12) ?? ""),
            mutual: row.floats(13),
            partition: UInt64(bitPattern: row.integer(3)),
            count: Int(row.integer(4))
        )
        let decision = HitDecision(
            HitDecision.Action(rawValue: row.text(7) ?? "") ?? .ask,
            neighbour: row.optionalInteger(8).map(Int.init),
            score: row.double(9),
            threshold: row.double(10),
            checkRate: row.double(11)
        )
        return CacheTrial(
            date: Milliseconds.date(row.integer(0)),
            requestID: row.text(1).flatMap { RequestID(hex: $0) },
            tenant: row.text(2),
            entry: row.integer(5),
            source: CacheTrial.Source(rawValue: row.text(6) ?? "") ?? .recheck,
            trial: HitTrial(
                found: found,
                decision: decision,
                wasRight: row.integer(14) != 0,
                wasAnswerable: row.integer(15) != 0
            ),
            vectors: row.text(16).map { VectorOrigin(embedder: $0, dimensions: Int(row.integer(17))) }
        )
    }

    private static func json(_ neighbours: [Neighbourhood.Neighbour]) -> String {
        var json = JSONWriter()
        json.array(neighbours) { json, neighbour in
            json.object { json in
                json.key("entry")
                json.int(neighbour.entry)
                json.key("similarity")
                json.double(neighbour.similarity)
                json.key("answer")
                json.string(String(neighbour.answer))
                json.key("conflicts")
                json.int(neighbour.conflicts.rawValue)
                json.key("overlap")
                json.double(neighbour.overlap)
                if let kinship = neighbour.kinship {
                    json.key("kinship")
                    json.double(kinship)
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// What somebody else has written into the column is not ours to judge: what can be read counts.
    private static func neighbours(_ json: String) -> [Neighbourhood.Neighbour] {
        let rows = (try? JSONDecoder().decode([Neighbour].self, from: Data(json.utf8))) ?? []
        return rows.map { row in
            var neighbour = Neighbourhood.Neighbour(
                entry: row.entry,
                similarity: row.similarity,
                answer: UInt64(row.answer) ?? 0,
                conflicts: MatchGuards(rawValue: row.conflicts),
                overlap: row.overlap
            )
            neighbour.kinship = row.kinship
            return neighbour
        }
    }
}
