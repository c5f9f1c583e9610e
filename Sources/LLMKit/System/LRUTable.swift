/// Values by key, linked in the order of their last use: look-up, insertion and eviction take constant time.
///
/// The links are indices into one array, so that moving a value to the front allocates nothing.
struct LRUTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Node {
        var entry: (key: Key, value: Value)?
        var bytes = 0
        /// Towards the more recently used; for the most recent, and for free nodes, -1.
        var newer = -1
        /// Towards the less recently used; for free nodes, the next free one.
        var older = -1
    }

    /// How many values there are.
    private(set) var count = 0
    /// How much room they take, as those say who insert them.
    private(set) var bytes = 0
    /// How many made room for others.
    private(set) var evictions = 0
    private var nodes: [Node] = []
    private var places: [Key: Int] = [:]
    private var newest = -1
    private var oldest = -1
    private var free = -1

    /// The value under `key`, which thereby becomes the most recently used.
    mutating func take(_ key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        if place != newest {
            unlink(place)
            linkAsNewest(place)
        }
        return nodes[place].entry?.value
    }

    /// Keeps a value, in place of one under the same key.
    /// - Parameters:
    ///   - bytes: how much room it takes.
    ///   - limit: how much all may take: the least recently used make room.
    /// - Returns: whether it is kept; what is larger than the limit alone is not.
    @discardableResult
    mutating func insert(_ value: Value, for key: Key, bytes size: Int, limit: Int) -> Bool {
        remove(key)
        guard size <= limit else { return false }
        while bytes > limit - size, oldest >= 0 {
            drop(oldest)
            evictions += 1
        }
        let node = Node(entry: (key, value), bytes: size)
        let place: Int
        if free >= 0 {
            place = free
            free = nodes[place].older
            nodes[place] = node
        } else {
            place = nodes.count
            nodes.append(node)
        }
        places[key] = place
        linkAsNewest(place)
        count += 1
        bytes += size
        return true
    }

    mutating func remove(_ key: Key) {
        if let place = places[key] { drop(place) }
    }

    mutating func removeAll(where matches: (Key, Value) -> Bool) {
        for place in nodes.indices {
            if let entry = nodes[place].entry, matches(entry.key, entry.value) { drop(place) }
        }
    }

    // MARK: Links

    private mutating func drop(_ place: Int) {
        unlink(place)
        if let key = nodes[place].entry?.key { places[key] = nil }
        count -= 1
        bytes -= nodes[place].bytes
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
