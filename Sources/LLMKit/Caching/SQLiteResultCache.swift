import Synchronization

/// Answers a request that was answered before, word for word, from a SQLite file.
///
/// The answers survive restarts, and several processes on one machine may share the file. It holds content, so it is
/// readable by its owner only, and what is deleted is overwritten. All work is done on a thread of its own.
///
/// Put a ``ResultCache`` in front where microseconds count: a hit here takes tens of them.
public final class SQLiteResultCache: Cache {
    /// Two connections, each with a thread of its own: who reads never waits for who writes.
    private let reader: SQLiteStore
    private let writer: SQLiteStore
    private let limit: Int64
    private let ttl: Duration?
    private let admission: CacheAdmission
    private let time: any TimeSource
    private let counters = Mutex(CacheStatistics())
    private let erasures = RecentErasures()
    private let trouble = FileTrouble()

    /// Opens the file, or makes it.
    ///
    /// This blocks for some milliseconds: do it when the app starts.
    /// - Parameters:
    ///   - path: the file; SQLite keeps two more beside it (`-wal`, `-shm`).
    ///   - bytes: how much the answers may take together, over all processes; the least recently used make room.
    ///   - ttl: how long an answer may be used; `nil` for as long as there is room.
    ///   - admission: what to keep beyond complete texts.
    ///   - time: the clock of `ttl`.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be used.
    package init(
        path: String,
        bytes: Int = 1 << 30,
        ttl: Duration? = nil,
        storing admission: CacheAdmission = [],
        time: any TimeSource = SystemTime()
    ) throws(LLMError) {
        writer = try SQLiteStore(file: path, schema: ResultCacheTable.schema)
        reader = try SQLiteStore(file: path, schema: ResultCacheTable.schema)
        limit = Int64(bytes)
        self.ttl = ttl
        self.admission = admission
        self.time = time
    }

    public func validate() throws(LLMError) { try checkCacheLimits(bytes: limit, ttl: ttl) }

    public func lookup(_ request: ChatRequest, in context: CacheContext) async throws -> CacheHit? {
        let key = context.fingerprint
        let now = Milliseconds.since1970(time.date)
        let found = try await reader.run { [trouble] db throws(LLMError) in
            trouble.note(db.misplacement)
            return try ResultCacheTable.read(key, at: now, from: db)
        }
        if trouble.isUntold, let host = context.scope.host as? any CacheTrialHost { trouble.tell(host.report) }
        counters.withLock { counters in
            switch found {
            case .hit: counters.hits += 1
            case .miss: counters.misses += 1
            case .expired:
                counters.misses += 1
                counters.expirations += 1
            case .corrupt:
                counters.misses += 1
                counters.corruptions += 1
            }
        }
        guard case .hit(let response) = found else { return nil }
        return CacheHit(response.served(by: .result), source: .result)
    }

    public func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) async throws {
        guard admission.admits(response) else { return }
        let erasures = erasures
        let now = Milliseconds.since1970(time.date)
        let row = ResultCacheTable.Row(
            key: context.fingerprint,
            tenant: request.caller.tenant,
            user: request.caller.user,
            created: now,
            expires: ttl.map { now + Milliseconds.count($0) }
        )
        let limit = limit
        let evicted: Int? = try await writer.write { db throws(LLMError) in
            // At the last moment, on the thread that removes, too.
            if erasures.mean(request, in: context) { return nil }
            return try ResultCacheTable.write(response, row, limit: limit, to: db)
        }
        counters.withLock { counters in
            counters.evictions += evicted ?? 0
            if evicted != nil { counters.stores += 1 }
        }
    }

    /// Forgets the answer to this request.
    package func remove(_ context: CacheContext) async throws {
        let key = context.fingerprint
        try await writer.run { db throws(LLMError) in try ResultCacheTable.delete(key, from: db) }
    }

    /// Forgets everything; nothing of it is left in the file or its log. Requests of this process that are under way are
    /// answered, but their answers are not kept.
    public func removeAll() async throws {
        erasures.add(.everything, at: time.now)
        try await writer.run { db throws(LLMError) in
            try db.execute("DELETE FROM answers")
            try db.emptyLog()
        }
    }

    /// Forgets all answers of a tenant, or those that one of its users was the first to get; nothing of them is left in
    /// the file or its log, nor kept late, as with ``removeAll()``.
    public func removeAll(tenant: String?, user: String? = nil) async throws {
        erasures.add(.tenant(tenant, user: user), at: time.now)
        try await writer.run { db throws(LLMError) in
            try db.run("DELETE FROM answers WHERE tenant IS ?1 AND (?2 IS NULL OR user = ?2)") { statement in
                statement.bind(tenant, at: 1)
                statement.bind(user, at: 2)
            }
            try db.emptyLog()
        }
    }

    /// Deletes what has expired: otherwise it goes when it is looked up, or to make room.
    public func removeExpired() async throws {
        let now = Milliseconds.since1970(time.date)
        let count = try await writer.run { db throws(LLMError) in
            try db.run("DELETE FROM answers WHERE expires <= ?1") { $0.bind(now, at: 1) }
            return db.changes
        }
        counters.withLock { $0.expirations += count }
    }

    /// What this process has counted; entries and bytes are those of the file, whoever wrote them.
    public func statistics() async throws -> CacheStatistics {
        let (entries, bytes) = try await reader.run { db throws(LLMError) in
            (try db.integer("SELECT count(*) FROM answers") ?? 0, try db.integer("SELECT bytes FROM size") ?? 0)
        }
        var statistics = counters.withLock { $0 }
        statistics.entries = Int(entries)
        statistics.bytes = Int(bytes)
        return statistics
    }
}

extension Cache where Self == SQLiteResultCache {
    /// Answers repeated requests from a SQLite file, which outlives the process and may be shared with others.
    /// - Parameters:
    ///   - path: the file.
    ///   - bytes: how much the answers may take together.
    ///   - ttl: how long an answer may be used; `nil` for as long as there is room.
    ///   - admission: what to keep beyond complete texts.
    /// - Returns: the cache in the file.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be used.
    public static func sqlite(
        path: String,
        bytes: Int = 1 << 30,
        ttl: Duration? = nil,
        storing admission: CacheAdmission = []
    ) throws(LLMError) -> SQLiteResultCache {
        try SQLiteResultCache(path: path, bytes: bytes, ttl: ttl, storing: admission)
    }
}
