import Synchronization

/// The file of a semantic cache: what is stored goes there, too, and what other processes store comes from there.
///
/// All work on it is done on a thread of its own, which looks for news several times a second.
final class SemanticFile: Sendable {
    private struct Seen {
        var entry: Int64 = 0
        var notes = SemanticTable.NotePlace()
        /// SQLite's own count of what other connections have changed.
        var version: Int64 = -1
        /// When to look for old notes, in milliseconds since 1970.
        var nextForgetting: Int64 = 0
    }

    private let store: SQLiteStore
    private let embedder: EmbedderInfo
    private let time: any TimeSource
    private let seen = Mutex(Seen())
    /// Why news could not be read.
    private let failure = FileTrouble()
    /// Rows that were set aside.
    private let damage = FileTrouble()
    private let lessons: PolicyFile
    /// What is written for people to judge is forgotten with the rest.
    private let review: ReviewQueue?

    /// How often to look for what other processes have changed.
    private static let interval = Duration.milliseconds(250)
    /// How often to look for notes that may be forgotten, in milliseconds.
    private static let forgetting: Int64 = 60_000
    /// How long work that nobody waits for waits for another process that holds the file, in milliseconds, before it is
    /// put off: answers wait behind it to be kept.
    private static let patienceBeside: Int32 = 50
    /// The same for work that a request waits for.
    private static let patienceOfRequest: Int32 = 500
    /// How long to wait for what the file holds: a hundred thousand entries take half a second.
    private static let patience = Duration.seconds(600)

    /// Opens the file and reads what it holds, on the calling thread.
    init(
        path: String,
        embedder: EmbedderInfo,
        time: any TimeSource,
        policy: any HitPolicy,
        review: ReviewQueue? = nil,
        into memory: SemanticMemory
    ) throws(LLMError) {
        self.review = review
        store = try SQLiteStore(file: path, schema: SemanticTable.schema)
        lessons = PolicyFile(policy, embedder: embedder.identity)
        self.embedder = embedder
        self.time = time
        store.runBlocking(limit: Self.patience) { [self] db in
            note { () throws(LLMError) in try load(from: db, into: memory) }
        }
        if let error = failure.error { throw error }
        watch(memory)
    }

    var path: String { store.file }

    /// Why news from the file could not be read the last time, or what of it is damaged; `nil` if all is well.
    var lastError: LLMError? { failure.error ?? damage.error }
    /// Whether something is wrong that nobody has been told of.
    var isTroubleUntold: Bool { failure.isUntold || damage.isUntold }

    /// Tells it, if nobody has been told yet.
    func tellTrouble(_ report: (LLMError) -> Void) {
        failure.tell(report)
        damage.tell(report)
    }

    private var now: Int64 { Milliseconds.since1970(time.date) }

    // MARK: Reading

    private func load(from db: SQLiteDatabase, into memory: SemanticMemory) throws(LLMError) {
        try SemanticTable.removeExpired(at: now, from: db)
        try SemanticTable.forgetNotes(at: now, in: db)
        // The notes first: what is removed meanwhile is removed again, and what comes meanwhile is read below.
        let version = try db.integer("PRAGMA data_version") ?? 0
        let notes = try SemanticTable.lastNotes(in: db)
        seen.withLock { seen in
            seen.notes = notes
            seen.version = version
        }
        try readEntries(from: db, into: memory)
        try lessons.read(from: db)
    }

    private func readEntries(from db: SQLiteDatabase, into memory: SemanticMemory) throws(LLMError) {
        var evicted: [Int64] = []
        let reading = try SemanticTable.read(
            after: seen.withLock { $0.entry },
            embedder: embedder.identity,
            dimensions: embedder.dimensions,
            at: now,
            from: db,
            unless: { memory.entry($0) != nil },
            each: { (row) throws(LLMError) in
                let entry = SemanticEntry(id: row.id, row.content, json: row.response)
                evicted += try memory.insert(entry, row.vector)
            }
        )
        seen.withLock { $0.entry = max($0.entry, reading.last) }
        if let damage = reading.damage {
            memory.count { $0.corruptions += reading.damaged }
            setAside(reading.damaged, damage)
        }
        // One that went to make room may have come back by its own row, or with the same words.
        try remove(evicted.filter { memory.entry($0) == nil }, also: memory, from: db)
    }

