import LLMKit
import LLMKitTesting
import Testing

// BEGIN Writing-a-cache
/// Remembers so many answers for so long, and forgets the oldest first.
actor ExpiringAnswers: Cache {
    private struct Entry {
        var response: ChatResponse
        var tenant: String?
        var expiry: ContinuousClock.Instant
    }

    private let limit: Int
    private let lifetime: Duration
    private var entries: [Fingerprint: Entry] = [:]
    /// In the order in which they expire.
    private var order: [Fingerprint] = []

    init(limit: Int, lifetime: Duration) {
        self.limit = limit
        self.lifetime = lifetime
    }

    nonisolated func validate() throws(LLMError) {
        guard limit > 0, lifetime > .zero else {
            throw LLMError(.invalidConfiguration, "a cache of \(limit) answers for \(lifetime) keeps none; use more")
        }
    }

    func lookup(_ request: ChatRequest, in context: CacheContext) -> CacheHit? {
        guard let entry = entries[context.fingerprint], entry.expiry > context.scope.time.now else { return nil }
        return CacheHit(entry.response, source: .result)
    }

    func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) {
        guard CacheAdmission().admits(response) else { return }
        forget { $0 == context.fingerprint }
        if order.count >= limit { entries[order.removeFirst()] = nil }
        order.append(context.fingerprint)
        entries[context.fingerprint] = Entry(
            response: response,
            tenant: request.caller.tenant,
            expiry: context.scope.time.now + lifetime
        )
    }

    /// For the day on which a tenant leaves.
    func removeAll(tenant: String?) {
        forget { entries[$0]?.tenant == tenant }
    }

    private func forget(_ isForgotten: (Fingerprint) -> Bool) {
        for key in order where isForgotten(key) { entries[key] = nil }
        order.removeAll { entries[$0] == nil }
    }
}
// END Writing-a-cache

@Suite struct WritingACache {
    @Test func `expiring answers keep the rules of caches`() async throws {
        try await CacheConformance().check { ExpiringAnswers(limit: 100, lifetime: .seconds(60)) }
    }

    @Test func `answers expire, the oldest makes room, and a tenant can be forgotten`() async throws {
        let time = ManualTime()
        let mock = MockProvider("Paris")
        let cache = ExpiringAnswers(limit: 2, lifetime: .seconds(60))
        let pipeline = try Pipeline(router: .to("small"), caches: [cache], time: time) { ChatModel("small", mock) }
        for question in ["one", "one", "two", "three", "three", "one"] {
            _ = try await pipeline.respond(to: ChatRequest(question))
        }
        #expect(mock.requests.map(\.prompt) == ["one", "two", "three", "one"])
        time.advance(by: .seconds(61))
        _ = try await pipeline.respond(to: "one")
        #expect(mock.requests.count == 5)
        await cache.removeAll(tenant: nil)
        _ = try await pipeline.respond(to: "one")
        #expect(mock.requests.count == 6)
    }

    @Test func `a cache that can keep nothing is found at assembly`() {
        #expect(throws: LLMError.self) {
            try Pipeline(router: .to("small"), caches: [ExpiringAnswers(limit: 0, lifetime: .seconds(1))]) {
                ChatModel("small", MockProvider("x"))
            }
        }
    }
}
