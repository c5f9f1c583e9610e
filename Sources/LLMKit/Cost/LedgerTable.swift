/// The table of a ``Ledger``: one row per charge.
///
/// Times are milliseconds since 1970, spans are microseconds, amounts are picodollars. Amounts have no column type, so
/// that one beyond 64 bits (9.2 million dollars for one call: a hostile upstream may report such usage) is kept exactly,
/// as text. No row holds a prompt or an answer.
enum LedgerTable {
    static let schema = SQLiteDatabase.Schema(
        applicationID: 0x4C4B_4C47,
        name: "ledger",
        migrations: [
            """
            CREATE TABLE calls (
                id INTEGER PRIMARY KEY,
                time_ms INTEGER NOT NULL,
                request_id TEXT NOT NULL,
                tenant TEXT, user TEXT, feature TEXT, conversation TEXT,
                tags TEXT,
                route TEXT, tier INTEGER,
                purpose TEXT NOT NULL,
                model TEXT NOT NULL, vendor TEXT NOT NULL, model_asked TEXT, model_served TEXT, service_tier TEXT NOT NULL,
                input INTEGER NOT NULL, cache_read INTEGER NOT NULL,
                cache_write_5m INTEGER NOT NULL, cache_write_1h INTEGER NOT NULL,
                output INTEGER NOT NULL, reasoning INTEGER NOT NULL, reported_total INTEGER,
                adds_up INTEGER NOT NULL, is_estimated INTEGER NOT NULL,
                cost_pd, baseline_pd,
                saved_result_cache_pd, saved_semantic_cache_pd, saved_coalescing_pd, saved_prompt_cache_pd, saved_routing_pd,
                cache TEXT,
                attempts INTEGER NOT NULL,
                finish TEXT, error TEXT, vendor_request_id TEXT,
                confidence REAL,
                is_streamed INTEGER NOT NULL,
                connect_us INTEGER, first_token_us INTEGER, longest_gap_us INTEGER, mean_gap_us INTEGER,
                total_us INTEGER NOT NULL,
                losses TEXT, price_version TEXT
            );
            CREATE INDEX calls_by_time ON calls (time_ms);
            """,
            """
            ALTER TABLE calls ADD COLUMN cache_entry INTEGER;
            ALTER TABLE calls ADD COLUMN cache_similarity REAL;
            ALTER TABLE calls ADD COLUMN cache_score REAL;
            ALTER TABLE calls ADD COLUMN cache_threshold REAL;
            """,
            LedgerTrialTable.creation,
            // One row per attempt: what it counts as, why it was made, and who was asked.
            """
            ALTER TABLE calls RENAME COLUMN purpose TO kind;
            ALTER TABLE calls RENAME COLUMN attempts TO ordinal;
            ALTER TABLE calls ADD COLUMN purpose TEXT;
            ALTER TABLE calls ADD COLUMN is_sent INTEGER NOT NULL DEFAULT 1;
            ALTER TABLE calls ADD COLUMN server_address TEXT;
            ALTER TABLE calls ADD COLUMN server_port INTEGER;
            ALTER TABLE calls ADD COLUMN route_reason TEXT;
            ALTER TABLE calls ADD COLUMN judgement TEXT;
            """,
            LedgerSetAsideTable.creation,
            // The first edition's name for it, so that people's queries and dashboards read on.
            "ALTER TABLE calls ADD COLUMN attempts INTEGER GENERATED ALWAYS AS (ordinal) VIRTUAL",
            LedgerTrialTable.originColumns,
            LedgerReadableView.creation,
        ]
    )

    /// In the order in which rows are bound and read.
    static let columns = [
        "time_ms", "request_id", "tenant", "user", "feature", "conversation", "tags", "route", "tier", "kind",
        "model",
        "vendor", "model_asked", "model_served", "service_tier", "input", "cache_read", "cache_write_5m",
        "cache_write_1h", "output", "reasoning", "reported_total", "adds_up", "is_estimated", "cost_pd", "baseline_pd",
        "saved_result_cache_pd", "saved_semantic_cache_pd", "saved_coalescing_pd", "saved_prompt_cache_pd",
        "saved_routing_pd", "cache", "ordinal", "finish", "error", "vendor_request_id", "confidence", "is_streamed",
        "connect_us", "first_token_us", "longest_gap_us", "mean_gap_us", "total_us",
        "losses", "price_version", "cache_entry", "cache_similarity", "cache_score", "cache_threshold",
        "purpose", "is_sent", "server_address", "server_port", "route_reason", "judgement",
    ]