    private func setAside(_ count: Int, _ first: String) {
        let error = LLMError(
            .storage,
            "\(path): entries of the semantic cache are damaged and were left out: \(count), the first of them \(first); "
                + "`removeAll()` deletes them with all others"
        )
        damage.note(error)
    }

    /// Looks for what other processes have stored, removed and learned.
    private func refresh(_ memory: SemanticMemory, from db: SQLiteDatabase) throws(LLMError) {
        if let error = db.misplacement { throw error }
        let version = try db.integer("PRAGMA data_version") ?? 0
        guard seen.withLock({ $0.version }) != version else { return }
        // The notes last: what was removed while entries were read is removed again.
        try readEntries(from: db, into: memory)
        try apply(SemanticTable.removals(after: seen.withLock { $0.notes }, in: db), to: memory, from: db)
        try lessons.read(from: db)
        seen.withLock { $0.version = version }
    }

    private func lookForNews(_ memory: SemanticMemory, _ db: SQLiteDatabase) throws(LLMError) {
        try refresh(memory, from: db)
        try forgetNotes(in: db)
    }

    /// Forgets old notes, now and then.
    private func forgetNotes(in db: SQLiteDatabase) throws(LLMError) {
        let now = now
        guard seen.withLock({ now >= $0.nextForgetting || now < $0.nextForgetting - Self.forgetting }) else { return }
        let count = try SemanticTable.forgetNotes(at: now, in: db)
        // They may stand in the log for long where little is written. If somebody reads it, the next ones take it along.
        if count > 0 { try? db.emptyLog() }
        seen.withLock { $0.nextForgetting = now + Self.forgetting }
    }

    /// Does to the memory what others have done to the file.
    private func apply(
        _ removals: SemanticTable.Removals,
        to memory: SemanticMemory,
        from db: SQLiteDatabase
    ) throws(LLMError) {
        memory.remove(removals.ids)
        for erasure in removals.erasures {
            memory.erase(erasure)
            review?.eraseLater(erasure.scope)
        }
        if removals.hasGap {
            // Notes were forgotten before they were read, by a process that slept for long: all is compared.
            let ids = try SemanticTable.ids(of: embedder.identity, in: db)
            memory.remove(memory.ids { !ids.contains($0.id) })
        }
        seen.withLock { $0.notes = removals.place }
    }

    /// Looks for news now and then, for as long as somebody holds this.
    private func watch(_ memory: SemanticMemory) {
        store.enqueue(after: Self.interval) { [weak self, weak memory] db in
            guard let self, let memory else { return }
            note { () throws(LLMError) in
                try self.impatiently(db) { () throws(LLMError) in try self.lookForNews(memory, db) }
            }
            watch(memory)
        }
    }

    private func note(_ body: () throws(LLMError) -> Void) {
        do throws(LLMError) {
            try body()
            failure.note(nil)
        } catch {
            failure.note(error)
        }
    }

    /// Looks for what other processes have stored and removed, and returns when it is there.
    func refresh(_ memory: SemanticMemory) async throws(LLMError) {
        try await store.run { db throws(LLMError) in try self.lookForNews(memory, db) }
    }

    // MARK: Writing

