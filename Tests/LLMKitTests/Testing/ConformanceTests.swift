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

    @Test func `a provider that goes on after its reader left is found`() async {
        struct Tireless: ModelProvider {
            let hasStopped: Gate
            func respond(to request: ChatRequest) -> ChatResponse { ChatResponse("Hello") }
            func stream(_ request: ChatRequest) -> ResponseStream {
                let (events, feed) = AsyncStream.makeStream(of: StreamEvent.self)
                for event in [.text("Hello"), .end(ChatResponse("Hello"))] as [StreamEvent] { feed.yield(event) }
                Task {
                    await hasStopped.wait()
                    feed.finish()
                }
                return ResponseStream(events)
            }
        }
        let gate = Gate()
        let found = await broken(Tireless(hasStopped: gate), patience: .milliseconds(200))
        #expect(found.contains("after its reader left after the first event"))
        #expect(found.contains("after nobody read of it"))
        #expect(found.contains("stream(_:) has ended after its task was cancelled, but what it started goes on"))
        gate.open()
    }

    @Test func `a provider that waits for what nobody reads is found`() async {
        /// Hands over each event to a reader that has taken the one before.
        actor HandOver: AsyncSequence, AsyncIteratorProtocol {
            private var event: StreamEvent?
            private var changes: [CheckedContinuation<Void, Never>] = []

            private func change() async { await withCheckedContinuation { changes.append($0) } }

            private func tell() {
                for waiting in changes { waiting.resume() }
                changes = []
            }

            func give(_ event: StreamEvent) async {
                while self.event != nil { await change() }
                self.event = event
                tell()
            }

            func next() async -> StreamEvent? {
                while event == nil { await change() }
                defer { tell() }
                return event.take()
            }

            nonisolated func makeAsyncIterator() -> HandOver { self }

            /// Ends all waiting, for the end of the test.
            func giveUp() {
                event = nil
                tell()
            }
        }

        struct Patient: ModelProvider {
            let streams = Log<HandOver>()
            func respond(to request: ChatRequest) -> ChatResponse { ChatResponse("Hello") }
            func stream(_ request: ChatRequest) -> ResponseStream {
                let events = HandOver()
                streams.append(events)
                Task {
                    await events.give(.text("Hello"))
                    await events.give(.end(ChatResponse("Hello")))
                }
                return ResponseStream(events)
            }
        }
        let provider = Patient()
        let found = await broken(provider, patience: .milliseconds(200))
        #expect(found.contains("or waits for a reader, after nobody read of it"))
        for stream in provider.streams.entries { await stream.giveUp() }
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
        private let key: @Sendable (ChatRequest, CacheContext) -> Key
        init(_ key: @escaping @Sendable (ChatRequest, CacheContext) -> Key) { self.key = key }
        func lookup(_ request: ChatRequest, in context: CacheContext) -> CacheHit? {
            answers[key(request, context)].map { CacheHit($0, source: .result) }
        }
        func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) {
            answers[key(request, context)] = response
        }
    }

    private func broken<Key: Hashable & Sendable>(
        _ key: @escaping @Sendable (ChatRequest, CacheContext) -> Key
    ) async -> [String] {
        do {
            try await CacheConformance().check { Shelf(key) }
            return []
        } catch {
            return error.broken
        }
    }

    private func broken<Key: Hashable & Sendable>(_ key: @escaping @Sendable (ChatRequest) -> Key) async -> [String] {
        await broken { request, _ in key(request) }
    }

    /// Everything of the request that matters.
    private static func content(of request: ChatRequest) -> ChatRequest {
        var content = request
        content.deadline = nil
        content.caller = Caller(tenant: request.caller.tenant)
        return content
    }

    @Test func `a cache by everything that matters passes`() async {
        struct Key: Hashable {
            var content: ChatRequest
            var models: String
            var partition: String
        }
        let found = await broken { request, context in
            Key(content: Self.content(of: request), models: context.models, partition: context.partition)
        }
        #expect(found.isEmpty)
        #expect(await broken { _, context in context.fingerprint }.isEmpty)
    }

    @Test func `a cache that gives one pipeline's answer to another, or one caller another's route, is found`() async {
        let found = await broken { Self.content(of: $0) }
        #expect(
            found == [
                "the same request with another context.models must not hit",
                "the same request with another context.partition must not hit",
            ]
        )
        let careless = await broken { request in
            var content = Self.content(of: request)
            content.cachePartition = nil
            return content
        }
        #expect(careless.contains("a request with another cache partition must not hit"))
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

    /// Refuses what it cannot reckon with.
    private struct FailClosed: CostMeter {
        let base: Total
        var code = LLMError.Code.overBudget
        func reserve(_ attempt: PlannedAttempt) throws -> Reservation {
            guard attempt.worstCase != nil else { throw LLMError(code, "no price is known") }
            return try base.reserve(attempt)
        }
        func record(_ charge: Charge) { base.record(charge) }
        func release(_ reservation: Reservation) { base.release(reservation) }
    }

    @Test func `a meter that refuses an unknown cost passes, if it says that it is about money`() async throws {
        try await suite.check(
            { [limit] in FailClosed(base: Total(limit: limit)) },
            total: { meter in meter.base.spent.withLock { $0 } }
        )
        let failure = await #expect(throws: ConformanceFailure.self) {
            try await suite.check { [limit] in FailClosed(base: Total(limit: limit), code: .unknown) }
        }
        #expect(failure?.broken == ["an attempt of unknown cost may be refused with 'over_budget', not with 'unknown'"])
    }

    @Test func `leaked reservations, lost money and foreign reservations are found`() async {
        let leaks = await broken { [limit] in Total(limit: limit, releases: false) }
        #expect(leaks.contains("budget spent"))
        #expect(await broken { Total(factor: 2) }.contains("from many tasks"))
        #expect(await broken { Total(factor: -1) }.contains("id of its request"))
    }
}

