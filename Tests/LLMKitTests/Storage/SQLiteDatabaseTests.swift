import Foundation
import Testing

@testable import LLMKit

@Suite struct SQLiteDatabaseTests {
    private let scratch: ScratchDirectory
    init() throws { scratch = try ScratchDirectory() }

    private let schema = SQLiteDatabase.Schema(
        applicationID: 77,
        name: "test",
        migrations: ["CREATE TABLE t (a, b, c, d)"]
    )

    private func open(_ name: String, _ schema: SQLiteDatabase.Schema? = nil) throws -> SQLiteDatabase {
        try SQLiteDatabase(file: scratch.file(name), schema: schema ?? self.schema)
    }

    @Test func `values come back as they were bound`() throws {
        let db = try open("a")
        try db.run("INSERT INTO t VALUES (?1, ?2, ?3, ?4)") { row in
            row.bind(Int64.min, at: 1)
            row.bind("zwölf\0Äpfel", at: 2)
            row.bind([UInt8](), at: 3)
        }
        try db.run("INSERT INTO t VALUES (?1, ?2, ?3, ?4)") { row in
            row.bind(0.1, at: 1)
            row.bind("", at: 2)
            row.bind([0, 255], at: 3)
            row.bind(true, at: 4)
        }
        var rows = 0
        try db.query("SELECT a, b, c, d FROM t ORDER BY rowid") { row in
            rows += 1
            if rows == 1 {
                #expect(row.integer(0) == .min)
                #expect(row.text(1) == "zwölf\0Äpfel")
                #expect(!row.isNull(2) && row.blob(2).isEmpty)
                #expect(row.isNull(3) && row.optionalInteger(3) == nil)
            } else {
                #expect(row.double(0) == 0.1)
                #expect(row.text(1) == "" && row.isText(1))
                #expect(row.blob(2) == [0, 255])
                #expect(row.optionalInteger(3) == 1)
            }
        }
        #expect(rows == 2)
    }

    @Test func `a failed transaction leaves nothing behind`() throws {
        let db = try open("a")
        #expect(throws: LLMError.self) {
            try db.transaction { () throws(LLMError) in
                try db.execute("INSERT INTO t VALUES (1, 2, 3, 4)")
                try db.execute("INSERT INTO no_such_table VALUES (1)")
            }
        }
        #expect(try db.integer("SELECT count(*) FROM t") == 0)
        try db.transaction { () throws(LLMError) in try db.execute("INSERT INTO t VALUES (1, 2, 3, 4)") }
        #expect(try db.integer("SELECT count(*) FROM t") == 1)
    }

    @Test func `files are readable by their owner only, logs too`() throws {
        let db = try open("private")
        try db.execute("INSERT INTO t VALUES (1, 2, 3, 4)")
        #expect(try scratch.mode("private") == 0o600)
        #expect(try scratch.mode("private-wal") == 0o600)
    }

    @Test func `a file that is something else is refused and left alone`() throws {
        let path = scratch.file("letter.txt")
        let letter = String(repeating: "Dear reader, ", count: 500)
        try letter.write(toFile: path, atomically: true, encoding: .utf8)
        let error = try #require(throws: LLMError.self) { try SQLiteDatabase(file: path, schema: schema) }
        #expect(error.code == .storage)
        #expect(error.message.contains(path))
        #expect(error.message.contains("not a database"))
        #expect(error.message.contains("move the file away"))
        #expect(try scratch.text("letter.txt") == letter)
    }

    @Test func `a damaged file is an error that says so`() throws {
        do {
            let db = try open("damaged")
            for number in 0..<500 {
                try db.execute("INSERT INTO t VALUES (\(number), '\(String(repeating: "x", count: 100))', 0, 0)")
            }
            db.close()
        }
        let path = scratch.file("damaged")
        var bytes = try Data(contentsOf: URL(filePath: path))
        for index in 4096..<bytes.count { bytes[index] = 0xA5 }
        try bytes.write(to: URL(filePath: path))
        let error = try #require(throws: LLMError.self) {
            let db = try SQLiteDatabase(file: path, schema: schema)
            _ = try db.integer("SELECT sum(a) FROM t")
        }
        #expect(error.code == .storage)
        #expect(error.message.contains(path))
        #expect(error.message.contains("malformed"))
        #expect(error.message.contains("damaged"))
    }

    @Test func `a directory that does not exist is an error that says so`() throws {
        let path = scratch.file("nowhere/a.sqlite")
        let error = try #require(throws: LLMError.self) { try SQLiteDatabase(file: path, schema: schema) }
        #expect(error.message.contains(path))
        #expect(error.message.contains("check that the directory exists"))
    }

    @Test func `a disk that is full is an error that says so`() throws {
        let db = try open("full")
        try db.run("PRAGMA max_page_count=3")
        let error = try #require(throws: LLMError.self) {
            for _ in 0..<100 { try db.execute("INSERT INTO t VALUES (randomblob(1000), 0, 0, 0)") }
        }
        #expect(error.message.contains("full"))
        #expect(error.message.contains("make room"))
    }

    @Test func `a database that may not be written is an error that says so`() throws {
        let db = try open("readonly")
        try db.execute("PRAGMA query_only=ON")
        let error = try #require(throws: LLMError.self) { try db.execute("INSERT INTO t VALUES (1, 2, 3, 4)") }
        #expect(error.message.contains("may write"))
    }

    @Test func `a closed database is an error, not a crash`() throws {
        let db = try open("a")
        db.close()
        #expect(throws: LLMError.self) { try db.execute("SELECT 1") }
        #expect(throws: LLMError.self) { try db.integer("SELECT 1") }
    }

    @Test func `somebody else's database is refused`() throws {
        do { _ = try open("theirs") }
        var other = schema
        other.applicationID = 78
        other.name = "ledger"
        let error = try #require(throws: LLMError.self) { try open("theirs", other) }
        #expect(error.message.contains("something else than a ledger"))
    }

    @Test func `migrations run once, each in its turn`() throws {
        do {
            let db = try open("grows")
            try db.execute("INSERT INTO t VALUES (1, 2, 3, 4)")
        }
        var next = schema
        next.migrations.append("ALTER TABLE t ADD COLUMN e DEFAULT 5")
        for _ in 0..<2 {
            let db = try open("grows", next)
            #expect(try db.integer("SELECT e FROM t") == 5)
            #expect(try db.integer("PRAGMA user_version") == 2)
        }
        let error = try #require(throws: LLMError.self) { try open("grows") }
        #expect(error.message.contains("newer"))
    }

    @Test func `two connections write to one file`() throws {
        let first = try open("shared")
        let second = try open("shared")
        try first.execute("INSERT INTO t VALUES (1, 0, 0, 0)")
        try second.execute("INSERT INTO t VALUES (2, 0, 0, 0)")
        #expect(try first.integer("SELECT sum(a) FROM t") == 3)
        #expect(try second.integer("SELECT sum(a) FROM t") == 3)
    }

    @Test(.timeLimit(.minutes(5))) func `work that can be left undone does not wait for a lock`() throws {
        let first = try open("shared")
        // It would wait for an hour: no clock of a busy machine decides here.
        let second = try SQLiteDatabase(file: scratch.file("shared"), schema: schema, busyTimeout: 3_600_000)
        try first.execute("BEGIN IMMEDIATE")
        #expect(throws: LLMError.self) {
            try second.withoutWaiting { () throws(LLMError) in try second.execute("INSERT INTO t VALUES (2, 0, 0, 0)") }
        }
        try first.execute("COMMIT")
    }
}
