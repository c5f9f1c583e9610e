import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct CacheConformanceTests {
    /// Keeps answers by what the closure makes of a request.
    private actor Shelf<Key: Hashable & Sendable>: Cache {
        private var answers: [Key: ChatResponse] = [:]
        private let key: @Sendable (ChatRequest, CacheContext) -> Key
        init(_ key: @escaping @Sendable (ChatRequest, CacheContext) -> Key) { self.key = key }
        func lookup(_ request: ChatRequest, in context: CacheContext) -> CacheHit? {
            answers[key(request, context)].map { CacheHit($0, source: .result) }
        }
        func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) {
            answers[key(request, context)] = response
        }
    }

    private func broken<Key: Hashable & Sendable>(
        _ key: @escaping @Sendable (ChatRequest, CacheContext) -> Key
    ) async -> [String] {
        do {
            try await CacheConformance().check { Shelf(key) }
            return []
        } catch {
            return error.broken
        }
    }

    private func broken<Key: Hashable & Sendable>(_ key: @escaping @Sendable (ChatRequest) -> Key) async -> [String] {
        await broken { request, _ in key(request) }
    }

    /// Everything of the request that matters.
    private static func content(of request: ChatRequest) -> ChatRequest {
        var content = request
        content.deadline = nil
        content.caller = Caller(tenant: request.caller.tenant)
        return content
    }

    @Test func `a cache by everything that matters passes`() async {
        struct Key: Hashable {
            var content: ChatRequest
            var models: String
            var partition: String
        }
        let found = await broken { request, context in
            Key(content: Self.content(of: request), models: context.models, partition: context.partition)
        }
        #expect(found.isEmpty)
        #expect(await broken { _, context in context.fingerprint }.isEmpty)
    }

    @Test func `a cache that gives one pipeline's answer to another, or one caller another's route, is found`() async {
        let found = await broken { Self.content(of: $0) }
        #expect(
            found == [
                "the same request with another context.models must not hit",
                "the same request with another context.partition must not hit",
            ]
        )
        let careless = await broken { request in
            var content = Self.content(of: request)
            content.cachePartition = nil
            return content
        }
        #expect(careless.contains("a request with another cache partition must not hit"))
    }

    @Test func `a cache by the last question leaks, and the suite says where`() async {
        let found = await broken(\.prompt)
        for difference in ["tenant", "system prompt", "model", "temperature", "seed", "response format", "history"] {
            #expect(found.contains("a request with another \(difference) must not hit"))
        }
        #expect(found.contains { $0.contains("did not find their own answer") })
    }

    @Test func `a cache that forgets, and one that is too exact, are found`() async {
        let counter = Counter()
        #expect(await broken { _ in counter.next() }.contains("a stored answer must be found"))
        #expect(await broken { $0 }.contains("the deadline and the conversation's name must not matter"))
    }

    @Test func `a cache that throws is found`() async {
        struct Broken: Cache {
            func lookup(_ request: ChatRequest, in context: CacheContext) throws -> CacheHit? {
                throw LLMError(.storage, "disk full")
            }
            func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) {}
        }
        do {
            try await CacheConformance().check { Broken() }
            Issue.record("a broken cache passed")
        } catch {
            #expect(error.description.contains("disk full"))
        }
    }
}
