/// Decides which models may answer a request, and in which order.
///
/// A whole router:
///
/// ```swift
/// struct CodeRouter: Router {
///     func route(_ request: ChatRequest, in context: RoutingContext) -> Route {
///         request.prompt.contains("```") ? .to("large") : .cascade("small", "large", threshold: 0.8)
///     }
/// }
/// ```
public protocol Router: Sendable {
    /// Chooses a route for a request; it may name only the context's models.
    func route(_ request: ChatRequest, in context: RoutingContext) async throws -> Route

    /// The routes this router may return, where they are known beforehand: the pipeline checks them at assembly.
    var knownRoutes: [Route] { get }

    /// What of the caller the decision depends on: part of every cache key, so that a hit is an answer that the route
    /// could have given.
    ///
    /// The default is feature and tags (tenants are always apart). A router that also looks at user or conversation must
    /// say so here, or one user gets from a cache what another's route gave; one that looks at nothing but the content
    /// may return an empty text, for more hits. ``LLMKitTesting/RouterConformance`` finds a router whose routes differ
    /// where its partitions do not.
    func partition(for request: ChatRequest) -> String
}

extension Router {
    public var knownRoutes: [Route] { [] }

    public func partition(for request: ChatRequest) -> String { request.caller.featureAndTags }
}

extension Caller {
    /// Feature and tags in one text; different ones never make the same.
    fileprivate var featureAndTags: String {
        if feature == nil, tags.isEmpty { return "" }
        var text = feature.map { "\($0.utf8.count):\($0)" } ?? "-"
        for (name, value) in tags.sorted(by: { $0.key < $1.key }) {
            text += ",\(name.utf8.count):\(name)=\(value.utf8.count):\(value)"
        }
        return text
    }
}
