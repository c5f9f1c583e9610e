/// Answers by fingerprint, linked in the order of their last use: look-up, insertion and eviction take constant time.
///
/// The links are indices into one array, so that moving an entry to the front allocates nothing.
struct LRUTable {
    struct Entry {
        var key: Fingerprint
        var response: ChatResponse
        var tenant: String?
        var user: String?
        /// The moment from which on the answer may not be used.
        var expiry: ContinuousClock.Instant?
    }

    private struct Node {
        var entry: Entry?
        var bytes = 0
        /// Towards the more recently used; for the most recent, and for free nodes, -1.
        var newer = -1
        /// Towards the less recently used; for free nodes, the next free one.
        var older = -1
    }

    private(set) var statistics = CacheStatistics()
    private var nodes: [Node] = []
    private var places: [Fingerprint: Int] = [:]
    private var newest = -1
    private var oldest = -1
    private var free = -1

    /// The answer under `key`, which thereby becomes the most recently used.
    mutating func take(_ key: Fingerprint, at now: ContinuousClock.Instant?) -> ChatResponse? {
        guard let place = places[key] else {
            statistics.misses += 1
            return nil
        }
        if let now, let expiry = nodes[place].entry?.expiry, expiry <= now {
            drop(place)
            statistics.expirations += 1
            statistics.misses += 1
            return nil
        }
        if place != newest {
            unlink(place)
            linkAsNewest(place)
        }
        statistics.hits += 1
        return nodes[place].entry?.response
    }

    mutating func insert(_ entry: Entry, limit: Int) {
        remove(entry.key)
        let bytes = entry.footprint
        guard bytes <= limit else { return }
        while statistics.bytes > limit - bytes, oldest >= 0 {
            drop(oldest)
            statistics.evictions += 1
        }
        let node = Node(entry: entry, bytes: bytes)
        let place: Int
        if free >= 0 {
            place = free
            free = nodes[place].older
            nodes[place] = node
        } else {
            place = nodes.count
            nodes.append(node)
        }
        places[entry.key] = place
        linkAsNewest(place)
        statistics.stores += 1
        statistics.entries += 1
        statistics.bytes += bytes
    }

    mutating func remove(_ key: Fingerprint) {
        if let place = places[key] { drop(place) }
    }

    mutating func removeAll(where matches: (Entry) -> Bool) {
        for place in nodes.indices {
            if let entry = nodes[place].entry, matches(entry) { drop(place) }
        }
    }

    // MARK: Links

    private mutating func drop(_ place: Int) {
        unlink(place)
        if let key = nodes[place].entry?.key { places[key] = nil }
        statistics.entries -= 1
        statistics.bytes -= nodes[place].bytes
        nodes[place] = Node(older: free)
        free = place
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (nodes[place].newer, nodes[place].older)
        if newer >= 0 { nodes[newer].older = older } else { newest = older }
        if older >= 0 { nodes[older].newer = newer } else { oldest = newer }
    }

    private mutating func linkAsNewest(_ place: Int) {
        nodes[place].newer = -1
        nodes[place].older = newest
        if newest >= 0 { nodes[newest].newer = place } else { oldest = place }
        newest = place
    }
}

extension LRUTable.Entry {
    /// About how many bytes the entry takes: its texts, and the fixed sizes of what holds them.
    fileprivate var footprint: Int {
        MemoryLayout<LRUTable.Entry>.size + 200 + response.footprint + (tenant?.utf8.count ?? 0)
            + (user?.utf8.count ?? 0)
    }
}
