import CSQLite

/// One connection to a SQLite file, with its prepared statements.
///
/// It is used by one thread at a time (see ``SQLiteStore``), so SQLite's own locking is switched off. Write-ahead logging
/// with `synchronous=NORMAL`: a crash of the process loses nothing that was committed, a power cut at most the last
/// commits, and readers never block the writer.
final class SQLiteDatabase {
    /// What a file must hold: each owner has a number of its own, so that a ledger never opens a cache.
    struct Schema {
        /// Written to SQLite's `application_id`.
        var applicationID: Int32
        /// What the file is called in errors.
        var name: String
        /// The statements that lead from version n to n + 1; SQLite's `user_version` counts them.
        ///
        /// Never change one that was released: add another.
        var migrations: [String]
    }

    /// The path, as the app gave it.
    let file: String
    /// What errors call the file's content.
    private let name: String
    private let busyTimeout: Int32
    private var connection: OpaquePointer?
    private var statements: [String: SQLiteStatement] = [:]

    /// Opens the file, or makes it (readable by its owner only).
    ///
    /// Any number of processes may do so at the same moment.
    /// - Parameters:
    ///   - file: the path, or `:memory:`.
    ///   - schema: what it must hold.
    ///   - busyTimeout: how many milliseconds to wait for another process that holds the file.
    /// - Throws: ``LLMError`` with code `storage`.
    init(file: String, schema: Schema, busyTimeout: Int32 = 5000) throws(LLMError) {
        self.file = file
        name = schema.name
        self.busyTimeout = busyTimeout
        // SQLite would let everybody read it whom the process's umask lets; its logs inherit the file's mode.
        if file != ":memory:" { PrivateFile.createIfMissing(file) }
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(file, &connection, flags, nil)
        do throws(LLMError) {
            guard code == SQLITE_OK else { throw SQLiteError.last(of: connection, code: code, file: file) }
            sqlite3_extended_result_codes(connection, 1)
            sqlite3_busy_timeout(connection, busyTimeout)
            try patiently { () throws(LLMError) in try prepare(schema) }
        } catch {
            close()
            throw error
        }
    }

    deinit { close() }

    private var closed: LLMError { LLMError(.storage, "\(file): closed already: open it anew") }

    func close() {
        for statement in statements.values { statement.finalize() }
        statements = [:]
        sqlite3_close_v2(connection)
        connection = nil
    }

    // MARK: Statements

    /// Runs statements that return nothing.
    func execute(_ sql: String) throws(LLMError) {
        guard let connection else { throw closed }
        let code = sqlite3_exec(connection, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteError.last(of: connection, code: code, file: file) }
    }

    /// A prepared statement, compiled once per connection.
    func statement(_ sql: String) throws(LLMError) -> SQLiteStatement {
        if let known = statements[sql] { return known }
        guard let connection else { throw closed }
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else {
            throw SQLiteError.last(of: connection, code: code, file: file)
        }
        let statement = SQLiteStatement(handle, connection: connection, file: file)
        statements[sql] = statement
        return statement
    }

    /// Runs a statement for what it changes.
    func run(_ sql: String, bind: (SQLiteStatement) -> Void = { _ in }) throws(LLMError) {
        try query(sql, bind: bind, row: { _ in })
    }

    /// Runs a statement and hands over its rows, one at a time.
    func query(
        _ sql: String,
        bind: (SQLiteStatement) -> Void = { _ in },
        row: (SQLiteStatement) throws(LLMError) -> Void
    ) throws(LLMError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        bind(statement)
        while try statement.step() { try row(statement) }
    }

    /// The first column of the first row, as a number.
    func integer(_ sql: String) throws(LLMError) -> Int64? {
        var result: Int64?
        try query(sql, row: { row in if result == nil { result = row.integer(0) } })
        return result
    }

    /// How many rows the last statement changed.
    var changes: Int { Int(sqlite3_changes(connection)) }

    /// When a transaction takes its locks.
    enum TransactionKind: String {
        /// With the first statement: for reading, so that all statements see one state of the file.
        case deferred = "BEGIN DEFERRED"
        /// At once: for writing, so that nobody else can come between.
        case immediate = "BEGIN IMMEDIATE"
    }

