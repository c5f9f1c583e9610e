import Synchronization

/// What a cache may use besides the request, and what all caches of a pipeline would otherwise each compute anew.
///
/// The pipeline makes one per request and uses it for look-up and store, so the fingerprint is computed once, however
/// many caches ask for it.
public struct CacheContext: Sendable {
    /// Everything behind one reference: the context is passed around more often than it is looked into.
    private final class Storage: Sendable {
        let holder: any RequestHolder
        let models: String
        let partition: String
        let isStreamed: Bool
        let scope: RequestScope
        let fingerprint = Mutex<Fingerprint?>(nil)

        init(
            _ holder: any RequestHolder,
            _ models: String,
            _ partition: String,
            _ isStreamed: Bool,
            _ scope: RequestScope
        ) {
            self.holder = holder
            self.models = models
            self.partition = partition
            self.isStreamed = isStreamed
            self.scope = scope
        }
    }
    private let storage: Storage

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
        storage = Storage(HeldRequest(request), models, partition, isStreamed, scope)
    }

    /// The context of a request that somebody else holds: a request is large, and its pipeline keeps it already.
    init(of holder: any RequestHolder, models: String, partition: String, isStreamed: Bool, scope: RequestScope) {
        storage = Storage(holder, models, partition, isStreamed, scope)
    }

    /// The request's scope: its clock and deadline; what a cache has computed at an upstream's expense is booked there.
    public var scope: RequestScope { storage.scope }
    /// Which models and routes may answer: a pipeline's own. Answers of different ones are kept apart.
    public var models: String { storage.models }
    /// What of the caller the route depends on: see ``Router/partition(for:)``.
    public var partition: String { storage.partition }
    /// Whether the caller reads the answer as a stream, and so decides when it ends.
    public var isStreamed: Bool { storage.isStreamed }
    /// What is asked.
    var request: ChatRequest { storage.holder.request }

    /// The SHA-256 of everything in the request that can change the answer, of the tenant, and of who may answer.
    public var fingerprint: Fingerprint {
        storage.fingerprint.withLock { known in
            if let known { return known }
            let made = Fingerprint(of: storage.holder.request, models: storage.models, partition: storage.partition)
            known = made
            return made
        }
    }
}

/// Whoever keeps a request for as long as it is worked on.
protocol RequestHolder: AnyObject, Sendable {
    var request: ChatRequest { get }
}

private final class HeldRequest: RequestHolder {
    let request: ChatRequest
    init(_ request: ChatRequest) { self.request = request }
}
