import Synchronization

/// The entries of a semantic cache: by partition for the search, by number, and by rank for making room.
///
/// One lock guards the tables; the vectors are searched outside of it, so that look-ups hardly wait for each other.
final class SemanticMemory: Sendable {
    private struct State {
        /// The vectors of each partition: it is searched apart.
        var partitions: [Fingerprint: VectorIndex] = [:]
        /// The entry with exactly these words.
        var exact: [ExactKey: Int64] = [:]
        var entries: [Int64: SemanticEntry] = [:]
        var uses: [Int64: Int] = [:]
        var ranks = RankedHeap()
        var tick = 0
        var clock = 0.0
        var statistics = CacheStatistics()
    }

    private struct ExactKey: Hashable {
        var partition: Fingerprint
        var question: String
    }

    /// What was found near a question.
    struct Glance {
        /// Nearest first, none of them expired.
        var neighbours: [(entry: SemanticEntry, similarity: Double)]
        /// See ``Neighbourhood/mutual``.
        var mutual: [Float] = []
        /// How many questions the partition has.
        var count: Int
    }

    private let dimensions: Int
    private let options: SemanticCacheOptions
    private let state = Mutex(State())

    init(dimensions: Int, _ options: SemanticCacheOptions) {
        self.dimensions = dimensions
        self.options = options
    }

    var statistics: CacheStatistics { state.withLock { $0.statistics } }

    func count(_ change: (inout CacheStatistics) -> Void) { state.withLock { change(&$0.statistics) } }

    // MARK: Finding

    /// The entry with exactly these words.
    func exact(_ question: SemanticQuestion, at now: Int64) -> SemanticEntry? {
        let key = ExactKey(partition: question.partition, question: question.text)
        return state.withLock { state in
            guard let entry = state.exact[key].flatMap({ state.entries[$0] }), !entry.isExpired(at: now) else {
                return nil
            }
            return entry
        }
    }

    /// The nearest entries whose questions reach a cosine.
    /// - Parameters:
    ///   - question: says in which partition to look.
    ///   - vector: that of the question.
    ///   - count: how many entries at most.
    ///   - floor: the least cosine.
    ///   - needsMutual: whether the cosines among the entries are wanted, too.
    ///   - now: what expires by then is not found.
    func glance(
        at question: SemanticQuestion,
        _ vector: [Float],
        count: Int,
        floor: Double,
        needsMutual: Bool = false,
        at now: Int64
    ) throws(LLMError) -> Glance {
        guard let index = state.withLock({ $0.partitions[question.partition] }) else {
            return Glance(neighbours: [], count: 0)
        }
        while true {
            let matches = try index.nearest(count, to: vector, atLeast: Float(floor))
            let entries = state.withLock { state in matches.map { state.entries[$0.id] } }
            let expired = entries.compactMap { entry in entry.flatMap { $0.isExpired(at: now) ? $0.id : nil } }
            // What has expired took the place of others: they are to be found, too.
            if !expired.isEmpty {
                remove(expired) { $0.expirations += 1 }
                continue
            }
            let found = zip(entries, matches).compactMap { entry, match in
                entry.map { (entry: $0, similarity: Double(match.similarity)) }
            }
            let mutual = needsMutual ? MutualCosines.among(found.compactMap { index.vector($0.entry.id) }) : []
            return Glance(neighbours: found, mutual: mutual, count: index.count)
        }
    }

    func entry(_ id: Int64) -> SemanticEntry? { state.withLock { $0.entries[id] } }

    /// Notes a use, which makes the entry stay longer.
    func use(_ entry: SemanticEntry) {
        state.withLock { state in
            guard state.entries[entry.id] != nil else { return }
            rank(entry, in: &state)
        }
    }

    // MARK: Changing

    /// Adds an entry in place of one with the same words, and makes room.
    /// - Returns: the entries that had to go for it.
    /// - Throws: ``LLMError`` if the vector is none of this cache's embedder.
    @discardableResult
    func insert(_ entry: SemanticEntry, _ vector: [Float]) throws(LLMError) -> [Int64] {
        let size = size(of: entry)
        guard size <= options.bytes else { return [entry.id] }
        return try state.withLock { (state) throws(LLMError) in
            let known = state.partitions[entry.content.partition]
            let index =
                if let known { known } else {
                    try VectorIndex(dimensions: dimensions, precision: options.precision)
                }
            try index.insert(vector, id: entry.id)
            state.partitions[entry.content.partition] = index
            var gone: [Int64] = []
            let key = ExactKey(partition: entry.content.partition, question: entry.content.question)
            // The same entry may have come by way of the file meanwhile.
            if state.entries[entry.id] != nil {
                _ = drop(entry.id, from: &state, keepingVector: true)
            } else if let old = state.exact[key], drop(old, from: &state) {
                gone.append(old)
            }
            while state.statistics.bytes > options.bytes - size, let least = state.ranks.lowest {
                state.clock = least.rank
                if drop(least.id, from: &state) { gone.append(least.id) }
                state.statistics.evictions += 1
            }
            state.exact[key] = entry.id
            state.entries[entry.id] = entry
            state.statistics.entries += 1
            state.statistics.bytes += size
            rank(entry, in: &state)
            return gone
        }
    }

    /// Removes entries.
    /// - Returns: those that were there.
    @discardableResult
    func remove(_ ids: [Int64], counting: (inout CacheStatistics) -> Void = { _ in }) -> [Int64] {
        state.withLock { state in
            ids.filter { id in
                guard drop(id, from: &state) else { return false }
                counting(&state.statistics)
                return true
            }
        }
    }

    /// The numbers of all entries that match.
    func ids(where matches: (SemanticEntry) -> Bool) -> [Int64] {
        state.withLock { state in state.entries.values.filter(matches).map(\.id).sorted() }
    }

    private func size(of entry: SemanticEntry) -> Int {
        entry.bytes + dimensions * (options.precision == .f32 ? 4 : 2) + 96
    }

    private func rank(_ entry: SemanticEntry, in state: inout State) {
        state.tick += 1
        let uses = state.uses[entry.id, default: 0] + 1
        state.uses[entry.id] = uses
        let rank = options.eviction.rank(
            tick: state.tick,
            clock: state.clock,
            uses: uses,
            cost: Double(entry.content.cost),
            bytes: size(of: entry)
        )
        state.ranks.set(entry.id, rank: rank)
    }

    /// Takes an entry out of all tables; `false` if it was not there.
    private func drop(_ id: Int64, from state: inout State, keepingVector: Bool = false) -> Bool {
        state.ranks.remove(id)
        guard let entry = state.entries.removeValue(forKey: id) else { return false }
        let key = ExactKey(partition: entry.content.partition, question: entry.content.question)
        if state.exact[key] == id { state.exact[key] = nil }
        state.uses[id] = nil
        state.statistics.entries -= 1
        state.statistics.bytes -= size(of: entry)
        if !keepingVector, let index = state.partitions[entry.content.partition] {
            index.remove(id)
            if index.count == 0 { state.partitions[entry.content.partition] = nil }
        }
        return true
    }
}
