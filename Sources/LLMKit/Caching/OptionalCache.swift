/// A cache that the app can do without: if it cannot be opened, the pipeline goes on, and says so.
///
/// A file that is damaged, or weights that are missing, are no reason for an app not to start:
///
/// ```swift
/// caches: [.memory(), .ifAvailable { try .semantic(.miniLM(folder: folder), policy: .fixed(0.92)) }]
/// ```
///
/// Why the cache is missing is told to ``Diagnostics`` once, and to ``Pipeline/onProblem``, and shows in the trace of every
/// request.
public struct OptionalCache: Cache {
    private let base: Result<any Cache, LLMError>

    /// - Parameters:
    ///   - diagnostics: told why there is no cache.
    ///   - make: opens the cache; what it throws is kept, not passed on.
    package init(diagnostics: Diagnostics = .standardError, _ make: () throws -> any Cache) {
        do {
            base = .success(try make())
        } catch {
            let error = LLMError(wrapping: error)
            base = .failure(error)
            diagnostics.report(
                .warning,
                "cache",
                "going on without a cache, because it could not be opened",
                cause: error
            )
        }
    }

    /// Why there is no cache; `nil` if there is one.
    package var error: LLMError? { base.failure }

    public func lookup(_ request: ChatRequest, in context: CacheContext) async throws -> CacheHit? {
        try await base.get().lookup(request, in: context)
    }

    public func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) async throws {
        // The look-up of the same request has told that there is no cache.
        guard case .success(let cache) = base else { return }
        try await cache.store(response, for: request, in: context)
    }

    public func validate() throws(LLMError) {
        if case .success(let cache) = base { try cache.validate() }
    }
}

extension Cache where Self == OptionalCache {
    /// A cache that the app can do without.
    /// - Parameters:
    ///   - diagnostics: told why there is no cache.
    ///   - make: opens the cache; what it throws is kept, not passed on.
    /// - Returns: the cache, or what says at every look-up that there is none.
    public static func ifAvailable(
        diagnostics: Diagnostics = .standardError,
        _ make: () throws -> any Cache
    ) -> OptionalCache { OptionalCache(diagnostics: diagnostics, make) }
}
