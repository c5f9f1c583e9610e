/// Why a route was chosen: in the trace, in every row of the ledger, and what learning from the ledger needs.
public struct RouteReason: Hashable, Sendable {
    /// What decided: the name of a rule, of a classifier, of an experiment.
    public var policy: String
    /// Which version of it.
    public var version: String?
    /// What it found out about each model, the higher the better.
    public var scores: [ModelName: Double]
    /// The probability, above 0 to 1, with which it chooses this route for such a request; `nil` where nothing is left to
    /// chance. Off-policy estimates divide by it.
    public var propensity: Double?

    public init(
        _ policy: String,
        version: String? = nil,
        scores: [ModelName: Double] = [:],
        propensity: Double? = nil
    ) {
        self.policy = policy
        self.version = version
        self.scores = scores
        self.propensity = propensity
    }
}

extension Route {
    /// The same route, and why it was chosen.
    public func because(_ reason: RouteReason) -> Route {
        var route = self
        route.reason = reason
        return route
    }
}
