public import LLMKit

/// Checks that a router keeps the rules of ``LLMKit/Router``, for the tests of whoever writes one.
///
/// ```swift
/// try await RouterConformance(models: models, requests: samples).check(MyRouter())
/// ```
///
/// A router that asks a model is answered by the given ones.
public struct RouterConformance: Sendable {
    package var models: [ChatModel]
    package var requests: [ChatRequest]
    package var isDeterministic: Bool
    package var callers: [Caller]
    package var patience: Duration

    /// - Parameters:
    ///   - models: the models of the pipeline that the router is for.
    ///   - requests: what is routed; requests that are hard on routers (empty, very long, other scripts) are added.
    ///   - isDeterministic: whether the same request always goes the same way. `false` for routers that draw lots of their own or
    ///     learn; their partitions are not checked. Draws of ``LLMKit/RoutingContext/random(_:)`` are the same for the
    ///     same request.
    ///   - callers: callers for whom the router has rules, such as the user who tries what is new. The same content is routed
    ///     for each of them and for many that are made up, to find a router whose routes differ where its
    ///     ``LLMKit/Router/partition(for:)`` does not.
    ///   - patience: how long one decision may take.
    public init(
        models: [ChatModel],
        requests: [ChatRequest] = [],
        isDeterministic: Bool = true,
        callers: [Caller] = [],
        patience: Duration = .seconds(180)
    ) {
        self.models = models
        self.requests = requests
        self.isDeterministic = isDeterministic
        self.callers = callers
        self.patience = patience
    }

    /// Runs every check.
    public func check(_ router: some Router) async throws(ConformanceFailure) {
        let report = ConformanceReport("Router")
        for (index, route) in router.knownRoutes.enumerated() { examine(route, "known route \(index)", report) }
        for (index, request) in (requests + Self.hardRequests).enumerated() {
            let name = index < requests.count ? "request \(index)" : "hard request \(index - requests.count)"
            let routes = await report.run(name) { try await self.routes(of: request, router) }
            guard let routes, let first = routes.first else { continue }
            examine(first, name, report)
            guard isDeterministic else {
                for route in routes.dropFirst() { examine(route, name, report) }
                continue
            }
            report.expect(routes.allSatisfy { $0 == first }, "\(name): is not always routed the same way")
        }
        if isDeterministic {
            for (index, request) in (requests.isEmpty ? ["Hi"] : requests).enumerated() {
                let name = "request \(index) for many callers"
                await report.run(name) { try await self.checkPartitions(of: request, name, router, report) }
            }
        }
        try report.finish()
    }

    static let hardRequests: [ChatRequest] = [
        ChatRequest([]), "", ChatRequest(String(repeating: "a long prompt ", count: 10_000)),
        "\u{0}\u{FFFD}\u{1F600} \u{0627}\u{0644}", ChatRequest([.system("Only a system prompt.")]),
        ChatRequest([.user("Hi"), .assistant("Hello"), .toolResult("call_1", "42")]),
    ]

    /// A scope in which the given models answer what the router asks.
    private func makeScope() -> RequestScope {
        RequestScope(attempts: 128) { [models] name, request, _ in
            guard let model = models.first(where: { $0.name == name }) else {
                throw LLMError(.noSuchModel, "'\(name)' is none of the models that the suite was given")
            }
            return try await model.provider.respond(to: request)
        }
    }

    private func route(_ request: ChatRequest, _ router: some Router, _ scope: RequestScope) async throws -> Route {
        var request = request
        request.scope = scope
        let context = RoutingContext(models: models, scope: scope)
        return try await patiently(patience) { [request] in try await router.route(request, in: context) }
    }

    /// One decision alone, then eight at the same time: of one request where they must be the same, else of nine.
    private func routes(of request: ChatRequest, _ router: some Router) async throws -> [Route] {
        let scope = makeScope()
        return try await withThrowingTaskGroup(of: Route.self) { group in
            let first = try await route(request, router, scope)
            for _ in 0..<8 {
                group.addTask { try await route(request, router, isDeterministic ? scope : makeScope()) }
            }
            return try await group.reduce(into: [first]) { $0.append($1) }
        }
    }

