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
/// (`pendingCount`, ``lastError``), and one that is refused for what it holds is set aside (``rowsSetAside(limit:)``).
/// Summaries are read on a connection of their own, so neither holds up the other. Several processes may write to one
/// file, and any SQLite tool may read it: the table is called `calls`. It holds no prompts and no answers.
public final class Ledger: CostMeter {
    let queue: BatchQueue<LedgerRow>
    private let writer: LedgerWriter
    private let store: SQLiteStore
    /// The connection that questions are answered on; the writer's, where there is no file to open twice.
    private let reader: SQLiteStore
    /// How long a question waits for what was recorded just before it.
    private let patience: Duration

    /// Opens the file, or makes it, readable by its owner only.
    ///
    /// This blocks for some milliseconds: do it when the app starts.
    /// - Parameters:
    ///   - path: the file; SQLite keeps two more beside it (`-wal`, `-shm`).
    ///   - diagnostics: told when rows cannot be written, and when they can be again.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be used.
    public convenience init(path: String, diagnostics: Diagnostics = .standardError) throws(LLMError) {
        try self.init(path: path, delay: .milliseconds(50), diagnostics: diagnostics)
    }

    /// A ledger that lives as long as the process, for tests and small tools.
    package static func inMemory() throws(LLMError) -> Ledger { try Ledger(path: ":memory:") }

    init(
        path: String,
        delay: Duration,
        patience: Duration = .seconds(1),
        diagnostics: Diagnostics = .standardError
    ) throws(LLMError) {
        store = try SQLiteStore(file: path, schema: LedgerTable.schema)
        let hasFile = path != ":memory:" && !path.isEmpty
        reader = hasFile ? try SQLiteStore(file: path, schema: LedgerTable.schema) : store
        self.patience = patience
        writer = LedgerWriter(diagnostics: diagnostics)
        let options = BatchQueue<LedgerRow>.Options(delay: delay, exitLimit: .seconds(5))
        queue = store.batchQueue("ledger", options, diagnostics: diagnostics, write: writer.write)
    }

    public func record(_ charge: Charge) { queue.append(.charge(charge)) }
    public func record(_ trial: CacheTrial) { queue.append(.trial(trial)) }

    /// How many rows are not on disk yet.
    ///
    /// If it keeps growing, see ``lastError``.
    package var pendingCount: Int { queue.pendingCount }

    /// Why rows could not be written, or that the file was deleted or moved under them; `nil` once all is well.
    ///
    /// Rows that cannot be written stay queued, and writing is tried again.
    public var lastError: LLMError? {
        switch queue.lastError {
        case nil: writer.misplacement.error
        case is BatchQueueClosed: LLMError(.storage, "\(store.file): closed already: open it anew")
        case let error?: LLMError(wrapping: error)
        }
    }

    /// Returns when everything recorded so far is on disk, or after one attempt if the disk fails: see ``lastError``.
    public func flush() async { _ = await queue.flush() }

    /// Writes what is left and closes the file.
    ///
    /// Nothing may be recorded or asked afterwards.
    /// - Throws: ``LLMError`` with code `storage` if rows could not be written. They stay queued, and the file open.
    public func close() async throws(LLMError) {
        guard await queue.close() else { throw unwritten }
        try await store.run { $0.close() }
        if reader !== store { try await reader.run { $0.close() } }
    }

    // MARK: The connections

    /// Runs `body` on the connection for reading, on its thread.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteDatabase) throws(LLMError) -> Value
    ) async throws(LLMError) -> Value {
        try await reader.run(body)
    }

    /// Runs `body` on the connection that rows are written on, on its thread.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteDatabase) throws(LLMError) -> Value
    ) async throws(LLMError) -> Value {
        try await store.run(body)
    }

    /// Waits for what was recorded so far, but not for long: a question is not held up by a writer that is.
    /// - Throws: what kept rows from being written.
    func catchUp() async throws(LLMError) {
        guard queue.pendingCount > 0, await !queue.flush(deadline: .now + patience) else { return }
        if let error = lastError { throw error }
    }

    private var unwritten: LLMError {
        lastError ?? LLMError(.storage, "\(store.file): rows came while it was being closed: stop recording first")
    }
}
