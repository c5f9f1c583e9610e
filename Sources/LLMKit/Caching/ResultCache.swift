import Synchronization

/// Answers a request that was answered before, word for word, from memory.
///
/// The least recently used answers make room for new ones. A hit takes about a microsecond and neither suspends nor
/// waits. For answers that outlive the process, or are shared between processes, see ``SQLiteResultCache``.
public final class ResultCache: Cache {
    private let limit: Int
    private let ttl: Duration?
    private let admission: CacheAdmission
    private let time: any TimeSource
    private let state = Mutex(State())
    private let erasures = RecentErasures()

    fileprivate struct Entry {
        var response: ChatResponse
        var tenant: String?
        var user: String?
        /// The moment from which on the answer may not be used.
        var expiry: ContinuousClock.Instant?
    }

    private struct State {
        var table = LRUTable<Fingerprint, Entry>()
        var (hits, misses, stores, expirations) = (0, 0, 0, 0)

        mutating func take(_ key: Fingerprint, at now: ContinuousClock.Instant?) -> ChatResponse? {
            guard let entry = table.take(key) else {
                misses += 1
                return nil
            }
            if let now, let expiry = entry.expiry, expiry <= now {
                table.remove(key)
                expirations += 1
                misses += 1
                return nil
            }
            hits += 1
            return entry.response
        }
    }

    /// - Parameters:
    ///   - bytes: how much the answers may take together, about; what is larger alone is not kept.
    ///   - ttl: how long an answer may be used; `nil` for as long as there is room.
    ///   - admission: what to keep beyond complete texts.
    ///   - time: the clock of `ttl`.
    package init(
        bytes: Int = 64 << 20,
        ttl: Duration? = nil,
        storing admission: CacheAdmission = [],
        time: any TimeSource = SystemTime()
    ) {
        limit = bytes
        self.ttl = ttl
        self.admission = admission
        self.time = time
    }

    public func validate() throws(LLMError) { try checkCacheLimits(bytes: limit, ttl: ttl) }

    public func lookup(_ request: ChatRequest, in context: CacheContext) -> CacheHit? {
        let key = context.fingerprint
        let now = ttl == nil ? nil : time.now
        return state.withLock { state in
            state.take(key, at: now).map { CacheHit($0.served(by: .result), source: .result) }
        }
    }

    public func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) {
        guard admission.admits(response), !erasures.mean(request, in: context) else { return }
        let entry = Entry(
            response: response,
            tenant: request.caller.tenant,
            user: request.caller.user,
            expiry: ttl.map { time.now + $0 }
        )
        let bytes = entry.footprint
        state.withLock { state in
            if state.table.insert(entry, for: context.fingerprint, bytes: bytes, limit: limit) { state.stores += 1 }
        }
    }

    /// Forgets the answer to this request.
    package func remove(_ context: CacheContext) {
        let key = context.fingerprint
        state.withLock { $0.table.remove(key) }
    }

    /// Forgets everything. Requests under way at that moment are answered, but their answers are not kept.
    public func removeAll() {
        erasures.add(.everything, at: time.now)
        state.withLock { $0.table.removeAll { _, _ in true } }
    }

    /// Forgets all answers of a tenant, or those that one of its users was the first to get, as ``removeAll()`` does.
    public func removeAll(tenant: String?, user: String? = nil) {
        let scope = ErasureScope.tenant(tenant, user: user)
        erasures.add(scope, at: time.now)
        state.withLock { $0.table.removeAll { scope.matches(tenant: $1.tenant, user: $1.user, tags: [:]) } }
    }

    public var statistics: CacheStatistics {
        state.withLock { state in
            CacheStatistics(
                hits: state.hits,
                misses: state.misses,
                stores: state.stores,
                evictions: state.table.evictions,
                expirations: state.expirations,
                entries: state.table.count,
                bytes: state.table.bytes
            )
        }
    }
}

extension ResultCache.Entry {
    /// About how many bytes the entry takes: its texts, and the fixed sizes of what holds them.
    fileprivate var footprint: Int {
        MemoryLayout<Self>.size + 232 + response.footprint + (tenant?.utf8.count ?? 0) + (user?.utf8.count ?? 0)
    }
}

extension Cache where Self == ResultCache {
    /// Answers repeated requests from memory.
    /// - Parameters:
    ///   - bytes: how much the answers may take together, about.
    ///   - ttl: how long an answer may be used; `nil` for as long as there is room.
    ///   - admission: what to keep beyond complete texts.
    /// - Returns: an empty cache.
    public static func memory(
        bytes: Int = 64 << 20,
        ttl: Duration? = nil,
        storing admission: CacheAdmission = []
    ) -> ResultCache {
        ResultCache(bytes: bytes, ttl: ttl, storing: admission)
    }
}