    // MARK: Partitions

    /// Within one partition a cache gives anybody's answer to everybody: so everybody's route must be the same.
    private func checkPartitions(
        of request: ChatRequest,
        _ name: String,
        _ router: some Router,
        _ report: ConformanceReport
    ) async throws {
        // The draws of one request: what differs then, differs by the caller.
        let scope = makeScope()
        var seen: [[String?]: (tiers: [Route.Tier], caller: Caller)] = [:]
        for caller in [request.caller] + self.callers + Self.madeUpCallers(like: request.caller) {
            var own = request
            own.caller = caller
            let partition = router.partition(for: own)
            guard router.partition(for: own) == partition else {
                return report.fail("\(name): the same request is not always in the same partition")
            }
            // Labels, reasons and shadows do not change the answer.
            let tiers = try await route(own, router, scope).tiers
            // Caches keep tenants apart whatever the partition is.
            guard let other = seen[[caller.tenant, partition]] else {
                seen[[caller.tenant, partition]] = (tiers, caller)
                continue
            }
            guard tiers != other.tiers else { continue }
            let difference = Self.difference(of: caller, other.caller)
            return report.fail(
                "\(name): the route depends on the caller's \(difference), the partition '\(partition)' does not; "
                    + "a cache would give one caller the answer of another's route"
            )
        }
    }

    /// Callers that differ in one thing from the given one, and some that differ in all. Many of each, so that a router
    /// that splits them by a hash sends some elsewhere.
    static func madeUpCallers(like caller: Caller, count: Int = 48) -> [Caller] {
        let changes: [(inout Caller, Int) -> Void] = [
            { $0.user = "user-\($1)" },
            { $0.conversation = "conversation-\($1)" },
            { $0.feature = "feature-\($1)" },
            { $0.tags["plan"] = "plan-\($1)" },
            { $0.tags["tag-\($1)"] = "yes" },
        ]
        return (0..<count).flatMap { index in
            var all = caller
            for change in changes { change(&all, index) }
            return changes.map { change in
                var one = caller
                change(&one, index)
                return one
            } + [all]
        }
    }

    private static func difference(of one: Caller, _ other: Caller) -> String {
        var names: [String] = []
        if one.user != other.user { names.append("user") }
        if one.conversation != other.conversation { names.append("conversation") }
        if one.feature != other.feature { names.append("feature") }
        if one.tags != other.tags { names.append("tags") }
        return names.joined(separator: ", ")
    }

    // MARK: Routes

    private func examine(_ route: Route, _ source: String, _ report: ConformanceReport) {
        let known = Set(models.map(\.name))
        report.expect(!route.tiers.isEmpty, "\(source): the route has no tiers")
        for (index, tier) in route.tiers.enumerated() {
            let place = "\(source), tier \(index)"
            report.expect(!tier.models.isEmpty, "\(place): the tier names no model")
            report.expect(Set(tier.models).count == tier.models.count, "\(place): the tier names a model twice")
            for name in tier.models where !known.contains(name) {
                report.fail("\(place): '\(name)' is none of the given models")
            }
            guard let threshold = tier.threshold else { continue }
            report.expect((0...1).contains(threshold), "\(place): the threshold \(threshold) is not between 0 and 1")
            report.expect(index < route.tiers.count - 1, "\(place): the last tier has a threshold, but is never judged")
        }
        for name in route.shadows where !known.contains(name) {
            report.fail("\(source): the shadow '\(name)' is none of the given models")
        }
        if let propensity = route.reason?.propensity, !(propensity > 0 && propensity <= 1) {
            report.fail("\(source): the propensity \(propensity) is not above 0 and at most 1")
        }
    }
}
