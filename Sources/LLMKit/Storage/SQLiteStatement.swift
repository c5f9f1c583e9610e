import CSQLite

/// A prepared statement: bind, step, read, reset.
///
/// Parameters count from 1 and columns from 0, as in SQLite. What is not bound is NULL.
final class SQLiteStatement {
    private var handle: OpaquePointer?
    private let connection: OpaquePointer?
    private let file: String
    /// Why a parameter could not be bound: SQLite would run the statement with NULL in its place.
    private var bindFailure = SQLITE_OK

    init(_ handle: OpaquePointer, connection: OpaquePointer?, file: String) {
        self.handle = handle
        self.connection = connection
        self.file = file
    }

    /// Moves to the next row; `false` after the last.
    func step() throws(LLMError) -> Bool {
        guard bindFailure == SQLITE_OK else {
            defer { reset() }
            throw SQLiteError.make(bindFailure, file: file)
        }
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let error = SQLiteError.last(of: connection, code: code, file: file)
            reset()
            throw error
        }
    }

    /// Makes the statement ready for the next run, with nothing bound.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        bindFailure = SQLITE_OK
    }

    func finalize() {
        sqlite3_finalize(handle)
        handle = nil
    }

    // MARK: Parameters

    private func note(_ code: Int32) { if code != SQLITE_OK, bindFailure == SQLITE_OK { bindFailure = code } }

    func bind(_ value: Int64, at index: Int32) { note(sqlite3_bind_int64(handle, index, value)) }
    func bind(_ value: Int, at index: Int32) { note(sqlite3_bind_int64(handle, index, Int64(value))) }
    func bind(_ value: Bool, at index: Int32) { note(sqlite3_bind_int(handle, index, value ? 1 : 0)) }
    /// SQLite has no NaN: it becomes NULL.
    func bind(_ value: Double, at index: Int32) { note(sqlite3_bind_double(handle, index, value)) }

    func bind(_ value: String, at index: Int32) {
        var value = value
        value.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                note(llmkit_sqlite_bind_text(handle, index, bytes.baseAddress, Int32(clamping: bytes.count)))
            }
        }
    }

    func bind(_ value: [UInt8], at index: Int32) {
        value.withUnsafeBytes { bytes in
            note(llmkit_sqlite_bind_blob(handle, index, bytes.baseAddress, Int32(clamping: bytes.count)))
        }
    }

    func bind(_ value: Int64?, at index: Int32) { if let value { bind(value, at: index) } }
    func bind(_ value: Int?, at index: Int32) { if let value { bind(value, at: index) } }
    func bind(_ value: Double?, at index: Int32) { if let value { bind(value, at: index) } }
    func bind(_ value: String?, at index: Int32) { if let value { bind(value, at: index) } }

    // MARK: Columns

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }
    func isText(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_TEXT }
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }
    func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    func text(_ column: Int32) -> String? {
        guard let bytes = sqlite3_column_text(handle, column) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    func blob(_ column: Int32) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// A blob of little-endian numbers of 32 bits; empty if it is none.
    func floats(_ column: Int32) -> [Float] {
        let count = Int(sqlite3_column_bytes(handle, column))
        guard let bytes = sqlite3_column_blob(handle, column), count % 4 == 0 else { return [] }
        let numbers = [Float](unsafeUninitializedCapacity: count / 4) { buffer, initialized in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: count))
            initialized = count / 4
        }
        #if _endian(big)
        return numbers.map { Float(bitPattern: $0.bitPattern.littleEndian) }
        #else
        return numbers
        #endif
    }

    func bind(numbers: [Float], at index: Int32) {
        #if _endian(big)
        let numbers = numbers.map { Float(bitPattern: $0.bitPattern.littleEndian) }
        #endif
        numbers.withUnsafeBytes { bytes in
            note(llmkit_sqlite_bind_blob(handle, index, bytes.baseAddress, Int32(clamping: bytes.count)))
        }
    }

    /// A number, or `nil` where the column is NULL.
    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
    func optionalDouble(_ column: Int32) -> Double? { isNull(column) ? nil : double(column) }
}
