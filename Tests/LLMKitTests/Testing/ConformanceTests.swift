import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite struct ProviderConformanceTests {
    private let suite = ProviderConformance(request: "Say hello.", patience: .seconds(5))

    private func broken(_ provider: some ModelProvider, patience: Duration = .seconds(5)) async -> String {
        let suite = ProviderConformance(request: "Say hello.", patience: patience)
        do {
            try await suite.check(provider)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `good providers pass, decorated or not`() async throws {
        let call = ToolCall(id: "1", name: "t", arguments: #"{"a":1}"#)
        let parts: [ChatMessage.Part] = [.thinking(Thinking("hm, well")), .text("Let me see."), .toolCall(call)]
        let answer = ChatResponse(ChatMessage(.assistant, parts: parts), finish: .toolCalls)
        let caller = MockProvider { _, _ in .answer(answer) }
        try await suite.check(MockProvider("Hello there"))
        try await suite.check(caller)
        try await suite.check(
            MockProvider("Hello there").retrying().timeouts(idle: .seconds(60)).concurrencyLimit(2)
        )
    }

    @Test func `a provider that hangs when it is cancelled is found`() async {
        struct Deaf: ModelProvider {
            let calls = Counter()
            let gate: Gate
            func respond(to request: ChatRequest) async throws -> ChatResponse {
                if Task.isCancelled || calls.next() > 6 { await gate.wait() }
                return ChatResponse("Hello")
            }
        }
        let gate = Gate()
        #expect(await broken(Deaf(gate: gate), patience: .milliseconds(200)).contains("within the suite's patience"))
        gate.open()
    }

    @Test func `broken streams are found`() async {
        let end = StreamEvent.end(ChatResponse("Hello"))
        func stream(_ events: [StreamEvent]) -> MockProvider {
            MockProvider { _, _ in .events(events) }
        }
        #expect(await broken(stream([.text("Hello")])).contains("must have exactly one end"))
        #expect(await broken(stream([.text("Hel"), end])).contains("do not add up to the text"))
        #expect(await broken(stream([.text("Hello"), end, .text("!")])).contains("last event of a stream"))
        #expect(await broken(stream([.text("Hello"), end, end])).contains("has 2"))
        let delta = StreamEvent.toolCall(ToolCallDelta(index: 0, id: "1", name: "t", arguments: "{}"))
        #expect(await broken(stream([.text("Hello"), delta, end])).contains("pieces of tool calls"))
    }

    @Test func `whole and streamed answers that differ are found`() async {
        struct Forked: ModelProvider {
            func respond(to request: ChatRequest) -> ChatResponse { ChatResponse("A", usage: Usage(output: 1)) }
            func stream(_ request: ChatRequest) -> ResponseStream {
                ResponseStream(ChatResponse(ChatMessage(.assistant, "B"), finish: .length, usage: Usage(output: 2)))
            }
        }
        let found = await broken(Forked())
        for rule in ["different texts", "different usage", "finish differently"] { #expect(found.contains(rule)) }
        #expect(!found.contains("tool calls"))
    }

    @Test func `answers of the wrong form are found`() async {
        var response = ChatResponse(ChatMessage(.user, parts: []), usage: Usage(input: -1, reportedTotal: 9))
        response.state = .truncated
        let found = await broken(MockProvider { [response] _, _ in .answer(response) })
        for rule in ["role must be assistant", "is empty", "must be complete", "do not add up", "negative"] {
            #expect(found.contains(rule))
        }
    }

    @Test func `a provider that mixes up its callers is found`() async {
        let counter = Counter()
        let mixed = MockProvider { _, _ in .answer("answer \(counter.next())") }
        #expect(await broken(mixed).contains("get each other's answers"))
    }
}

/// Counts from 1.
final class Counter: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}

@Suite struct CacheConformanceTests {
    /// Keeps answers by what the closure makes of a request.
    private actor Shelf<Key: Hashable & Sendable>: Cache {
        private var answers: [Key: ChatResponse] = [:]
        private let key: @Sendable (ChatRequest) -> Key
        init(_ key: @escaping @Sendable (ChatRequest) -> Key) { self.key = key }
        func lookup(_ request: ChatRequest, in context: CacheContext) -> CacheHit? {
            answers[key(request)].map { CacheHit($0, source: .result) }
        }
        func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) {
            answers[key(request)] = response
        }
    }

    private func broken<Key: Hashable & Sendable>(_ key: @escaping @Sendable (ChatRequest) -> Key) async -> [String] {
        do {
            try await CacheConformance().check { Shelf(key) }
            return []
        } catch {
            return error.broken
        }
    }

    @Test func `a cache by everything that matters passes`() async {
        let found = await broken { request in
            var key = request
            key.deadline = nil
            key.caller = Caller(tenant: request.caller.tenant)
            return key
        }
        #expect(found.isEmpty)
    }

    @Test func `a cache by the last question leaks, and the suite says where`() async {
        let found = await broken(\.prompt)
        for difference in ["tenant", "system prompt", "model", "temperature", "seed", "response format", "history"] {
            #expect(found.contains("a request with another \(difference) must not hit"))
        }
        #expect(found.contains { $0.contains("did not find their own answer") })
    }

    @Test func `a cache that forgets, and one that is too exact, are found`() async {
        let counter = Counter()
        #expect(await broken { _ in counter.next() }.contains("a stored answer must be found"))
        #expect(await broken { $0 }.contains("the deadline and the conversation's name must not matter"))
    }

    @Test func `a cache that throws is found`() async {
        struct Broken: Cache {
            func lookup(_ request: ChatRequest, in context: CacheContext) throws -> CacheHit? {
                throw LLMError(.storage, "disk full")
            }
            func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) {}
        }
        do {
            try await CacheConformance().check { Broken() }
            Issue.record("a broken cache passed")
        } catch {
            #expect(error.description.contains("disk full"))
        }
    }
}

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

    @Test func `routers whose routes differ where their partitions do not are found`() async {
        let byUser = Rule { $0.caller.user?.hasSuffix("7") == true ? .to("large") : .to("small") }
        #expect(await broken(byUser).contains("say in partition(for:) what of user decides"))
        let byTag = Rule { $0.caller.tags["conformance"] == "3" ? .to("large") : .to("small") }
        // Feature and tags are in every partition, unless a router says otherwise.
        #expect(await broken(byTag) == "")
    }

    @Test func `routers that stumble over odd requests are found`() async {
        let router = Rule { request in
            if request.messages.isEmpty { throw LLMError(.invalidRequest, "no messages") }
            return .to("small")
        }
        #expect(await broken(router).contains("hard request 0 threw"))
    }
}

