/// The statements behind a summary.
///
/// SQLite's `sum` fails beyond 64 bits, which are 9.2 million dollars in picodollars: millionths of dollars and the rest
/// are summed apart, which is enough for as many rows as a file can hold.
struct LedgerSummaryQuery {
    let filter: LedgerFilter
    let group: String
    private(set) var results: [String?: LedgerSummary] = [:]

    init(filter: LedgerFilter, group: String) {
        self.filter = filter
        self.group = group
    }

    private static let split: Int128 = 1_000_000
    private static let isUsed = "kind IN ('answer', 'cache_hit')"
    private static let isCall = "kind <> 'cache_hit'"

    private static let counts: [(any WritableKeyPath<LedgerSummary, Int> & Sendable, String)] = [
        (\.requests, "count(DISTINCT request_id)"),
        (\.calls, "sum(\(isCall))"), (\.retries, "sum(purpose = 'retry')"),
        (\.routingCalls, "sum(kind = 'routing')"),
        (\.answers, "sum(kind = 'answer')"),
        (\.cacheHits, "sum(kind = 'cache_hit')"),
        (\.rejected, "sum(kind = 'rejected')"),
        (\.failed, "sum(kind = 'failed')"),
        (\.confidenceCalls, "sum(kind = 'confidence')"),
        (\.shadows, "sum(kind = 'shadow')"),
        (\.embeddings, "sum(kind = 'embedding')"),
        (\.checks, "sum(kind = 'check')"),
        (\.estimated, "sum(is_estimated)"),
        (\.mismatched, "sum(NOT adds_up)"),
        (\.unpriced, "sum(cost_pd IS NULL)"),
    ]

    private static let tokens: [(any WritableKeyPath<LedgerSummary, Int> & Sendable, String)] = [
        (\.usage.input, "input"), (\.usage.cacheRead, "cache_read"), (\.usage.cacheWrite5m, "cache_write_5m"),
        (\.usage.cacheWrite1h, "cache_write_1h"), (\.usage.output, "output"), (\.usage.reasoning, "reasoning"),
    ]

    /// Amounts, their columns, and which rows count.
    private static let amounts: [(any WritableKeyPath<LedgerSummary, Money> & Sendable, column: String, rows: String)] =
        [
            (\.cost, "cost_pd", "1"), (\.overhead, "cost_pd", "NOT (\(isUsed))"),
            (\.savings.baseline, "baseline_pd", "1"),
            (\.savings.resultCache, "saved_result_cache_pd", "1"),
            (\.savings.semanticCache, "saved_semantic_cache_pd", "1"),
            (\.savings.coalescing, "saved_coalescing_pd", "1"), (\.savings.promptCache, "saved_prompt_cache_pd", "1"),
            (\.savings.routing, "saved_routing_pd", "1"),
        ]

    mutating func run(on db: SQLiteDatabase) throws(LLMError) {
        if try sums(on: db) { try hugeAmounts(on: db) }
        try percentiles(of: "total_us", \.total, on: db)
        try percentiles(of: "first_token_us", \.firstToken, on: db)
    }

    /// Sums everything up; returns whether some amounts had to be left out, because they are kept as text.
    private mutating func sums(on db: SQLiteDatabase) throws(LLMError) -> Bool {
        func sum(_ column: String, where condition: String) -> String {
            let value = "CASE WHEN typeof(\(column)) = 'integer' AND \(condition) THEN \(column) END"
            return "sum((\(value)) / \(Self.split)), sum((\(value)) % \(Self.split))"
        }
        let columns =
            ["\(group) AS key"] + Self.counts.map(\.1) + Self.tokens.map { sum($0.1, where: Self.isCall) }
            + Self.amounts.map { sum($0.column, where: $0.rows) }
            + ["sum(\(Set(Self.amounts.map(\.column)).map { "typeof(\($0)) = 'text'" }.joined(separator: " OR ")))"]
        var hugeRows: Int64 = 0
        var results: [String?: LedgerSummary] = [:]
        let sql = "SELECT \(columns.joined(separator: ", ")) FROM calls WHERE \(filter.condition) GROUP BY key"
        try query(sql, on: db) { row in
            var summary = LedgerSummary(group: row.text(0))
            var column: Int32 = 1
            for (path, _) in Self.counts {
                summary[keyPath: path] = Int(row.integer(column))
                column += 1
            }
            func exactSum() -> Int128 {
                defer { column += 2 }
                return Int128(row.integer(column)) * Self.split + Int128(row.integer(column + 1))
            }
            for (path, _) in Self.tokens { summary[keyPath: path] = Int(clamping: exactSum()) }
            for (path, _, _) in Self.amounts { summary[keyPath: path] = Money(picodollars: exactSum()) }
            hugeRows += row.integer(column)
            results[summary.group] = summary
        }
        self.results = results
        return hugeRows > 0
    }

    /// Amounts beyond 64 bits, which are kept as text: hardly ever is there one.
    private mutating func hugeAmounts(on db: SQLiteDatabase) throws(LLMError) {
        var results = results
        for (path, column, condition) in Self.amounts {
            let sql = """
                SELECT \(group) AS key, \(column) FROM calls
                WHERE \(filter.condition) AND typeof(\(column)) = 'text' AND \(condition)
                """
            try query(sql, on: db) { row in
                results[row.text(0), default: LedgerSummary()][keyPath: path] += LedgerTable.money(row, 1) ?? .zero
            }
        }
        self.results = results
    }

    /// Walks over all values in order, and keeps those at the ranks that are asked for.
    private mutating func percentiles(
        of column: String,
        _ path: WritableKeyPath<LedgerSummary, LedgerSummary.Percentiles>,
        on db: SQLiteDatabase
    ) throws(LLMError) {
        var results = results
        let condition = "\(filter.condition) AND \(Self.isUsed) AND \(column) IS NOT NULL"
        var counts: [String?: Int] = [:]
        try query("SELECT \(group) AS key, count(*) FROM calls WHERE \(condition) GROUP BY key", on: db) { row in
            counts[row.text(0)] = Int(row.integer(1))
        }
        var current: String?
        var rank = 0
        let sql = "SELECT \(group) AS key, \(column) FROM calls WHERE \(condition) ORDER BY key, \(column)"
        try query(sql, on: db) { row in
            let key = row.text(0)
            rank = key == current ? rank + 1 : 1
            current = key
            let count = counts[key] ?? 0
            // Nearest rank: the smallest value that is not below p of all values.
            if rank == (count + 1) / 2 { results[key]?[keyPath: path].p50 = .microseconds(row.integer(1)) }
            if rank == (count * 99 + 99) / 100 { results[key]?[keyPath: path].p99 = .microseconds(row.integer(1)) }
        }
        self.results = results
    }

    private func query(
        _ sql: String,
        on db: SQLiteDatabase,
        row: (SQLiteStatement) throws(LLMError) -> Void
    ) throws(LLMError) {
        try db.query(sql, bind: { filter.bind(to: $0) }, row: row)
    }
}
