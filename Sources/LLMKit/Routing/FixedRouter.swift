/// Sends every request the same way, unless the request names a model and the router is told to honour that.
public struct FixedRouter: Router {
    package var route: Route
    /// Whether ``ChatRequest/model`` outranks ``route``.
    package var honoursRequestedModel: Bool

    package init(_ route: Route, honouringRequestedModel: Bool = false) {
        self.route = route
        honoursRequestedModel = honouringRequestedModel
    }

    public func route(_ request: ChatRequest, in context: RoutingContext) -> Route { route(for: request) }

    func route(for request: ChatRequest) -> Route {
        if honoursRequestedModel, let wanted = request.model { return .to(wanted) }
        return route
    }

    public var knownRoutes: [Route] { [route] }

    /// It looks at nothing of the caller; the model that the request names is in every key already.
    public func partition(for request: ChatRequest) -> String { "" }
}

extension Router where Self == FixedRouter {
    /// Every request takes this route.
    public static func fixed(_ route: Route) -> FixedRouter { FixedRouter(route) }

    /// One model, and others that stand in when it fails.
    public static func to(_ model: ModelName, orOnFailure fallbacks: ModelName...) -> FixedRouter {
        FixedRouter(Route(tiers: [Route.Tier([model] + fallbacks)]))
    }

    /// Cheap to strong: each model but the last is asked first and kept if the pipeline is sure enough of its answer.
    /// - Parameters:
    ///   - models: in the order in which they are asked.
    ///   - threshold: the confidence, 0 to 1, below which the next model is asked.
    public static func cascade(_ models: ModelName..., threshold: Double) -> FixedRouter {
        FixedRouter(.cascade(models, threshold: threshold))
    }

    /// The model that the request names, else `fallback`.
    public static func requested(otherwise fallback: ModelName) -> FixedRouter {
        FixedRouter(.to(fallback), honouringRequestedModel: true)
    }
}