    /// All of `body` or nothing of it.
    func transaction<Value>(
        _ kind: TransactionKind = .immediate,
        _ body: () throws(LLMError) -> Value
    ) throws(LLMError) -> Value {
        try execute(kind.rawValue)
        do throws(LLMError) {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            // SQLite rolls back by itself after some errors; then this fails, and there is nothing left to undo.
            sqlite3_exec(connection, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    /// Runs `body`, in which a lock that another process holds is an error at once.
    ///
    /// For work that can be left undone.
    func withoutWaiting<Value>(_ body: () throws(LLMError) -> Value) throws(LLMError) -> Value {
        try waiting(milliseconds: 0, body)
    }

    /// Runs `body`, in which a lock that another process holds for longer than that is an error.
    func waiting<Value>(
        milliseconds: Int32,
        _ body: () throws(LLMError) -> Value
    ) throws(LLMError) -> Value {
        sqlite3_busy_timeout(connection, min(milliseconds, busyTimeout))
        defer { sqlite3_busy_timeout(connection, busyTimeout) }
        return try body()
    }

    /// Writes the log back into the file and empties it: deleted content is overwritten in the file, but its pages may
    /// stand in the log until then.
    /// - Throws: ``LLMError`` with code `storage` if another connection reads the log for longer than the busy timeout.
    func emptyLog() throws(LLMError) {
        var isBusy = false
        try query("PRAGMA wal_checkpoint(TRUNCATE)", row: { isBusy = $0.integer(0) != 0 })
        guard isBusy else { return }
        throw LLMError(
            .storage,
            "\(file): what was to be removed is gone from the file, but remains of it are left in \(file)-wal, because another "
                + "connection is reading; call this again"
        )
    }

    /// That the file was deleted, moved or replaced since it was opened: what is written goes on to the open one, and is lost
    /// with this process unless somebody keeps that.
    ///
    /// SQLite itself does not mind where it writes ahead. `nil` if the file is where it was.
    var misplacement: LLMError? {
        var hasMoved: Int32 = 0
        // A database without a name has no place.
        guard file != ":memory:", !file.isEmpty,
            sqlite3_file_control(connection, "main", SQLITE_FCNTL_HAS_MOVED, &hasMoved) == SQLITE_OK, hasMoved != 0
        else { return nil }
        return LLMError(
            .storage,
            "\(file) was deleted or moved while the \(name) had it open: what is stored now may be lost with this process; start "
                + "anew, or put it back"
        )
    }

    /// Runs `body` again, for as long as ``busyTimeout``, while somebody else holds the file.
    ///
    /// SQLite waits for locks itself, but not for all: switching a file to write-ahead logging fails at once, and so does
    /// opening a log that is just being recovered.
    private func patiently(_ body: () throws(LLMError) -> Void) throws(LLMError) {
        let end = MonotonicTime.now() + Int64(busyTimeout) * 1_000_000
        var pause: Int64 = 1_000_000
        while true {
            do throws(LLMError) {
                return try body()
            } catch {
                guard SQLiteError.code(of: error)?.isContention == true, MonotonicTime.now() < end else { throw error }
            }
            // Of several that were refused together, each comes back at a moment of its own.
            sleepThread(nanoseconds: .random(in: pause / 2...pause))
            pause = min(pause * 2, 50_000_000)
        }
    }

    // MARK: Schema

    private func prepare(_ schema: Schema) throws(LLMError) {
        try checkOwner(schema)
        try execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON")
        try migrate(schema)
    }

    /// Refuses files of somebody else, before anything in them is changed.
    private func checkOwner(_ schema: Schema) throws(LLMError) {
        // In one transaction: between two single statements, another process might make the tables.
        let (owner, tables) = try transaction(.deferred) { () throws(LLMError) in
            (try integer("PRAGMA application_id") ?? 0, try integer("SELECT count(*) FROM sqlite_schema") ?? 0)
        }
        if owner == Int64(schema.applicationID) { return }
        guard owner == 0, tables == 0 else {
            throw LLMError(
                .storage,
                "\(file): the database holds something else than a \(schema.name) of LLMKit; choose another path"
            )
        }
    }

    private func migrate(_ schema: Schema) throws(LLMError) {
        let target = Int64(schema.migrations.count)
        guard try integer("PRAGMA user_version") != target else { return }
        // Another process may be doing the same: the version counts again once the lock is held.
        try transaction { () throws(LLMError) in
            let version = try integer("PRAGMA user_version") ?? 0
            guard version >= 0, version <= target else {
                throw LLMError(
                    .storage,
                    "\(file): written by a newer LLMKit (\(schema.name) version \(version), this one knows \(target)); "
                        + "update LLMKit, or choose another path"
                )
            }
            for migration in schema.migrations.dropFirst(Int(version)) { try execute(migration) }
            try execute("PRAGMA application_id=\(schema.applicationID); PRAGMA user_version=\(target)")
        }
    }
}
