import Synchronization

/// One request on its way through the caches, with what they would otherwise each compute anew.
///
/// The pipeline makes one per request and uses it for look-up and store, so the fingerprint is computed once, however
/// many caches ask for it.
public final class CacheQuery: Sendable {
    public let request: ChatRequest
    /// Which models and routes may answer: a pipeline's own. Answers of different ones are kept apart.
    public let scope: String
    /// Whether the caller reads the answer as a stream, and so decides when it ends.
    public let isStreamed: Bool
    /// Whether somebody does what caches leave to be done.
    let runsErrands: Bool

    private struct Memo {
        var fingerprint: Fingerprint?
        var notes: [ObjectIdentifier: any Sendable] = [:]
        var errands = CacheErrands()
    }
    private let memo = Mutex(Memo())

    public convenience init(_ request: ChatRequest, scope: String = "", isStreamed: Bool = false) {
        self.init(request, scope: scope, isStreamed: isStreamed, runsErrands: false)
    }

    init(_ request: ChatRequest, scope: String, isStreamed: Bool, runsErrands: Bool) {
        self.request = request
        self.scope = scope
        self.isStreamed = isStreamed
        self.runsErrands = runsErrands
    }

    /// The SHA-256 of everything in the request that can change the answer, and of the tenant.
    public var fingerprint: Fingerprint {
        memo.withLock { memo in
            if let known = memo.fingerprint { return known }
            let fingerprint = Fingerprint(of: request, scope: scope)
            memo.fingerprint = fingerprint
            return fingerprint
        }
    }

    // MARK: What caches keep here

    /// What a cache found out at look-up and wants to know again at store. It goes with the request.
    func note<Note: Sendable>(of cache: AnyObject, as type: Note.Type = Note.self) -> Note? {
        memo.withLock { $0.notes[ObjectIdentifier(cache)] as? Note }
    }

    func setNote(_ note: (some Sendable)?, of cache: AnyObject) {
        memo.withLock { $0.notes[ObjectIdentifier(cache)] = note }
    }

    /// Leaves something for the pipeline to do.
    func leave(_ change: (inout CacheErrands) -> Void) { memo.withLock { change(&$0.errands) } }

    /// What caches have left since the last time.
    func takeErrands() -> CacheErrands {
        memo.withLock { memo in
            defer { memo.errands = CacheErrands() }
            return memo.errands
        }
    }
}

/// What a cache leaves for the pipeline to do, because only the pipeline has the meter and the models.
struct CacheErrands: Sendable {
    /// Vectors that a vendor bills.
    struct Embedding: Sendable {
        var info: EmbedderInfo
        var usage: Usage
        var duration: Duration
    }

    /// Compares a fresh answer with a remembered one; `nil` if nothing could be learned.
    typealias Check = @Sendable (JudgeModels) async -> CacheTrial?

    var embeddings: [Embedding] = []
    var checks: [Check] = []

    var isEmpty: Bool { embeddings.isEmpty && checks.isEmpty }
}
