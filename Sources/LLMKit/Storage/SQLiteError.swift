import CSQLite

/// Turns SQLite's result codes into errors that say which file, what SQLite says, and what to do.
enum SQLiteError {
    static func make(_ code: Int32, file: String, detail: String? = nil) -> LLMError {
        let text = detail ?? String(cString: sqlite3_errstr(code))
        var error = LLMError(.storage, "\(file): \(text); \(advice(code & 0xFF))")
        error.vendorCode = "sqlite_\(code)"
        error.cause = SQLiteCode(code)
        return error
    }

    /// What SQLite returned, if it was SQLite that failed.
    static func code(of error: LLMError) -> SQLiteCode? { error.cause as? SQLiteCode }

    /// What `connection` says about its last failure.
    static func last(of connection: OpaquePointer?, code: Int32, file: String) -> LLMError {
        guard let connection else { return make(code, file: file) }
        return make(
            sqlite3_extended_errcode(connection),
            file: file,
            detail: String(cString: sqlite3_errmsg(connection))
        )
    }

    private static func advice(_ primaryCode: Int32) -> String {
        switch primaryCode {
        case SQLITE_NOTADB:
            "the file holds something else than a SQLite database: choose another path, or move the file away"
        case SQLITE_CORRUPT:
            "the file is damaged: move it away to start a new one, or save what is left with sqlite3's .recover"
        case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH:
            "check that the directory exists and that this process may write to it and to the file"
        case SQLITE_FULL: "the disk is full, or a quota is used up: make room"
        case SQLITE_IOERR: "the disk or the network file system failed: see the system log"
        case SQLITE_BUSY, SQLITE_LOCKED: "another process holds the file for long: look for an open transaction"
        case SQLITE_TOOBIG, SQLITE_NOMEM: "the value is too big for a database row or for memory"
        default: "this is likely a fault of the library: please report it"
        }
    }
}
