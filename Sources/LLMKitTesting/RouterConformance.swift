public import LLMKit

/// Checks that a router keeps the rules of ``LLMKit/Router``, for the tests of whoever writes one.
///
/// ```swift
/// try await RouterConformance(models: models, requests: samples).check(MyRouter())
/// ```
public struct RouterConformance: Sendable {
    /// The models of the pipeline that the router is for.
    public var models: [ChatModel]
    /// What is routed.
    ///
    /// The first few are also tried with each other's callers, and with strangers: see ``LLMKit/Router/partition(for:)``.
    /// Requests that are hard on routers (empty, very long, other scripts) are added.
    public var requests: [ChatRequest]
    /// Whether the same request always goes the same way.
    ///
    /// `false` for routers that draw lots or learn.
    public var isDeterministic: Bool
    /// How long one decision may take.
    public var patience: Duration

    public init(
        models: [ChatModel],
        requests: [ChatRequest] = [],
        isDeterministic: Bool = true,
        patience: Duration = .seconds(10)
    ) {
        self.models = models
        self.requests = requests
        self.isDeterministic = isDeterministic
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
            let samples = requests.isEmpty ? ["Hi"] : requests
            for (index, request) in samples.prefix(Self.partitionedRequests).enumerated() {
                await report.run("request \(index)") { try await checkPartition(of: request, router, report) }
            }
        }
        try report.finish()
    }

    /// How many requests are tried with other callers.
    private static let partitionedRequests = 8

    /// The same content from different callers: where the routes differ, the partitions must, or one caller gets from a
    /// cache what another's route gave.
    private func checkPartition(
        of request: ChatRequest,
        _ router: some Router,
        _ report: ConformanceReport
    ) async throws {
        var known: [String: (route: Route, caller: Caller)] = [:]
        for caller in callers(like: request.caller) {
            var other = request
            other.caller = caller
            let routed = other
            let route = try await patiently(patience) { [models] in
                try await router.route(routed, in: RoutingContext(models: models))
            }
            let partition = router.partition(for: routed)
            guard let first = known[partition] else {
                known[partition] = (route, caller)
                continue
            }
            guard first.route.tiers != route.tiers else { continue }
            report.fail(
                "the routes of two callers differ, and the partition '\(partition)' does not: say in partition(for:) what "
                    + "of \(difference(first.caller, caller)) decides"
            )
            return
        }
    }

    /// Callers of one tenant: those of all requests, and strangers in every other respect.
    private func callers(like caller: Caller) -> [Caller] {
        var callers = [caller]
        for other in requests.map(\.caller) {
            var other = other
            other.tenant = caller.tenant
            callers.append(other)
        }
        for index in 0..<16 {
            for part: WritableKeyPath<Caller, String?> in [\.user, \.conversation, \.feature] {
                var other = caller
                other[keyPath: part] = "conformance-\(index)"
                callers.append(other)
            }
            var other = caller
            other.tags["conformance"] = "\(index)"
            callers.append(other)
        }
        return callers
    }

    private func difference(_ a: Caller, _ b: Caller) -> String {
        let parts = [
            ("user", a.user != b.user), ("conversation", a.conversation != b.conversation),
            ("feature", a.feature != b.feature), ("tags", a.tags != b.tags),
        ]
        return parts.filter(\.1).map(\.0).joined(separator: ", ")
    }

    static let hardRequests: [ChatRequest] = [
        ChatRequest([]), "", ChatRequest(String(repeating: "a long prompt ", count: 10_000)),
        "\u{0}\u{FFFD}\u{1F600} \u{0627}\u{0644}", ChatRequest([.system("Only a system prompt.")]),
        ChatRequest([.user("Hi"), .assistant("Hello"), .toolResult("call_1", "42")]),
    ]

    /// One decision alone, then eight at the same time.
    private func routes(of request: ChatRequest, _ router: some Router) async throws -> [Route] {
        let decide: @Sendable () async throws -> Route = { [models, patience] in
            try await patiently(patience) { try await router.route(request, in: RoutingContext(models: models)) }
        }
        return try await withThrowingTaskGroup(of: Route.self) { group in
            let first = try await decide()
            for _ in 0..<8 { group.addTask { try await decide() } }
            return try await group.reduce(into: [first]) { $0.append($1) }
        }
    }

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
    }
}
