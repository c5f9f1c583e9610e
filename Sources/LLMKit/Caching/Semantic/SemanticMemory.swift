import Synchronization

/// The entries of a semantic cache: by partition for the search, by number, and by rank for making room.
///
/// One lock guards the tables; the vectors are searched outside of it, so that look-ups hardly wait for each other.
final class SemanticMemory: Sendable {
    private struct State {
        /// The vectors of each partition: it is searched apart.
        var partitions: [Fingerprint: PartitionVectors] = [:]
        /// The entry with exactly these words.
        var exact: [ExactKey: Int64] = [:]
        var entries: [Int64: SemanticEntry] = [:]
        var uses: [Int64: Int] = [:]
        var ranks = RankedHeap()
        var tick = 0
        var clock = 0.0
        var statistics = CacheStatistics()
        /// What was ordered to be forgotten: answers that were on their way then are not kept.
        var erasures: [ErasureScope] = []
        /// How many such orders there were before those.
        var forgottenErasures = 0
        /// What the answers of each partition tell about its vectors.
        var metrics: PartitionMetrics

        func count(of partition: Fingerprint) -> Int { partitions[partition]?.count ?? 0 }
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
        /// See ``Neighbourhood/Neighbour/kinship``; empty if the partition has no metric.
        var kinships: [Double] = []
        /// How many questions the partition has.
        var count: Int
        /// What had expired, and is gone from memory now.
        var expired: [SemanticEntry] = []
    }

    let dimensions: Int
    private let options: SemanticCacheOptions
    private let state: Mutex<State>

