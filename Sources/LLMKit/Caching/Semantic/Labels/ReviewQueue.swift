import PortableFoundation
import Synchronization

/// Writes matches of a semantic cache to a file, for people to judge: what a calibration needs, and nobody has on the first
/// day.
///
/// Nothing is written unless an app sets ``SemanticCacheOptions/review``. Then each match that is checked – all of them in
/// ``SemanticCacheOptions/Mode/shadow``, some of them with a policy that learns – goes to the file once, with the questions
/// and the answer as ``TextMask`` leaves them. Users' complaints (``SemanticCache/report(_:wasRight:)``) go there, too, as
/// judged. The same question asked once more is no match that anybody need judge. `llmkit cache review FILE` shows what is open; ``ReviewFile/samples`` calibrates.
///
/// The file is readable by its owner only, and forgotten with the cache: ``SemanticCache/removeAll(tenant:user:)``.
public final class ReviewQueue: Sendable {
    private struct State {
        var count = 0
        /// Pairs that were written already.
        var known: Set<UInt64> = []
        var error: LLMError?
        var dropped = 0
    }

    public let path: String
    private let limit: Int
    private let mask: TextMask
    private let worker = SerialWorker("llmkit.review")
    private let state: Mutex<State>

    /// Opens the file, or makes it. Blocks: do it when the app starts.
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: how many candidates it may hold, 1 or more; what comes after is dropped (``dropped``).
    ///   - mask: what of the texts is written.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be used.
    public init(path: String, limit: Int = 10_000, mask: TextMask = .standard) throws(LLMError) {
        self.path = path
        self.limit = limit
        self.mask = mask
        guard limit > 0 else {
            throw .configuration("ReviewQueue: a limit of \(limit) candidates holds nothing; give one or more")
        }
        _ = try PrivateFile(appendingTo: path)
        let candidates = try ReviewFile(path).candidates
        state = Mutex(State(count: candidates.count, known: Set(candidates.map(Self.key))))
    }

    /// How many candidates came when the file was full.
    public var dropped: Int { state.withLock { $0.dropped } }
    /// Why the file could not be written the last time; `nil` if it could.
    public var lastError: LLMError? { state.withLock { $0.error } }

    /// Returns when everything that came so far is written.
    public func flush() async { await worker.run {} }

    /// The same pair of two tenants is two: one may be forgotten.
    private static func key(_ candidate: ReviewCandidate) -> UInt64 {
        var hash = SHA256()
        for text in [candidate.tenant ?? "", candidate.asked ?? "", candidate.remembered] {
            hash.update(Array("\(text.utf8.count):\(text)".utf8))
        }
        return UInt64(hash.finalizeWords().0)
    }

    /// A match, and what is known of it.
    struct Match: Sendable {
        var trial: HitTrial
        var entry: SemanticEntry
        /// How many neighbours the policy asked for.
        var neighbours: Int
        /// Whose vectors were compared.
        var vectors: VectorOrigin?
        /// What the cache's own judge said.
        var judged: Bool?
        /// The question that was asked, and who asked it; `nil` where that is not known.
        var asked: String?
        var caller: Caller?
        /// How likely it was to be checked; `nil` where nobody drew lots.
        var rate: Double?
        /// What a user said of it; `nil` if nobody did.
        var verdict: Bool?

        init(_ trial: HitTrial, of entry: SemanticEntry, neighbours: Int) {
            (self.trial, self.entry, self.neighbours) = (trial, entry, neighbours)
        }
    }

    /// Writes a match, soon.
    /// - Parameter isErased: asked right before it is written: whether its owner wants it forgotten.
    func add(_ match: Match, unless isErased: @escaping @Sendable () -> Bool = { false }) {
        // By the texts as they are: a mask may make equal what is not.
        if let asked = match.asked, ReviewCandidate.isSame(asked, match.entry.content.question) { return }
        let candidate = ReviewCandidate(match, mask)
        let key = match.asked == nil ? nil : Self.key(candidate)
        let isNew = state.withLock { state in
            if let key, state.known.contains(key) { return false }
            guard state.count < limit else {
                state.dropped += 1
                return false
            }
            if let key { state.known.insert(key) }
            state.count += 1
            return true
        }
        guard isNew else { return }
        worker.enqueue { [self] in
            if isErased() {
                state.withLock { state in
                    state.count = max(0, state.count - 1)
                    if let key { state.known.remove(key) }
                }
                return
            }
            write { () throws(LLMError) in
                try JSONRows.append([candidate], to: path)
                guard let verdict = match.verdict else { return }
                let row = ReviewVerdict(id: candidate.id, isRight: verdict, date: Date())
                try JSONRows.append([row], to: ReviewFile.verdictPath(path))
            }
        }
    }

    /// Takes out what is to be forgotten, with what was said of it.
    func erase(_ scope: ErasureScope) async throws(LLMError) {
        try await worker.run { [self] () throws(LLMError) in try eraseNow(scope) }
    }

    /// The same, soon: for what another process has ordered.
    func eraseLater(_ scope: ErasureScope) {
        worker.enqueue { [self] in write { () throws(LLMError) in try eraseNow(scope) } }
    }

    private func eraseNow(_ scope: ErasureScope) throws(LLMError) {
        try PrivateFile.delete(Self.freshPath(path))
        // Somebody may have taken the file away: then there is nothing in it.
        guard FileManager.default.fileExists(atPath: path) else { return forget([]) }
        // Of everything, nothing need be read, be it damaged or not.
        let candidates: [ReviewCandidate]? = scope == .everything ? nil : try JSONRows.read(path)
        let kept = (candidates ?? []).filter { !$0.isMeant(by: scope) }
        guard kept.count < candidates?.count ?? .max else { return }
        let ids = Set(kept.map(\.id))
        try rewrite(path, kept)
        let verdicts = candidates == nil ? [] : try ReviewFile.verdicts(of: path)
        let verdictPath = ReviewFile.verdictPath(path)
        if FileManager.default.fileExists(atPath: verdictPath) {
            try rewrite(verdictPath, verdicts.filter { ids.contains($0.id) })
        }
        forget(kept)
    }

    /// Forgets all pairs but these.
    private func forget(_ kept: [ReviewCandidate]) {
        state.withLock { state in
            state.count = kept.count
            state.known = Set(kept.map(Self.key))
        }
    }

    private static func freshPath(_ path: String) -> String { path + ".new" }

    private func rewrite<Row: Codable>(_ path: String, _ rows: [Row]) throws(LLMError) {
        let fresh = Self.freshPath(path)
        try PrivateFile.delete(fresh)
        try JSONRows.append(rows, to: fresh)
        try PrivateFile.move(fresh, to: path)
    }

    private func write(_ body: () throws(LLMError) -> Void) {
        do throws(LLMError) {
            try body()
            state.withLock { $0.error = nil }
        } catch {
            state.withLock { $0.error = error }
        }
    }
}
