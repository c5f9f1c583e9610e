/// Which models may answer a request, in which order: plain data that one engine runs.
///
/// Fixed choice, fallback, cascade and shadow are all values of this one type.
public struct Route: Hashable, Sendable {
    /// Models that are tried in turn until one answers.
    public struct Tier: Hashable, Sendable {
        /// The first is asked; the others stand in, in this order, when it fails.
        public var models: [ModelName]
        /// The confidence, 0 to 1, below which the next tier is asked. The last tier has none: it is never judged.
        public var threshold: Double?

        public init(_ models: [ModelName], threshold: Double? = nil) {
            self.models = models
            self.threshold = threshold
        }
    }

    /// Asked in order. Failure moves on inside a tier, then to the next; doubt moves to the next tier.
    public var tiers: [Tier]
    /// Models that get a copy of the request. Their answers are thrown away; they never delay, fail or bill the caller.
    public var shadows: [ModelName]
    /// What ledgers and reports call this route.
    public var label: String?
    /// Why it was chosen.
    public var reason: RouteReason?

    public init(tiers: [Tier], shadows: [ModelName] = [], label: String? = nil) {
        self.tiers = tiers
        self.shadows = shadows
        self.label = label
    }

    /// One model, and others that stand in when it fails.
    public static func to(_ model: ModelName, orOnFailure fallbacks: ModelName...) -> Route {
        Route(tiers: [Tier([model] + fallbacks)])
    }

    /// Cheap to strong: each model but the last is asked first and kept if the pipeline is sure enough of its answer.
    /// - Parameters:
    ///   - models: in the order in which they are asked.
    ///   - threshold: the confidence, 0 to 1, below which the next model is asked.
    public static func cascade(_ models: ModelName..., threshold: Double) -> Route {
        cascade(models, threshold: threshold)
    }

    static func cascade(_ models: [ModelName], threshold: Double) -> Route {
        Route(
            tiers: models.enumerated().map { index, model in
                Tier([model], threshold: index < models.count - 1 ? threshold : nil)
            }
        )
    }

    /// The same route, with a copy of each request sent to `models`.
    public func shadowed(by models: ModelName...) -> Route {
        var route = self
        route.shadows += models
        return route
    }

    /// The same route under a name.
    public func labelled(_ label: String) -> Route {
        var route = self
        route.label = label
        return route
    }
}
