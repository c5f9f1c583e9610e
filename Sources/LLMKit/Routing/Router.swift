/// Decides which models may answer a request, and in which order.
///
/// A whole router:
///
/// ```swift
/// struct CodeRouter: Router {
///     func route(_ request: ChatRequest, among models: [Model]) -> Route {
///         request.prompt.contains("```") ? .to("large") : .cascade("small", "large", threshold: 0.8)
///     }
/// }
/// ```
public protocol Router: Sendable {
    /// Chooses a route for a request; it may name only the given models of the pipeline.
    func route(_ request: ChatRequest, among models: [Model]) async throws -> Route

    /// The routes this router may return, where they are known beforehand: the pipeline checks them at assembly.
    var knownRoutes: [Route] { get }
}

extension Router {
    public var knownRoutes: [Route] { [] }
}
