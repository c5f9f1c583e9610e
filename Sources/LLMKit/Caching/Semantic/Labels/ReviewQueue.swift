import PortableFoundation
import Synchronization

/// Writes matches of a semantic cache to a file, for people to judge: what a calibration needs, and nobody has on the first
/// day.
///
/// Nothing is written unless an app sets ``SemanticCacheOptions/review``. Then each match that is checked – all of them in
/// ``SemanticCacheOptions/Mode/shadow``, some of them with a policy that learns – goes to the file once, with the questions
/// and the answer as ``TextMask`` leaves them. Users' complaints (``SemanticCache/report(_:wasRight:)``) go there, too, as
/// judged. `llmkit cache review FILE` shows what is open; ``ReviewFile/samples`` calibrates.
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

    /// Writes a match, soon.
    /// - Parameters:
    ///   - verdict: what a user said of it; `nil` if nobody did.
    func add(
        _ trial: HitTrial,
        neighbours: Int,
        judged: Bool?,
        asked: String?,
        _ entry: SemanticEntry,
        verdict: Bool? = nil
    ) {
        let candidate = ReviewCandidate(trial, neighbours: neighbours, judged: judged, asked: asked, entry, mask)
        let isNew = state.withLock { state in
            if asked != nil, !state.known.insert(Self.key(candidate)).inserted { return false }
            guard state.count < limit else {
                state.dropped += 1
                return false
            }
            state.count += 1
            return true
        }
        guard isNew else { return }
        worker.enqueue { [self] in
            write { () throws(LLMError) in
                var file = try PrivateFile(appendingTo: path)
                try file.append(try JSONRows.line(candidate, path: path))
                guard let verdict else { return }
                var verdicts = try PrivateFile(appendingTo: ReviewFile.verdictPath(path))
                let row = ReviewVerdict(id: candidate.id, isRight: verdict, date: Date())
                try verdicts.append(try JSONRows.line(row, path: path))
            }
        }
    }

    /// Takes out what is to be forgotten, with what was said of it.
    func erase(_ scope: ErasureScope) async throws(LLMError) {
        try await worker.run { [self] () throws(LLMError) in
            let candidates: [ReviewCandidate] = try JSONRows.read(path)
            let kept = candidates.filter { !scope.matches(tenant: $0.tenant, user: $0.user, tags: $0.tags) }
            guard kept.count < candidates.count else { return }
            let ids = Set(kept.map(\.id))
            try rewrite(path, kept)
            let verdicts = try ReviewFile.verdicts(of: path)
            if !verdicts.isEmpty { try rewrite(ReviewFile.verdictPath(path), verdicts.filter { ids.contains($0.id) }) }
            state.withLock { state in
                state.count = kept.count
                state.known = Set(kept.map(Self.key))
            }
        }
    }

    private func rewrite(_ path: String, _ rows: [some Encodable]) throws(LLMError) {
        let fresh = path + ".new"
        try PrivateFile.delete(fresh)
        var file = try PrivateFile(appendingTo: fresh)
        for row in rows { try file.append(try JSONRows.line(row, path: path)) }
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
