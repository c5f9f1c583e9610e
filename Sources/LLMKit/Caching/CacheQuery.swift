import Synchronization

/// One request on its way through the caches, with what they would otherwise each compute anew.
///
/// The pipeline makes one per request and uses it for look-up and store, so the fingerprint is computed once, however
/// many caches ask for it.
public final class CacheQuery: Sendable {
    public let request: ChatRequest
    /// Which models and routes may answer: a pipeline's own. Answers of different ones are kept apart.
    public let scope: String
    private let memo = Mutex<Fingerprint?>(nil)

    public init(_ request: ChatRequest, scope: String = "") {
        self.request = request
        self.scope = scope
    }

    /// The SHA-256 of everything in the request that can change the answer, and of the tenant.
    public var fingerprint: Fingerprint {
        memo.withLock { memo in
            if let memo { return memo }
            let fingerprint = Fingerprint(of: request, scope: scope)
            memo = fingerprint
            return fingerprint
        }
    }
}
