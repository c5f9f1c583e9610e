import Synchronization

/// What a cache may use besides the request, and what all caches of a pipeline would otherwise each compute anew.
///
/// The pipeline makes one per request and uses it for look-up and store, so the fingerprint is computed once, however
/// many caches ask for it.
public struct CacheContext: Sendable {
    /// The request's scope: its clock and deadline; what a cache has computed at an upstream's expense is booked there.
    public let scope: RequestScope
    /// Which models and routes may answer: a pipeline's own. Answers of different ones are kept apart.
    public let models: String
    /// What of the caller the route depends on: see ``Router/partition(for:)``.
    public let partition: String
    /// Whether the caller reads the answer as a stream, and so decides when it ends.
    public let isStreamed: Bool
    /// What is asked.
    let request: ChatRequest
    private let memo = Memo()

    private final class Memo: Sendable {
        let fingerprint = Mutex<Fingerprint?>(nil)
    }

    /// - Parameters:
    ///   - request: what is asked.
    ///   - models: which models and routes may answer.
    ///   - partition: what of the caller the route depends on.
    ///   - isStreamed: whether the caller reads the answer as a stream.
    ///   - scope: the request's; by default one without a pipeline.
    public init(
        _ request: ChatRequest,
        models: String = "",
        partition: String = "",
        isStreamed: Bool = false,
        scope: RequestScope = RequestScope()
    ) {
        self.request = request
        self.models = models
        self.partition = partition
        self.isStreamed = isStreamed
        self.scope = scope
    }

    /// The SHA-256 of everything in the request that can change the answer, of the tenant, and of who may answer.
    public var fingerprint: Fingerprint {
        memo.fingerprint.withLock { known in
            if let known { return known }
            let made = Fingerprint(of: request, models: models, partition: partition)
            known = made
            return made
        }
    }
}
