import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct RouterConformanceTests {
    private struct Rule: Router {
        var knownRoutes: [Route] = []
        var decide: @Sendable (ChatRequest) throws -> Route
        func route(_ request: ChatRequest, in context: RoutingContext) throws -> Route { try decide(request) }
    }

    private let suite = RouterConformance(
        models: [ChatModel("small", MockProvider("a")), ChatModel("large", MockProvider("b"))],
        requests: ["Hi"]
    )

    private func broken(_ router: Rule) async -> String {
        do {
            try await suite.check(router)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `good routers pass`() async throws {
        try await suite.check(FixedRouter(.cascade("small", "large", threshold: 0.5).shadowed(by: "small")))
    }

    @Test(arguments: [
        (Route(tiers: []), "no tiers"), (Route(tiers: [.init([])]), "names no model"), (.to("tiny"), "'tiny' is none"),
        (.cascade("small", "large", threshold: 1.5), "threshold 1.5"), (.to("small", orOnFailure: "small"), "twice"),
        (Route(tiers: [.init(["small"], threshold: 0.5)]), "last tier"), (.to("small").shadowed(by: "x"), "shadow 'x'"),
        (.cascade("small", "large", threshold: .nan), "threshold nan"),
    ])
    func `impossible routes are found, known ones too`(route: Route, rule: String) async {
        #expect(await broken(Rule { _ in route }).contains(rule))
        #expect(await broken(Rule(knownRoutes: [route]) { _ in .to("small") }).contains(rule))
    }

    @Test func `routers that draw lots must say so`() async throws {
        let counter = Counter()
        let router = Rule { _ in counter.next() % 2 == 0 ? .to("small") : .to("large") }
        #expect(await broken(router).contains("is not always routed the same way"))
        var tolerant = suite
        tolerant.isDeterministic = false
        try await tolerant.check(router)
    }

    private struct ByCaller: Router {
        var parts: @Sendable (Caller) -> String = { _ in "" }
        var decide: @Sendable (Caller) -> Bool
        func route(_ request: ChatRequest, in context: RoutingContext) -> Route {
            decide(request.caller) ? .to("large").labelled("chosen") : .to("small")
        }
        func partition(for request: ChatRequest) -> String { parts(request.caller) }
    }

    @Test(
        arguments: [
            ("user", { @Sendable in $0.user?.hasSuffix("7") == true }),
            ("conversation", { @Sendable in $0.conversation != nil }),
            ("feature", { @Sendable in $0.feature != nil }),
            ("tags", { @Sendable in $0.tags["plan"] != nil }),
        ] as [(String, @Sendable (Caller) -> Bool)]
    )
    func `a router whose routes differ where its partitions do not is found`(
        part: String,
        decide: @escaping @Sendable (Caller) -> Bool
    ) async throws {
        let failure = await #expect(throws: ConformanceFailure.self) {
            try await suite.check(ByCaller(decide: decide))
        }
        #expect(failure?.broken.count == 1)
        #expect(failure?.description.contains("the route depends on the caller's \(part)") == true)
        try await suite.check(ByCaller(parts: { "\(decide($0))" }, decide: decide))
    }

    @Test func `a router with a rule for one user is found by that user's name`() async throws {
        let router = ByCaller { $0.user == "u-81" }
        try await suite.check(router)
        var knowing = suite
        knowing.callers = [Caller(user: "u-81")]
        await #expect(throws: ConformanceFailure.self) { try await knowing.check(router) }
    }

    @Test func `draws from the context are the same for the same request, and models can be asked`() async throws {
        struct Split: Router {
            func route(_ request: ChatRequest, in context: RoutingContext) async throws -> Route {
                let isEasy = try await context.ask("small", "Easy?").text == "a"
                return isEasy && context.random("split") < 0.5 ? .to("small") : .to("large")
            }
        }
        try await suite.check(Split())
    }

    @Test func `a partition that changes, and a propensity that is none, are found`() async {
        let counter = Counter()
        let restless = ByCaller(parts: { _ in "\(counter.next())" }, decide: { _ in true })
        let failure = await #expect(throws: ConformanceFailure.self) { try await suite.check(restless) }
        #expect(failure?.description.contains("not always in the same partition") == true)
        let unlikely = Rule { _ in .to("small").because(RouteReason("lot", propensity: 0)) }
        #expect(await broken(unlikely).contains("the propensity 0.0"))
    }

    @Test func `routers that stumble over odd requests are found`() async {
        let router = Rule { request in
            if request.messages.isEmpty { throw LLMError(.invalidRequest, "no messages") }
            return .to("small")
        }
        #expect(await broken(router).contains("hard request 0 threw"))
    }
}
