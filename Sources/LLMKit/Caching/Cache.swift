/// Remembers answers.
///
/// Caches are tried in order; the first hit wins.
///
/// The pipeline stores only accepted, complete answers, and only if the request's ``ChatRequest/cachePolicy`` allows it.
/// A whole cache:
///
/// ```swift
/// actor AnswerBook: Cache {
///     private var answers: [Fingerprint: ChatResponse] = [:]
///     func lookup(_ request: ChatRequest, in context: CacheContext) -> CacheHit? {
///         answers[context.fingerprint].map { CacheHit($0, source: .result) }
///     }
///     func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) {
///         answers[context.fingerprint] = response
///     }
/// }
/// ```
///
/// A cache that throws does not fail the request: the error shows in the trace, and the pipeline goes on without it.
public protocol Cache: Sendable {
    /// Finds an answer to the request that may be given instead of asking a model.
    func lookup(_ request: ChatRequest, in context: CacheContext) async throws -> CacheHit?

    /// Keeps an answer.
    func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) async throws

    /// Finds settings that can never work; pipelines call it when they are assembled. The default finds nothing.
    func validate() throws(LLMError)
}

extension Cache {
    public func validate() throws(LLMError) {}
}