extension Gate {
    /// One that holds nobody up.
    fileprivate static var opened: Gate {
        let gate = Gate()
        gate.open()
        return gate
    }
}

@Suite struct TracerConformanceTests {
    /// Keeps as many spans as the closure says of each.
    private final class Keeper: Tracer {
        let kept = Mutex(0)
        let opened = Mutex<Set<SpanID>>([])
        let copies: @Sendable (TraceSpan, _ wasBegun: Bool) -> Int
        let end: Gate

        init(end: Gate, _ copies: @escaping @Sendable (TraceSpan, Bool) -> Int) {
            self.end = end
            self.copies = copies
        }

        func began(_ span: TraceSpan) { opened.withLock { _ = $0.insert(span.id) } }

        func record(_ span: TraceSpan) {
            let wasBegun = opened.withLock { $0.contains(span.id) }
            kept.withLock { $0 += copies(span, wasBegun) }
        }

        func flush() async { await end.wait() }
    }

    private func broken(
        patience: Duration = .seconds(5),
        end: Gate = .opened,
        _ copies: @escaping @Sendable (TraceSpan, Bool) -> Int
    ) async -> String {
        do {
            try await TracerConformance(patience: patience).check(
                { Keeper(end: end, copies) },
                count: { tracer in tracer.kept.withLock { $0 } }
            )
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `a good tracer passes, and one that wants nothing may keep nothing`() async throws {
        struct Idle: Tracer {
            var isEnabled: Bool { false }
            func record(_ span: TraceSpan) {}
        }
        #expect(await broken { _, _ in 1 } == "")
        try await TracerConformance().check({ Idle() }, count: { _ in 0 })
    }

    @Test func `tracers that lose, double or make up spans are found`() async {
        let begunOnly = await broken { _, wasBegun in wasBegun ? 1 : 0 }
        #expect(begunOnly.contains("end before beginning: recorded 2 spans, but the tracer has 0"))
        #expect(!begunOnly.contains("from many tasks"))
        #expect(await broken { _, _ in 2 }.contains("from many tasks: recorded 500 spans, but the tracer has 1000"))
        #expect(await broken { span, _ in span.duration < .zero ? 0 : 1 }.contains("odd spans: recorded 14"))
    }

    @Test func `a flush that never returns is found`() async {
        let gate = Gate()
        let found = await broken(patience: .milliseconds(50), end: gate) { _, _ in 1 }
        #expect(found.contains("flushing without any span threw no result within the suite's patience"))
        gate.open()
    }
}

@Suite struct SignalConformanceTests {
    private struct Opinion: ConfidenceSignal {
        var change: @Sendable (inout ChatRequest) -> Void = { _ in }
        var isPossible = true
        var judge: @Sendable (ChatResponse, JudgingContext) async throws -> Confidence
        func prepare(_ request: ChatRequest) -> ChatRequest {
            var request = request
            change(&request)
            return request
        }
        func confidence(
            in answer: ChatResponse,
            to request: ChatRequest,
            in context: JudgingContext
        ) async throws -> Confidence { try await judge(answer, context) }
        func validate() throws(LLMError) {
            if !isPossible { throw LLMError(.invalidConfiguration, "weight 0") }
        }
    }

    private func broken(_ signal: Opinion, patience: Duration = .seconds(5)) async -> String {
        do {
            try await SignalConformance(patience: patience).check(signal)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `good signals pass`() async {
        #expect(await broken(Opinion { answer, _ in answer.text.isEmpty ? nil : 0.5 }) == "")
        let asking = Opinion { _, context in Confidence(try await context.ask("Sure?").text == "50" ? 0.5 : 1) }
        #expect(await broken(asking) == "")
    }

    @Test func `values that are no confidence are found, in parts as well`() async {
        #expect(await broken(Opinion { _, _ in 85.0 }).contains("the confidence is 85.0, not between 0 and 1"))
        #expect(await broken(Opinion { _, _ in Confidence(.nan) }).contains("the confidence is nan"))
        let part = Opinion { _, _ in Confidence(0.5, parts: ["length": -1]) }
        #expect(await broken(part).contains("'length' is -1.0"))
    }

    @Test func `a failure that is kept quiet is found, whatever it is taken for`() async {
        let silent = Opinion { _, context in Confidence((try? await context.ask("Sure?")).map { _ in 0.5 }) }
        #expect(await broken(silent).contains("the models that it asked failed, and it says nil without a word"))
        let sure = Opinion { _, context in (try? await context.sample("Sure?")) == nil ? 1.0 : 0.5 }
        #expect(await broken(sure).contains("it says 1.0 without a word"))
        let told = Opinion { _, context in
            do { return Confidence(try await context.ask("Sure?").text == "50" ? 0.5 : 0) } catch {
                return Confidence(nil, failures: ["asking": LLMError(wrapping: error)])
            }
        }
        #expect(await broken(told) == "")
    }

    @Test func `moods, impossible settings, foreign callers and deaf ears are found`() async {
        let counter = Counter()
        let moody = Opinion { _, _ in counter.next() % 2 == 0 ? 0.0 : 1.0 }
        #expect(await broken(moody).contains("is not always judged the same way"))
        let impossible = Opinion(isPossible: false) { _, _ in nil }
        #expect(await broken(impossible).contains("validate() threw invalid_configuration: weight 0"))
        let foreign = Opinion(change: { $0.caller.tenant = "mine" }, judge: { _, _ in nil })
        #expect(await broken(foreign).contains("must not change for whom the call is made"))
        let gate = Gate()
        let deaf = Opinion { _, context in
            if (try? await context.ask("Sure?")) == nil { await gate.wait() }
            return 0.5
        }
        #expect(await broken(deaf, patience: .milliseconds(50)).contains("goes on after its task was cancelled"))
        gate.open()
    }
}
