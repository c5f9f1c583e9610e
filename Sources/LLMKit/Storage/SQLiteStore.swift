import Synchronization

/// A SQLite database together with the thread that all its work runs on.
///
/// Unchecked: the database is only touched by jobs of its own worker, which run one after the other; before the first
/// job, only `init` has it.
final class SQLiteStore: @unchecked Sendable {
    private let worker = SerialWorker("llmkit.sqlite")
    private let database: SQLiteDatabase
    private let writes = Mutex(Writes())

    private struct Writes {
        var waiting = 0
        /// Whether the last one found the file held by another process.
        var isHeld = false
    }

    /// More writes do not wait: while another process holds the file, they would fill the memory.
    private static let mostWaiting = 1_024
    /// How long a write waits for another process, in milliseconds, and how long behind one that waited in vain.
    private static let patience: Int32 = 500
    private static let impatience: Int32 = 5

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

    /// Suspends until `body` has written to the database: all of it, or nothing.
    ///
    /// A request waits for it, and another process may hold the file for long. So it gives up after half a second; and
    /// those behind one that was held up wait hardly at all until one gets through, else each would wait as long, one after
    /// the other.
    /// - Parameter body: runs in a transaction.
    /// - Throws: what `body` throws; ``LLMError`` with code `storage` if the file is held, or too many wait already.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (SQLiteDatabase) throws(LLMError) -> Value
    ) async throws(LLMError) -> Value {
        let mayWait = writes.withLock { writes in
            guard writes.waiting < Self.mostWaiting else { return false }
            writes.waiting += 1
            return true
        }
        guard mayWait else {
            throw LLMError(
                .storage,
                "\(file): not written: \(Self.mostWaiting) writes wait for another process already"
            )
        }
        return try await run { [self] db throws(LLMError) in
            let isHeld = writes.withLock { writes in
                writes.waiting -= 1
                return writes.isHeld
            }
            do throws(LLMError) {
                let value = try db.waiting(milliseconds: isHeld ? Self.impatience : Self.patience) {
                    () throws(LLMError) in try db.transaction { () throws(LLMError) in try body(db) }
                }
                writes.withLock { $0.isHeld = false }
                return value
            } catch {
                writes.withLock { $0.isHeld = SQLiteError.code(of: error)?.isContention == true }
                throw error
            }
        }
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