@Suite struct MeterConformanceTests {
    private final class Total: CostMeter {
        let spent = Mutex(Money.zero)
        let reserved = Mutex(Money.zero)
        let limit: Money?
        let factor: Int128
        let releases: Bool

        init(limit: Money? = nil, factor: Int128 = 1, releases: Bool = true) {
            self.limit = limit
            self.factor = factor
            self.releases = releases
        }

        func reserve(_ attempt: PlannedAttempt) throws -> Reservation {
            let amount = attempt.worstCase ?? .zero
            try reserved.withLock { reserved in
                if let limit, reserved + amount > limit { throw LLMError(.overBudget, "budget spent") }
                reserved += amount
            }
            return Reservation(requestID: factor < 0 ? .random() : attempt.requestID, amount: amount)
        }

        func record(_ charge: Charge) {
            spent.withLock { $0 += Money(picodollars: (charge.cost?.picodollars ?? 0) * factor) }
            if let reservation = charge.reservation { release(reservation) }
        }

        func release(_ reservation: Reservation) {
            guard releases else { return }
            reserved.withLock { $0 -= reservation.amount ?? .zero }
        }
    }

    private let suite = MeterConformance()
    private let limit = Money(picodollars: 5_000_000_000)

    private func broken(_ makeMeter: @escaping @Sendable () -> Total) async -> String {
        do {
            try await suite.check(makeMeter, total: { meter in meter.spent.withLock { $0 } })
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `a good meter passes`() async throws {
        try await suite.check({ [limit] in Total(limit: limit) }, total: { meter in meter.spent.withLock { $0 } })
    }

    @Test func `leaked reservations, lost money and foreign reservations are found`() async {
        let leaks = await broken { [limit] in Total(limit: limit, releases: false) }
        #expect(leaks.contains("budget spent"))
        #expect(await broken { Total(factor: 2) }.contains("from many tasks"))
        #expect(await broken { Total(factor: -1) }.contains("id of its request"))
    }
}
