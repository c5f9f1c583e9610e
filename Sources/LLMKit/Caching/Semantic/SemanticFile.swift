import PortableFoundation
import Synchronization

/// The file of a semantic cache: what is stored goes there, too, and what other processes store comes from there.
///
/// All work on it is done on a thread of its own, which looks for news several times a second.
final class SemanticFile: Sendable {
    private struct Seen {
        var entry: Int64 = 0
        var removal: Int64 = 0
        /// SQLite's own count of what other connections have changed.
        var version: Int64 = -1
    }

    private let store: SQLiteStore
    private let embedder: EmbedderInfo
    private let time: any TimeSource
    private let seen = Mutex(Seen())
    private let failure = Mutex<LLMError?>(nil)
    /// Whether what the policy has learned is about to be written.
    private let isKeeping = Mutex(false)

    /// How often to look for what other processes have changed.
    private static let interval = Duration.milliseconds(250)
    /// How long to wait for what the file holds: a hundred thousand entries take half a second.
    private static let patience = Duration.seconds(600)

    /// Opens the file and reads what it holds, on the calling thread.
    init(
        path: String,
        embedder: EmbedderInfo,
        time: any TimeSource,
        into memory: SemanticMemory
    ) throws(LLMError) {
        store = try SQLiteStore(file: path, schema: SemanticTable.schema)
        self.embedder = embedder
        self.time = time
        store.runBlocking(limit: Self.patience) { [self] db in
            note { () throws(LLMError) in try load(from: db, into: memory) }
        }
        if let error = lastError { throw error }
        watch(memory)
    }

    var path: String { store.file }

    /// Why news from the file could not be read the last time; `nil` if it could.
    var lastError: LLMError? { failure.withLock { $0 } }

    // MARK: Reading

    private func load(from db: SQLiteDatabase, into memory: SemanticMemory) throws(LLMError) {
        let now = Milliseconds.since1970(time.date)
        try SemanticTable.removeExpired(at: now, from: db)
        // The notes first: what is removed meanwhile is removed again, and what comes meanwhile is read below.
        let version = try db.integer("PRAGMA data_version") ?? 0
        let removal = try SemanticTable.lastRemoval(in: db)
        seen.withLock { seen in
            seen.removal = removal
            seen.version = version
        }
        try readEntries(from: db, into: memory)
    }

    private func readEntries(from db: SQLiteDatabase, into memory: SemanticMemory) throws(LLMError) {
        var last = seen.withLock { $0.entry }
        var evicted: [Int64] = []
        try SemanticTable.read(
            after: last,
            embedder: embedder.identity,
            dimensions: embedder.dimensions,
            at: Milliseconds.since1970(time.date),
            from: db,
            unless: { memory.entry($0) != nil },
            each: { (row) throws(LLMError) in
                last = row.id
                let entry = SemanticEntry(id: row.id, row.content, json: row.response)
                evicted += try memory.insert(entry, row.vector)
            }
        )
        seen.withLock { $0.entry = max($0.entry, last) }
        try SemanticTable.remove(evicted, at: Milliseconds.since1970(time.date), from: db)
    }

    /// Looks for what other processes have stored and removed.
    private func refresh(_ memory: SemanticMemory, from db: SQLiteDatabase) throws(LLMError) {
        let version = try db.integer("PRAGMA data_version") ?? 0
        guard seen.withLock({ $0.version }) != version else { return }
        let (ids, seq) = try SemanticTable.removals(after: seen.withLock { $0.removal }, in: db)
        try readEntries(from: db, into: memory)
        memory.remove(ids)
        seen.withLock { seen in
            seen.removal = seq
            seen.version = version
        }
    }

    /// Looks for news now and then, for as long as somebody holds this.
    private func watch(_ memory: SemanticMemory) {
        store.enqueue(after: Self.interval) { [weak self, weak memory] db in
            guard let self, let memory else { return }
            note { () throws(LLMError) in try self.refresh(memory, from: db) }
            watch(memory)
        }
    }

    private func note(_ body: () throws(LLMError) -> Void) {
        do throws(LLMError) {
            try body()
            failure.withLock { $0 = nil }
        } catch {
            failure.withLock { $0 = error }
        }
    }

    /// Looks for what other processes have stored and removed, and returns when it is there.
    func refresh(_ memory: SemanticMemory) async throws(LLMError) {
        try await store.run { db throws(LLMError) in try self.refresh(memory, from: db) }
    }

    // MARK: Writing

    /// Writes an entry.
    /// - Returns: its number.
    func insert(
        _ content: SemanticEntry.Content,
        vector: [Float],
        response: ChatResponse
    ) async throws(LLMError) -> Int64 {
        let json: [UInt8]
        do {
            json = try StoredResponse.encode(response)
        } catch {
            throw LLMError(.storage, "\(path): the answer cannot be written as JSON", cause: error)
        }
        let embedder = embedder.identity
        return try await store.run { db throws(LLMError) in
            try SemanticTable.insert(content, embedder: embedder, vector: vector, response: json, into: db)
        }
    }

    func remove(_ ids: [Int64]) async throws(LLMError) {
        guard !ids.isEmpty else { return }
        let now = Milliseconds.since1970(time.date)
        try await store.run { db throws(LLMError) in try SemanticTable.remove(ids, at: now, from: db) }
    }

    // MARK: The policy

    /// What the policy had learned, as it was last written. Blocks: for the start.
    func savedPolicy() throws(LLMError) -> [UInt8]? {
        let result = Mutex<Result<[UInt8]?, LLMError>>(.success(nil))
        store.runBlocking(limit: Self.patience) { db in
            result.withLock { result in
                do throws(LLMError) { result = .success(try SemanticTable.policyState(in: db)) } catch {
                    result = .failure(error)
                }
            }
        }
        return try result.withLock { $0 }.get()
    }

    /// Writes what the policy has learned, soon: many lessons at once.
    ///
    /// Of several processes with one file, whoever writes last is remembered: what each has learned is true by itself.
    func keep(_ saved: @escaping @Sendable () -> [UInt8]?) {
        let isFirst = isKeeping.withLock { isKeeping in
            defer { isKeeping = true }
            return !isKeeping
        }
        guard isFirst else { return }
        store.enqueue(after: Self.interval) { [self] db in
            isKeeping.withLock { $0 = false }
            guard let state = saved() else { return }
            note { () throws(LLMError) in try SemanticTable.setPolicyState(state, in: db) }
        }
    }

    func removeForeign() async throws(LLMError) -> Int {
        let embedder = embedder.identity
        return try await store.run { db throws(LLMError) in
            try SemanticTable.removeForeign(embedder: embedder, from: db)
        }
    }
}