    /// Writes an entry.
    /// - Parameter isErased: asked at the last moment, on the file's thread: whether its owner wants it forgotten.
    /// - Returns: its number; `nil` if it is to be forgotten.
    func insert(
        _ content: SemanticEntry.Content,
        vector: [Float],
        response: ChatResponse,
        unless isErased: @escaping @Sendable () -> Bool
    ) async throws(LLMError) -> Int64? {
        let json: [UInt8]
        do {
            json = try StoredResponse.encode(response)
        } catch {
            throw LLMError(.storage, "\(path): the answer cannot be written as JSON", cause: error)
        }
        let embedder = embedder.identity
        return try await store.write { [self] db throws(LLMError) in
            // Nobody here has been told yet of what others have ordered since the last look.
            let orders = try SemanticTable.erasures(after: seen.withLock { $0.notes.erasure }, in: db)
            if isErased() || orders.contains(where: { $0.scope.matches(content) }) { return nil }
            return try SemanticTable.insert(content, embedder: embedder, vector: vector, response: json, into: db)
        }
    }

    /// Removes entries that the memory has removed.
    func remove(_ ids: [Int64], also memory: SemanticMemory) async throws(LLMError) {
        guard !ids.isEmpty else { return }
        try await store.run { [self] db throws(LLMError) in
            try db.waiting(milliseconds: Self.patienceOfRequest) { () throws(LLMError) in
                try remove(ids, also: memory, from: db)
            }
        }
    }

    /// Removes entries, soon: for those that a look-up has found to be none.
    func removeLater(_ ids: [Int64], also memory: SemanticMemory) {
        guard !ids.isEmpty else { return }
        store.enqueue { [self] db in
            note { () throws(LLMError) in
                try impatiently(db) { () throws(LLMError) in try remove(ids, also: memory, from: db) }
            }
        }
    }

    private func impatiently(_ db: SQLiteDatabase, _ body: () throws(LLMError) -> Void) throws(LLMError) {
        try db.waiting(milliseconds: Self.patienceBeside, body)
    }

    private func remove(_ ids: [Int64], also memory: SemanticMemory, from db: SQLiteDatabase) throws(LLMError) {
        guard !ids.isEmpty else { return }
        try noting(memory, in: db) { () throws(LLMError) in try SemanticTable.remove(ids, at: now, from: db) }
        // A look at the file may have brought one back since memory removed it, and will not take it away again.
        memory.remove(ids)
    }

    /// Removes all entries of a scope, also those that were never loaded, and empties the log: what was there is nowhere
    /// any more.
    func erase(_ scope: ErasureScope, also memory: SemanticMemory) async throws(LLMError) {
        try await store.run { [self] db throws(LLMError) in
            try noting(memory, in: db) { () throws(LLMError) in try SemanticTable.erase(scope, at: now, from: db) }
            try db.emptyLog()
        }
    }

    /// Runs `body`, which leaves notes for other processes, and takes note of theirs: else this process would later take its
    /// own for somebody else's.
    private func noting(
        _ memory: SemanticMemory,
        in db: SQLiteDatabase,
        _ body: () throws(LLMError) -> Void
    ) throws(LLMError) {
        let others = try db.transaction { () throws(LLMError) in
            var others = try SemanticTable.removals(after: seen.withLock { $0.notes }, in: db)
            try body()
            others.place = try SemanticTable.lastNotes(in: db)
            return others
        }
        try apply(others, to: memory, from: db)
    }

    func removeForeign() async throws(LLMError) -> Int {
        let embedder = embedder.identity
        return try await store.run { db throws(LLMError) in
            try SemanticTable.removeForeign(embedder: embedder, from: db)
        }
    }

    // MARK: The policy

    /// Writes what the policy has learned, soon: many lessons at once.
    func keepLessons() {
        guard lessons.isFirstToKeep() else { return }
        store.enqueue(after: Self.interval) { [self] db in writeLessons(to: db) }
    }

    private func writeLessons(to db: SQLiteDatabase) {
        note { () throws(LLMError) in try impatiently(db) { () throws(LLMError) in try lessons.write(to: db) } }
        guard lessons.isBehind, lessons.isFirstToKeep() else { return }
        // Only for as long as somebody needs the file: it may be held for ever.
        store.enqueue(after: Self.interval) { [weak self] db in self?.writeLessons(to: db) }
    }
}
