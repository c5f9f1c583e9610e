/// A SQLite database together with the thread that all its work runs on.
///
/// Unchecked: the database is only touched by jobs of its own worker, which run one after the other; before the first
/// job, only `init` has it.
final class SQLiteStore: @unchecked Sendable {
    private let worker = SerialWorker("llmkit.sqlite")
    private let database: SQLiteDatabase

    /// Opens the file on the calling thread, so that a file that cannot be used is an error at assembly.
    /// - Throws: ``LLMError`` with code `storage`.
    init(file: String, schema: SQLiteDatabase.Schema) throws(LLMError) {
        database = try SQLiteDatabase(file: file, schema: schema)
    }

    deinit {
        // Closing writes the log back into the file: that is work for the database's own thread, too.
        worker.enqueue { [database = Confined(database)] in database.value.close() }
    }

    var file: String { database.file }

    /// Suspends until `body` has run on the database's thread.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteDatabase) throws(LLMError) -> Value
    ) async throws(LLMError) -> Value {
        try await worker.run { [database = Confined(database)] () throws(LLMError) in try body(database.value) }
    }

    /// Runs `body` on the database's thread, later.
    func enqueue(after delay: Duration? = nil, _ body: @escaping @Sendable (SQLiteDatabase) -> Void) {
        let database = Confined(database)
        if let delay {
            worker.enqueue(after: delay) { body(database.value) }
        } else {
            worker.enqueue { body(database.value) }
        }
    }

    /// A queue whose batches are written on the database's thread.
    ///
    /// It keeps the database open for as long as something waits in it.
    func batchQueue<Element>(
        _ name: String,
        _ options: BatchQueue<Element>.Options,
        diagnostics: Diagnostics,
        write: @escaping @Sendable (ArraySlice<Element>, SQLiteDatabase) -> BatchDelivery
    ) -> BatchQueue<Element> {
        BatchQueue(name, options, worker: worker, diagnostics: diagnostics) { batch in write(batch, self.database) }
    }

    /// Runs `body` on the database's thread and blocks until it is done: for the end of the process only.
    func runBlocking(limit: Duration, _ body: @escaping @Sendable (SQLiteDatabase) -> Void) {
        let database = Confined(database)
        worker.runBlocking(limit: limit) { body(database.value) }
    }
}

/// Carries the database into jobs of its worker, and nowhere else.
private struct Confined: @unchecked Sendable {
    let value: SQLiteDatabase
    init(_ value: SQLiteDatabase) { self.value = value }
}
