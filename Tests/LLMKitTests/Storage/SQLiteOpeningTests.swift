import Foundation
import Synchronization
import Testing

@testable import LLMKit

@Suite struct SQLiteOpeningTests {
    private let scratch: ScratchDirectory
    init() throws { scratch = try ScratchDirectory() }

    /// Opens a file from several threads at the same moment, and returns what went wrong.
    private func openAtOnce(_ name: String, times: Int, _ schema: SQLiteDatabase.Schema) -> [String] {
        let failures = Mutex<[String]>([])
        let path = scratch.file(name)
        DispatchQueue.concurrentPerform(iterations: times) { _ in
            do throws(LLMError) {
                let db = try SQLiteDatabase(file: path, schema: schema)
                guard try db.integer("SELECT count(*) FROM calls") == 0 else { throw LLMError(.unknown, "rows") }
                db.close()
            } catch {
                failures.withLock { $0.append(error.description) }
            }
        }
        return failures.withLock { $0 }
    }

    @Test func `many may open one new file at once`() {
        var failures: [String] = []
        for round in 0..<40 { failures += openAtOnce("new\(round)", times: 8, LedgerTable.schema) }
        #expect(failures.isEmpty, "\(failures.count) of 320: \(Set(failures))")
    }

    @Test func `many may bring one old file up to date at once`() throws {
        var old = LedgerTable.schema
        old.migrations.removeLast(2)
        var failures: [String] = []
        for round in 0..<10 {
            try SQLiteDatabase(file: scratch.file("old\(round)"), schema: old).close()
            failures += openAtOnce("old\(round)", times: 8, LedgerTable.schema)
        }
        #expect(failures.isEmpty, "\(failures.count) of 80: \(Set(failures))")
    }

    @Test func `a file that somebody is making at the moment is not taken for somebody else's`() async throws {
        let path = scratch.file("held")
        let holder = try SQLiteDatabase(file: path, schema: .init(applicationID: 0, name: "nothing", migrations: []))
        // As far as another process is when it has its tables but not yet its owner's mark.
        try holder.execute("PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE; CREATE TABLE calls (id INTEGER PRIMARY KEY)")
        // Patient for as long as a busy machine may take to come back to the other half of this test.
        let opening = SerialWorker("opening")
        async let opened: Void = opening.run { () throws(LLMError) in
            try SQLiteDatabase(file: path, schema: LedgerTable.schema, busyTimeout: 300_000).close()
        }
        try await Task.sleep(for: .milliseconds(50))
        try holder.execute("DROP TABLE calls")
        for migration in LedgerTable.schema.migrations { try holder.execute(migration) }
        try holder.execute(
            "PRAGMA application_id=\(LedgerTable.schema.applicationID); "
                + "PRAGMA user_version=\(LedgerTable.schema.migrations.count); COMMIT"
        )
        holder.close()
        try await opened
    }

    @Test func `a file that is held for long is an error that says so`() throws {
        let path = scratch.file("held")
        let holder = try SQLiteDatabase(file: path, schema: LedgerTable.schema)
        try holder.execute("PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE")
        let error = try #require(throws: LLMError.self) {
            try SQLiteDatabase(file: path, schema: LedgerTable.schema, busyTimeout: 20)
        }
        #expect(error.code == .storage)
        #expect(error.message.contains("another process holds the file"))
        try holder.execute("COMMIT")
    }

    @Test func `a parameter that cannot be bound fails the statement, rather than becoming NULL`() throws {
        let db = try SQLiteDatabase(file: ":memory:", schema: LedgerTable.schema)
        try db.execute("CREATE TABLE t (a)")
        let error = try #require(throws: LLMError.self) {
            try db.run("INSERT INTO t VALUES (?1)") { $0.bind("text", at: 2) }
        }
        #expect(SQLiteError.code(of: error)?.concernsValues == true)
        try db.run("INSERT INTO t VALUES (?1)") { $0.bind("text", at: 1) }
        #expect(try db.integer("SELECT count(*) FROM t WHERE a = 'text'") == 1)
    }
}