    /// - Parameter needsMetrics: whether kinships will be asked for.
    init(dimensions: Int, _ options: SemanticCacheOptions, needsMetrics: Bool = false) {
        self.dimensions = dimensions
        self.options = options
        let metrics = PartitionMetrics(dimensions: dimensions, isNeeded: needsMetrics, byteLimit: options.bytes)
        state = Mutex(State(metrics: metrics))
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
    ///   - needsMutual: whether the cosines among the entries are wanted, too, and their kinships to the question.
    ///   - now: what expires by then is not found.
    func glance(
        at question: SemanticQuestion,
        _ vector: [Float],
        count: Int,
        floor: Double,
        needsMutual: Bool = false,
        at now: Int64
    ) throws(LLMError) -> Glance {
        var gone: [SemanticEntry] = []
        while true {
            let (known, metric) = state.withLock {
                ($0.partitions[question.partition], needsMutual ? $0.metrics[question.partition] : nil)
            }
            guard let vectors = known else { return Glance(neighbours: [], count: 0, expired: gone) }
            let matches = try vectors.nearest(count, to: vector, atLeast: Float(floor))
            let entries = state.withLock { state in matches.map { state.entries[$0.id] } }
            var expired = entries.compactMap { entry in entry.flatMap { $0.isExpired(at: now) ? $0 : nil } }
            // What has expired took the place of others: they are to be found, too.
            if !expired.isEmpty {
                // After a quiet night nearly all has expired: all of it at once, or each search finds only as many as it seeks.
                if !gone.isEmpty { expired = self.entries { $0.isExpired(at: now) } }
                remove(expired.map(\.id)) { $0.expirations += 1 }
                gone += expired
                continue
            }
            // Whatever the tables say: what was asked in another partition is nobody's neighbour here.
            let found = zip(entries, matches).compactMap { entry, match in
                entry.flatMap { entry in
                    entry.content.partition == question.partition
                        ? (entry: entry, similarity: Double(match.similarity)) : nil
                }
            }
            var glance = Glance(neighbours: found, count: vectors.count, expired: gone)
            guard needsMutual else { return glance }
            let rows = found.compactMap { vectors.vector($0.entry.id) }
            glance.mutual = MutualCosines.among(rows)
            if let metric, rows.count == found.count { glance.kinships = metric.kinships(of: vector, with: rows) }
            return glance
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

    /// Finds what is wrong with a vector, before it goes anywhere: neither memory nor file takes it then.
    func check(_ vector: [Float]) throws(LLMError) {
        guard vector.count == dimensions else {
            throw LLMError(
                .invalidRequest,
                "a vector of \(vector.count) numbers; expected \(dimensions), as the embedder says"
            )
        }
        let square = vector.reduce(0) { $0 + $1 * $1 }
        guard square.isFinite else {
            throw LLMError(.invalidRequest, "a vector with NaN in it, or with numbers without bound")
        }
        // What rounding to half precision leaves of a length of one is far within this.
        guard abs(square - 1) <= 0.002 else {
            throw LLMError(.invalidRequest, "a vector of length \(square.squareRoot()); expected 1, within 0.001")
        }
    }

    /// Whether an entry of so many bytes fits at all, with its vector.
    func fits(_ bytes: Int) -> Bool { bytes + dimensions * options.precision.bytes <= options.bytes }

    /// Adds an entry in place of one with the same words, and makes room.
    ///
    /// Of two entries of a file with the same words, the later one stays, in whatever order they come: processes that each
    /// kept the one they saw last would remove both.
    /// - Parameter erasures: how many orders to forget there were when its request came; `nil` for what is in the file.
    /// - Returns: the entries that had to go for it, or itself if it was not added.
    /// - Throws: ``LLMError`` if the vector is none of this cache's embedder.
    @discardableResult
    func insert(_ entry: SemanticEntry, _ vector: [Float], since erasures: Int? = nil) throws(LLMError) -> [Int64] {
        try check(vector)
        guard fits(entry.bytes) else { return [entry.id] }
        return try state.withLock { (state) throws(LLMError) in
            if let erasures, Self.isErased(entry.content, since: erasures, in: state) { return [entry.id] }
            let partition = entry.content.partition
            var gone: [Int64] = []
            let key = ExactKey(partition: partition, question: entry.content.question)
            // The same entry may have come by way of the file meanwhile. Whatever has its number, all of it goes: of two
            // that shared one, one would answer with the other's words.
            _ = drop(entry.id, from: &state)
            if let old = state.exact[key], old > entry.id, entry.id > 0 { return [entry.id] }
            if let old = state.exact[key], drop(old, from: &state) { gone.append(old) }
            try change(partition, in: &state) { (vectors) throws(LLMError) in
                try vectors.insert(vector, id: entry.id, precision: options.precision)
            }
            state.exact[key] = entry.id
            state.entries[entry.id] = entry
            state.statistics.entries += 1
            state.statistics.bytes += entry.bytes + entry.answerVectorBytes
            // It has no rank yet, so others make room for it.
            while state.statistics.bytes > options.bytes, let least = state.ranks.lowest {
                state.clock = least.rank
                if drop(least.id, from: &state) { gone.append(least.id) }
                state.statistics.evictions += 1
            }
            rank(entry, in: &state)
            return gone
        }
    }

    /// Keeps the vector of an entry's answer with it, for as long as it is there.
    func keep(_ vector: [Float], ofAnswerIn entry: SemanticEntry) {
        state.withLock { state in
            guard state.entries[entry.id] === entry else { return }
            state.statistics.bytes -= entry.answerVectorBytes
            entry.answerVector = vector
            state.statistics.bytes += entry.answerVectorBytes
        }
    }

    /// Changes the vectors of a partition, and counts what that takes.
    private func change(
        _ partition: Fingerprint,
        in state: inout State,
        _ body: (inout PartitionVectors) throws(LLMError) -> Void
    ) throws(LLMError) {
        // Taken out of the table, so that it has one owner while it is changed.
        var vectors = state.partitions.removeValue(forKey: partition) ?? PartitionVectors()
        let before = vectors.count == 0 ? 0 : vectors.bytes
        defer {
            let isEmpty = vectors.count == 0
            let metrics = state.metrics.bytes
            if state.metrics.note(partition, count: vectors.count) { fitMetricLater(partition) }
            state.statistics.bytes += (isEmpty ? 0 : vectors.bytes) - before + state.metrics.bytes - metrics
            state.partitions[partition] = isEmpty ? nil : vectors
        }
        try body(&vectors)
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

    // MARK: Metrics

    /// Begins a fit of a partition's metric; `nil` if there is nothing to fit, or somebody is at it.
    func beginMetric(of partition: Fingerprint) -> (fit: Int, vectors: PartitionVectors)? {
        state.withLock { state in
            guard let vectors = state.partitions[partition], let fit = state.metrics.begin(partition) else {
                return nil
            }
            return (fit, vectors)
        }
    }

    /// Takes over what a fit has come to.
    func endMetric(of partition: Fingerprint, _ metric: AnswerMetric?, _ fit: Int) {
        state.withLock { state in
            let before = state.metrics.bytes
            let count = state.count(of: partition)
            if state.metrics.end(partition, metric, fit: fit, count: count) { fitMetricLater(partition) }
            state.statistics.bytes += state.metrics.bytes - before
        }
    }

    /// The numbers of entries' answers, of those that are there.
    func answers(of ids: some Sequence<Int64>) -> [(id: Int64, answer: UInt64)] {
        state.withLock { state in ids.compactMap { id in state.entries[id].map { (id, $0.content.answer) } } }
    }

    // MARK: Erasing

    /// How many orders to forget are remembered; whoever began before the oldest of them keeps nothing.
    private static let rememberedErasures = 64

    /// How many orders to forget there were so far.
    var erasureCount: Int { state.withLock { $0.forgottenErasures + $0.erasures.count } }

    /// Removes the entries that are meant, and sees to it that none of them comes late.
    func erase(_ erasure: Erasure) {
        state.withLock { state in
            var touched: Set<Fingerprint> = []
            for entry in Array(state.entries.values)
            where (entry.id < 0 || entry.id <= erasure.last) && erasure.scope.matches(entry.content) {
                touched.insert(entry.content.partition)
                _ = drop(entry.id, from: &state)
            }
            let metrics = state.metrics.bytes
            for partition in touched where state.metrics.erase(partition, count: state.count(of: partition)) {
                fitMetricLater(partition)
            }
            state.statistics.bytes += state.metrics.bytes - metrics
            state.erasures.append(erasure.scope)
            let excess = state.erasures.count - Self.rememberedErasures
            guard excess > 0 else { return }
            state.erasures.removeFirst(excess)
            state.forgottenErasures += excess
        }
    }

    /// Whether an entry whose request began after `count` orders to forget was meant by a later one.
    func isErased(_ content: SemanticEntry.Content, since count: Int) -> Bool {
        state.withLock { Self.isErased(content, since: count, in: $0) }
    }

    /// Whether what a caller has asked since was meant by a later one.
    func isErased(_ caller: Caller, since count: Int) -> Bool {
        state.withLock { state in
            Self.isErased(since: count, in: state) {
                $0.matches(tenant: caller.tenant, user: caller.user, tags: caller.tags)
            }
        }
    }

    private static func isErased(_ content: SemanticEntry.Content, since count: Int, in state: State) -> Bool {
        isErased(since: count, in: state) { $0.matches(content) }
    }

    private static func isErased(since count: Int, in state: State, _ matches: (ErasureScope) -> Bool) -> Bool {
        guard count >= state.forgottenErasures else { return true }
        return state.erasures.dropFirst(count - state.forgottenErasures).contains(where: matches)
    }

    /// The numbers of all entries that match.
    func ids(where matches: (SemanticEntry) -> Bool) -> [Int64] { entries(where: matches).map(\.id).sorted() }

    private func entries(where matches: (SemanticEntry) -> Bool) -> [SemanticEntry] {
        state.withLock { state in state.entries.values.filter(matches) }
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
            bytes: entry.bytes + dimensions * options.precision.bytes
        )
        state.ranks.set(entry.id, rank: rank)
    }

    /// Takes an entry out of all tables; `false` if it was not there.
    private func drop(_ id: Int64, from state: inout State) -> Bool {
        state.ranks.remove(id)
        guard let entry = state.entries.removeValue(forKey: id) else { return false }
        let key = ExactKey(partition: entry.content.partition, question: entry.content.question)
        if state.exact[key] == id { state.exact[key] = nil }
        state.uses[id] = nil
        state.statistics.entries -= 1
        state.statistics.bytes -= entry.bytes + entry.answerVectorBytes
        // Nothing can fail in it but an insertion.
        try? change(entry.content.partition, in: &state) { $0.remove(id) }
        return true
    }
}
