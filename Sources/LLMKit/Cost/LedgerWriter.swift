import Synchronization

/// The ledger's queue, and what brings it to disk.
///
/// Rows are gathered for a moment and written together, because a transaction costs many times what a row does. A batch
/// that cannot be written goes back to the front of the queue and is tried again, for as long as it takes.
final class LedgerWriter: FlushesAtExit {
    /// What a ledger keeps.
    enum Row: Sendable {
        case charge(Charge)
        case trial(CacheTrial)
    }

    private struct State {
        var pending: [Row] = []
        /// An empty buffer, to be filled while ``pending`` is written: growing one costs more than filling it.
        var spare: [Row] = []
        /// How many rows have left ``pending`` and are on their way to disk.
        var writing = 0
        /// Whether a job that drains the queue is on its way.
        var isScheduled = false
        /// Whether that job need not be hurried any more.
        var isHurried = false
        /// Whether a job that tries again after a failure is on its way.
        var isRetrying = false
        var lastError: LLMError?
        var failures = 0
    }

    private let state = Mutex(State())
    private let store: SQLiteStore
    private let delay: Duration
    private static let batch = 512

    /// - Parameters:
    ///   - store: the file.
    ///   - delay: how long to gather rows.
    init(_ store: SQLiteStore, delay: Duration) {
        self.store = store
        self.delay = delay
    }

    /// How many rows are not on disk.
    var pendingCount: Int { state.withLock { $0.pending.count + $0.writing } }
    /// Why the last attempt to write failed; `nil` after one that did not.
    var lastError: LLMError? { state.withLock { $0.lastError } }

    func record(_ row: Row) {
        let wait: Duration? = state.withLock { state in
            state.pending.append(row)
            if state.pending.count >= Self.batch, !state.isHurried {
                state.isHurried = true
                state.isScheduled = true
                return .zero
            }
            guard !state.isScheduled else { return nil }
            state.isScheduled = true
            ExitHook.add(self)
            return delay
        }
        guard let wait else { return }
        store.enqueue(after: wait == .zero ? nil : wait) { self.drain(to: $0) }
    }

    /// Returns after the next attempt to write everything recorded so far.
    func flush() async throws(LLMError) {
        try await store.run { db throws(LLMError) in
            if let error = self.drain(to: db) { throw error }
        }
    }

    /// Writes the queue, on the database's thread.
    @discardableResult
    private func drain(to db: SQLiteDatabase) -> LLMError? {
        var rows = state.withLock { state in
            var rows: [Row] = []
            swap(&rows, &state.pending)
            swap(&state.pending, &state.spare)
            state.writing = rows.count
            state.isScheduled = false
            state.isHurried = false
            return rows
        }
        var failure: LLMError?
        if !rows.isEmpty {
            do throws(LLMError) {
                try Self.insert(rows, into: db)
            } catch {
                failure = error
            }
        }
        if failure == nil { rows.removeAll(keepingCapacity: rows.capacity <= 4 * Self.batch) }
        let retry: Duration? = state.withLock { state in
            state.lastError = failure
            state.writing = 0
            guard failure != nil else {
                state.failures = 0
                state.spare = rows
                if state.pending.isEmpty { ExitHook.remove(self) }
                return nil
            }
            state.pending.insert(contentsOf: rows, at: 0)
            state.isScheduled = true
            state.isHurried = true
            guard !state.isRetrying else { return nil }
            state.isRetrying = true
            state.failures = min(state.failures + 1, 10)
            return min(.milliseconds(50 << state.failures), .seconds(5))
        }
        if let retry {
            store.enqueue(after: retry) { db in
                self.state.withLock { $0.isRetrying = false }
                self.drain(to: db)
            }
        }
        return failure
    }

    /// Adds rows, all or none.
    private static func insert(_ rows: [Row], into db: SQLiteDatabase) throws(LLMError) {
        try db.transaction { () throws(LLMError) in
            for row in rows {
                switch row {
                case .charge(let charge): try LedgerTable.insert(charge, into: db)
                case .trial(let trial): try LedgerTrialTable.insert(trial, into: db)
                }
            }
        }
    }

    func flushAtExit() {
        store.runBlocking(limit: .seconds(5)) { self.drain(to: $0) }
        let (count, error) = state.withLock { ($0.pending.count + $0.writing, $0.lastError) }
        // There is no caller left to whom the loss of money rows could be reported.
        if count > 0 { printError("LLMKit: charges lost at exit: \(count) (\(error?.description ?? "no time left"))") }
    }
}
