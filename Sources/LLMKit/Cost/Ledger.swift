public import PortableFoundation

/// Books every call in a SQLite file: who, which model, how many tokens, what it cost, what it would have cost.
///
/// ```swift
/// let ledger = try Ledger(path: "ledger.sqlite")
/// let pipeline = Pipeline(…, meter: ledger)
/// let total = try await ledger.total()
/// print(total.cost, total.saved)
/// ```
///
/// Recording takes about a microsecond of the caller's time and neither waits nor fails. Rows reach the file in batches,
/// every 50 ms, and at the latest when the process exits; none is ever dropped: while the disk fails they wait in memory
/// (``pendingCount``, ``lastError``). Several processes may write to one file, and any SQLite tool may read it: the table
/// is called `calls`. It holds no prompts and no answers.
public final class Ledger: CostMeter {
    private let store: SQLiteStore
    let writer: LedgerWriter

    /// Opens the file, or makes it, readable by its owner only.
    ///
    /// This blocks for some milliseconds: do it when the app starts.
    /// - Parameter path: the file; SQLite keeps two more beside it (`-wal`, `-shm`).
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be used.
    public convenience init(path: String) throws(LLMError) {
        try self.init(path: path, delay: .milliseconds(50))
    }

    /// A ledger that lives as long as the process, for tests and small tools.
    public static func inMemory() throws(LLMError) -> Ledger { try Ledger(path: ":memory:") }

    init(path: String, delay: Duration) throws(LLMError) {
        store = try SQLiteStore(file: path, schema: LedgerTable.schema)
        writer = LedgerWriter(store, delay: delay)
    }

    public func record(_ charge: Charge) { writer.record(.charge(charge)) }
    public func record(_ trial: CacheTrial) { writer.record(.trial(trial)) }

    /// How many rows are not on disk yet.
    ///
    /// If it keeps growing, see ``lastError``.
    public var pendingCount: Int { writer.pendingCount }

    /// Why rows could not be written; `nil` once they were.
    ///
    /// Rows stay queued meanwhile, and writing is tried again.
    public var lastError: LLMError? { writer.lastError }

    /// Returns when everything recorded so far is on disk, or after one attempt if the disk fails: see ``lastError``.
    public func flush() async { try? await writer.flush() }

    /// Writes what is left and closes the file.
    ///
    /// Nothing may be recorded or asked afterwards.
    /// - Throws: ``LLMError`` with code `storage` if rows could not be written. They stay queued, and the file open.
    public func close() async throws(LLMError) {
        try await writer.flush()
        try await read { $0.close() }
    }

    /// Runs `body` on the ledger's own connection, on its thread.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteDatabase) throws(LLMError) -> Value
    ) async throws(LLMError) -> Value {
        try await store.run(body)
    }

    /// The rows of a time, oldest first, as the charges they were made of.
    ///
    /// Reservations are not kept, and times are rounded: the date to milliseconds, spans to microseconds.
    /// - Parameters:
    ///   - since: the first moment.
    ///   - until: the first moment that no longer counts.
    ///   - tenant: only rows of this tenant.
    ///   - limit: at most so many rows.
    /// - Returns: the charges.
    /// - Throws: ``LLMError`` with code `storage` if rows could not be written or read.
    public func charges(
        since: Date? = nil,
        until: Date? = nil,
        tenant: String? = nil,
        limit: Int = 1000
    ) async throws(LLMError) -> [Charge] {
        try await writer.flush()
        let filter = LedgerFilter(since: since, until: until, tenant: tenant)
        return try await read { db throws(LLMError) in
            var charges: [Charge] = []
            try db.query(
                "\(LedgerTable.selection) WHERE \(filter.condition) ORDER BY time_ms, id LIMIT ?4",
                bind: { statement in
                    filter.bind(to: statement)
                    statement.bind(limit, at: 4)
                },
                row: { charges.append(LedgerTable.charge(from: $0)) }
            )
            return charges
        }
    }

    /// Deletes all rows of a tenant, or of one of its users, and overwrites where they were.
    /// - Returns: how many rows were deleted.
    @discardableResult
    public func erase(tenant: String?, user: String? = nil) async throws(LLMError) -> Int {
        try await writer.flush()
        return try await read { db throws(LLMError) in
            try db.run("DELETE FROM calls WHERE tenant IS ?1 AND (?2 IS NULL OR user = ?2)") { statement in
                statement.bind(tenant, at: 1)
                statement.bind(user, at: 2)
            }
            let count = db.changes
            if user == nil { try LedgerTrialTable.erase(tenant: tenant, from: db) }
            // The write-ahead log still holds the rows as they were.
            try db.run("PRAGMA wal_checkpoint(TRUNCATE)")
            return count
        }
    }
}
