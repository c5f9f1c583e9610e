import CSQLite

/// What a call of SQLite returned, as far as it decides what to do next.
struct SQLiteCode: Error, Hashable {
    /// The extended code, such as 1299 for a column that must not be null.
    let extended: Int32
    init(_ extended: Int32) { self.extended = extended }

    private var primary: Int32 { extended & 0xFF }

    /// Whether somebody else holds the file: the same call may succeed a moment later.
    var isContention: Bool { [SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL].contains(primary) }

    /// Whether the values of one statement were refused: it will never succeed, while others with other values do.
    var concernsValues: Bool { [SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH, SQLITE_RANGE].contains(primary) }
}
