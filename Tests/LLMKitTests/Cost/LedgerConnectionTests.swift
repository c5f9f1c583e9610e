import Foundation
import Synchronization
import Testing

@testable import LLMKit

/// Reading and writing do not hold each other up.
@Suite struct LedgerConnectionTests {
    private let scratch: ScratchDirectory
    init() throws { scratch = try ScratchDirectory() }

    /// Keeps a connection's thread busy until it is told to stop.
    private final class Hold: Sendable {
        private let gate = Signal()
        private let isEntered = Mutex(false)

        func enter() -> Bool {
            isEntered.withLock { $0 = true }
            return gate.wait(until: MonotonicTime.now() + 60_000_000_000)
        }

        func hasBegun() async throws {
            while !isEntered.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
        }

        func end() { gate.set() }
    }

    private func charge() -> Charge {
        var charge = Charge(
            date: Date(timeIntervalSince1970: 1_795_500_000),
            requestID: .random(),
            caller: Caller(),
            kind: .answer,
            model: "small",
            vendor: "openai"
        )
        charge.cost = Money(picodollars: 1)
        return charge
    }

    @Test func `a file that is moved or deleted while it is open is told once, and again after it came back`()
        async throws
    {
        let (path, elsewhere) = (scratch.file("ledger"), scratch.file("elsewhere"))
        let notices = InMemoryDiagnostics()
        let ledger = try Ledger(path: path, diagnostics: notices.diagnostics)
        func record(_ count: Int) async {
            for _ in 0..<count {
                ledger.record(charge())
                await ledger.flush()
            }
        }
        await record(1)
        #expect(ledger.lastError == nil && notices.notices.isEmpty)
        try FileManager.default.moveItem(atPath: path, toPath: elsewhere)
        await record(3)
        #expect(notices.notices.map(\.severity) == [.error])
        #expect(ledger.lastError?.message.contains("\(path) was deleted or moved while the ledger had it open") == true)
        try FileManager.default.moveItem(atPath: elsewhere, toPath: path)
        await record(2)
        #expect(notices.notices.map(\.severity) == [.error, .info])
        #expect(ledger.lastError == nil)
        // What came meanwhile went to the same file.
        #expect(try await ledger.total().calls == 6)
        try FileManager.default.removeItem(atPath: path)
        await record(2)
        #expect(notices.notices.map(\.severity) == [.error, .info, .error])
        #expect(ledger.pendingCount == 0)
    }

    @Test func `a long summary does not keep rows from being written`() async throws {
        let ledger = try Ledger(path: scratch.file("ledger"))
        let hold = Hold()
        async let summary: Bool = ledger.read { _ in hold.enter() }
        try await hold.hasBegun()
        ledger.record(charge())
        await ledger.flush()
        #expect(ledger.pendingCount == 0)
        hold.end()
        #expect(try await summary)
    }

    @Test func `a summary sees one state of the file, while rows keep coming`() async throws {
        let ledger = try Ledger(path: scratch.file("ledger"))
        ledger.record(charge())
        await ledger.flush()
        let counts = try await ledger.read { db throws(LLMError) in
            try db.transaction(.deferred) { () throws(LLMError) in
                let before = try db.integer("SELECT count(*) FROM calls")
                ledger.record(self.charge())
                let end = MonotonicTime.now() + 60_000_000_000
                while ledger.pendingCount > 0, MonotonicTime.now() < end { yieldProcessor() }
                return [before, try db.integer("SELECT count(*) FROM calls"), Int64(ledger.pendingCount)]
            }
        }
        #expect(counts == [1, 1, 0])
        #expect(try await ledger.total().calls == 2)
    }

    @Test func `a summary does not wait for a writer that waits`() async throws {
        let ledger = try Ledger(path: scratch.file("ledger"), delay: .zero, patience: .milliseconds(10))
        ledger.record(charge())
        await ledger.flush()
        let hold = Hold()
        async let writing: Bool = ledger.write { _ in hold.enter() }
        try await hold.hasBegun()
        ledger.record(charge())
        #expect(try await ledger.total().calls == 1)
        #expect(try await ledger.charges().count == 1)
        #expect(ledger.pendingCount == 1)
        hold.end()
        #expect(try await writing, "the writer was held up to the end")
        await ledger.flush()
        #expect(try await ledger.total().calls == 2)
    }

    @Test func `erasing while somebody reads says that the log still holds the rows`() async throws {
        let ledger = try Ledger(path: scratch.file("ledger"))
        ledger.record(charge())
        await ledger.flush()
        let other = try SQLiteDatabase(file: scratch.file("ledger"), schema: LedgerTable.schema)
        try other.execute("BEGIN; SELECT count(*) FROM calls")
        try await ledger.write { db throws(LLMError) in try db.execute("PRAGMA busy_timeout=10") }
        let error = await #expect(throws: LLMError.self) { try await ledger.erase(tenant: nil) }
        #expect(error?.message.contains("log still holds them") == true)
        try other.execute("COMMIT")
        #expect(try await ledger.erase(tenant: nil) == 0)
        #expect(try await ledger.total().calls == 0)
    }
}