    private static let insertion =
        "INSERT INTO calls (\(columns.joined(separator: ", "))) "
        + "VALUES (\(columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")))"

    /// Between the losses of one call, whose words hold no semicolon.
    static let lossSeparator = "; "

    static func insert(_ charge: Charge, into db: SQLiteDatabase) throws(LLMError) {
        try db.run(insertion) { bind(charge, to: $0) }
    }

    private static func bind(_ charge: Charge, to row: SQLiteStatement) {
        row.bind(Milliseconds.since1970(charge.date), at: 1)
        row.bind(charge.requestID.description, at: 2)
        row.bind(charge.caller.tenant, at: 3)
        row.bind(charge.caller.user, at: 4)
        row.bind(charge.caller.feature, at: 5)
        row.bind(charge.caller.conversation, at: 6)
        if !charge.caller.tags.isEmpty { row.bind(json(charge.caller.tags), at: 7) }
        row.bind(charge.route, at: 8)
        row.bind(charge.tier, at: 9)
        row.bind(charge.kind.rawValue, at: 10)
        row.bind(charge.model.description, at: 11)
        row.bind(charge.vendor, at: 12)
        row.bind(charge.modelAsked, at: 13)
        row.bind(charge.modelServed, at: 14)
        row.bind(charge.serviceTier.description, at: 15)
        row.bind(charge.usage.input, at: 16)
        row.bind(charge.usage.cacheRead, at: 17)
        row.bind(charge.usage.cacheWrite5m, at: 18)
        row.bind(charge.usage.cacheWrite1h, at: 19)
        row.bind(charge.usage.output, at: 20)
        row.bind(charge.usage.reasoning, at: 21)
        row.bind(charge.usage.reportedTotal, at: 22)
        row.bind(charge.usage.addsUp, at: 23)
        row.bind(charge.usage.isEstimated, at: 24)
        bind(charge.cost, to: row, at: 25)
        if let savings = charge.savings {
            bind(savings.baseline, to: row, at: 26)
            bind(savings.resultCache, to: row, at: 27)
            bind(savings.semanticCache, to: row, at: 28)
            bind(savings.coalescing, to: row, at: 29)
            bind(savings.promptCache, to: row, at: 30)
            bind(savings.routing, to: row, at: 31)
        }
        row.bind(charge.cache?.description, at: 32)
        row.bind(charge.ordinal, at: 33)
        row.bind(charge.finish?.description, at: 34)
        row.bind(charge.errorCode?.description, at: 35)
        row.bind(charge.vendorRequestID, at: 36)
        row.bind(charge.confidence, at: 37)
        row.bind(charge.isStreamed, at: 38)
        bind(charge.timing.connect, to: row, at: 39)
        bind(charge.timing.firstToken, to: row, at: 40)
        bind(charge.timing.longestGap, to: row, at: 41)
        bind(charge.timing.meanGap, to: row, at: 42)
        bind(charge.timing.total, to: row, at: 43)
        if !charge.losses.isEmpty { row.bind(charge.losses.joined(separator: lossSeparator), at: 44) }
        row.bind(charge.priceVersion, at: 45)
        row.bind(charge.match?.entry, at: 46)
        row.bind(charge.match?.similarity, at: 47)
        row.bind(charge.match?.decision.score, at: 48)
        row.bind(charge.match?.threshold, at: 49)
        row.bind(charge.purpose?.description, at: 50)
        row.bind(charge.isSent, at: 51)
        row.bind(charge.upstream?.serverAddress, at: 52)
        row.bind(charge.upstream?.serverPort, at: 53)
        row.bind(charge.routeReason.map(LedgerDetails.json), at: 54)
        row.bind(charge.judgement.flatMap(LedgerDetails.json), at: 55)
    }

    private static func bind(_ amount: Money?, to row: SQLiteStatement, at index: Int32) {
        guard let amount else { return }
        if let small = Int64(exactly: amount.picodollars) {
            row.bind(small, at: index)
        } else {
            row.bind(String(amount.picodollars), at: index)
        }
    }

    private static func bind(_ span: Duration?, to row: SQLiteStatement, at index: Int32) {
        guard let (seconds, attoseconds) = span?.components else { return }
        // 10,000 years are as good as endless, and far from an overflow.
        row.bind(
            min(max(seconds, -315_576_000_000), 315_576_000_000) * 1_000_000 + attoseconds / 1_000_000_000_000,
            at: index
        )
    }

    private static func json(_ tags: [String: String]) -> String {
        var json = JSONWriter(capacity: 64)
        json.object { json in
            for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
                json.key(name)
                json.string(value)
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
