@testable import LLMKit

// Caches asked without a pipeline: what is asked, and nothing around it.

extension Cache {
    func lookup(_ context: CacheContext) async throws -> CacheHit? { try await lookup(context.request, in: context) }

    func store(_ response: ChatResponse, for context: CacheContext) async throws {
        try await store(response, for: context.request, in: context)
    }
}

extension ResultCache {
    func lookup(_ context: CacheContext) -> CacheHit? { lookup(context.request, in: context) }

    func store(_ response: ChatResponse, for context: CacheContext) {
        store(response, for: context.request, in: context)
    }
}
