import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// Faults of routes, caches, clocks and traces that users reported of other gateways, replayed here. Each test names the
/// public thread.
@Suite struct PublicRouteReportsTests {
    // MARK: Wrong keys

    // usenotra/notra#1094 and routatic/proxy#108: a key that was refused either failed every request, or was never seen
    // because something else stood in.
    @Test func `a refused key is told at every place where something stands in for it`() async throws {
        let told = Mutex<[Problem]>([])
        let refused = LLMError(.authentication, "the key is wrong")
        let fixture = PipelineFixture(small: .failing(refused))
        var pipeline = try fixture.pipeline(.to("small", orOnFailure: "large"))
        pipeline.onProblem = { problem in told.withLock { $0.append(problem) } }
        pipeline.diagnostics = InMemoryDiagnostics().diagnostics
        _ = try await pipeline.respond(to: "6 x 7?")
        #expect(told.withLock { $0.map(\.part) } == [.model("small")])

        told.withLock { $0 = [] }
        pipeline.router = FixedRouter(.to("large").shadowed(by: "small"))
        _ = try await pipeline.respond(to: "7 x 8?")
        await pipeline.drain(upTo: .seconds(300))
        #expect(told.withLock { $0.map(\.part) } == [.model("small")])
        #expect(told.withLock { $0.first?.error.code } == .authentication)
    }

    @Test func `a web page in the place of an API is told of, too`() async throws {
        let told = Mutex<[Problem]>([])
        let page = LLMError(.malformedResponse, "a web page instead of the API's JSON; check the base URL")
        let fixture = PipelineFixture(small: .failing(page))
        var pipeline = try fixture.pipeline(.to("small", orOnFailure: "large"))
        pipeline.onProblem = { problem in told.withLock { $0.append(problem) } }
        pipeline.diagnostics = InMemoryDiagnostics().diagnostics
        _ = try await pipeline.respond(to: "6 x 7?")
        #expect(told.withLock { $0.map(\.error.code) } == [.malformedResponse])
    }

    // MARK: Caches

    // BerriAI/litellm#29955, vibrantlabsai/ragas#2983, miruamel/xingyu#129: one tenant, model or vendor was served
    // another's answer.
    @Test func `an answer is not served across tenants, models or vendors`() async throws {
        let cache = ResultCache.memory()
        func pipeline(_ answer: String, vendor: String, model: String) throws -> Pipeline {
            try Pipeline(router: .to("m"), caches: [cache]) {
                ChatModel("m", MockProvider(answer, info: ProviderInfo(vendor: vendor, modelID: model)))
            }
        }
        let first = try pipeline("one", vendor: "openai", model: "a")
        #expect(try await first.respond(to: "6 x 7?").text == "one")
        #expect(try await first.respond(to: "6 x 7?").servedBy == .result)
        #expect(try await first.respond(to: ChatRequest("6 x 7?", caller: Caller(tenant: "b"))).servedBy == nil)
        #expect(try await pipeline("two", vendor: "openai", model: "b").respond(to: "6 x 7?").text == "two")
        #expect(try await pipeline("three", vendor: "anthropic", model: "a").respond(to: "6 x 7?").text == "three")
    }

    // qhkm/zeptoclaw#564: the key was made before a later stage put its own prompt in, so that pipelines with different
    // prompts shared answers.
    @Test func `what a decorator does to a prompt keeps its answers apart`() async throws {
        let cache = ResultCache.memory()
        let plain = try Pipeline(router: .to("m"), caches: [cache]) { ChatModel("m", MockProvider.echo()) }
        let shouting = try Pipeline(router: .to("m"), caches: [cache]) {
            ChatModel("m", Shouting(base: MockProvider.echo()).retrying())
        }
        let retried = try Pipeline(router: .to("m"), caches: [cache]) {
            ChatModel("m", MockProvider.echo().timeouts(total: .seconds(9)).concurrencyLimit(3).retrying())
        }
        #expect(try await plain.respond(to: "hello").text == "hello")
        #expect(try await shouting.respond(to: "hello").text == "HELLO")
        // What changes no answer costs no hit.
        #expect(try await retried.respond(to: "hello").servedBy == .result)
    }

    @Test func `providers of an app that say nothing of themselves do not share answers`() async throws {
        let cache = ResultCache.memory()
        let one = try Pipeline(router: .to("m"), caches: [cache]) { ChatModel("m", Parrot()) }
        let other = try Pipeline(router: .to("m"), caches: [cache]) { ChatModel("m", Owl()) }
        #expect(try await one.respond(to: "hello").text == "hello")
        #expect(try await other.respond(to: "hello").text == "hoo")
    }

    // One pipeline kept what a lenient judge let pass; a strict one served it unjudged.
    @Test func `what another signal accepted is judged anew`() async throws {
        let fixture = PipelineFixture()
        let lenient = try fixture.pipeline(confidence: AlwaysSure())
        let strict = try fixture.pipeline(confidence: NeverSure())
        #expect(try await lenient.respond(to: "6 x 7?").model == "small")
        #expect(try await strict.respond(to: "6 x 7?").model == "large")
        #expect(try await lenient.respond(to: "6 x 7?").servedBy == .result)
    }

    // andreimerfu/pllm#17: a hit was served before keys and budgets were looked at.
    @Test func `a cache's answer is admitted like any other`() async throws {
        let fixture = PipelineFixture()
        var pipeline = try fixture.pipeline(.to("small"))
        _ = try await pipeline.respond(to: "6 x 7?")
        pipeline.meter = AdmitsNobody()
        let closed = pipeline
        let error = await #expect(throws: LLMError.self) { try await closed.respond(to: "6 x 7?") }
        #expect(error?.code == .rateLimited)
    }

    // MARK: Clocks

    // openai/openai-python#3828 and googleapis/gax-java#561: each retry had the whole time again, or went on after it.
    @Test func `retries end with the deadline, not with their number`() async throws {
        let fixture = PipelineFixture(small: MockProvider { _, _ in .hang })
        var assembled = try fixture.pipeline(.to("small"))
        let policy = RetryPolicy(maxAttempts: 5, base: .zero)
        assembled.models[0] = ChatModel("small", fixture.small.timeouts(total: .seconds(20)).retrying(policy))
        let pipeline = assembled
        var patient: ChatRequest = "6 x 7?"
        patient.deadline = fixture.time.now + .seconds(30)
        let request = patient
        let call = Task { try await pipeline.respond(to: request) }
        for wait in [20, 10] {
            await fixture.time.waitUntilSleeping(count: 1)
            fixture.time.advance(by: .seconds(wait))
        }
        let error = await #expect(throws: LLMError.self) { try await call.value }
        #expect(error?.code == .timeout)
        #expect(fixture.small.requests.count == 2)
    }

    // api7/aisix#1149: a store of limits that never answered held every request, whatever its deadline.
    @Test func `a meter that hangs is waited for no longer than the deadline, and what it grants late is given back`()
        async throws
    {
        let meter = SlowReservations()
        let fixture = PipelineFixture()
        var assembled = try fixture.pipeline(.to("small"))
        assembled.meter = meter
        let pipeline = assembled
        var hurried: ChatRequest = "6 x 7?"
        hurried.deadline = fixture.time.now + .seconds(5)
        let request = hurried
        let call = Task { try await pipeline.respond(to: request) }
        await meter.asked.wait()
        await fixture.time.waitUntilSleeping(count: 1)
        fixture.time.advance(by: .seconds(5))
        let error = await #expect(throws: LLMError.self) { try await call.value }
        #expect(error?.code == .timeout)
        #expect(fixture.small.requests.isEmpty)
        meter.grant.open()
        await meter.gaveBack.wait()
    }

    // coder/xum#2428 and earendil-works/pi#7508: a token that was being fetched kept a request beyond its time.
    @Test(.timeLimit(.minutes(5))) func `a key that does not come is waited for no longer than the deadline`()
        async throws
    {
        let never = Gate()
        let key = APIKey {
            await never.wait()
            return "sk-late"
        }
        let provider = OpenAIProvider(model: "m", key: key, baseURL: "http://127.0.0.1:9")
        var hurried: ChatRequest = "6 x 7?"
        hurried.deadline = .now + .milliseconds(20)
        let request = hurried
        let error = await #expect(throws: LLMError.self) { try await provider.respond(to: request) }
        #expect(error?.code == .timeout)
        never.open()
    }

    // Bike4Mind/bike4mind#2159: a date that had passed became a wait of nothing, and a burst of retries.
    @Test func `a hint to wait for no time is no reason to hurry`() {
        let policy = RetryPolicy(base: .seconds(1), random: { 0.5 })
        let now = ContinuousClock.now
        let hinted = LLMError(.rateLimited, retryAfter: .zero)
        #expect(policy.pause(after: hinted, retry: 0, now: now, deadline: nil) == .milliseconds(500))
        let told = LLMError(.rateLimited, retryAfter: .milliseconds(1))
        #expect(policy.pause(after: told, retry: 0, now: now, deadline: nil) == .milliseconds(1))
    }

    // MARK: Streams and places

    // BerriAI/litellm#27955 and #20256: a place was not given back when its stream was left, or its vendor failed.
    @Test func `a place is free again whatever becomes of its call`() async throws {
        let mock = MockProvider { _, call in
            switch call {
            case 0, 1: .events([.text("For")], ending: .hang)
            case 2: .failure(LLMError(.timeout))
            case 3: .events([.text("For")], ending: .failure(LLMError(.network)))
            case 4: .hang
            default: .answer("42")
            }
        }
        let limited = mock.concurrencyLimit(1, queue: 0)
        for try await _ in try await limited.stream("left") { break }
        _ = try await limited.stream("never read")
        await #expect(throws: LLMError.self) { try await limited.respond(to: "failed") }
        await #expect(throws: LLMError.self) { try await limited.stream("broken").collect() }
        let cancelled = Task { try await limited.respond(to: "cancelled") }
        while mock.requests.count < 5 { await Task.yield() }
        cancelled.cancel()
        _ = await cancelled.result
        let finished = try await limited.stream("finished, and still held")
        #expect(try await finished.collect().text == "42")
        #expect(try await limited.respond(to: "6 x 7?").text == "42")
        withExtendedLifetime(finished) {}
    }

    // AI45Lab/SAfactory#93: reading on after the end made a failure of a finished stream.
    @Test func `a stream ends quietly after its end, with a pipeline and without`() async throws {
        let fixture = PipelineFixture(small: MockProvider("forty two"))
        let streams = [
            try await fixture.pipeline(.to("small")).stream("6 x 7?"),
            try await MockProvider("forty two").retrying().stream("6 x 7?"),
        ]
        for stream in streams {
            var events = 0
            for try await _ in stream { events += 1 }
            #expect(events == 3)
        }
    }

    // MARK: Shutdown and traces

    // open-policy-agent/opa#2710 and fluent/fluentd#1985: what was under way at the end was lost, or came after the flush.
    @Test func `what is under way at a shutdown is recorded before the flush, and nothing after it`() async throws {
        let meter = LoggingMeter()
        let fixture = PipelineFixture(
            small: MockProvider(script: [.events([.text("For")], ending: .hang), .hang]),
            large: MockProvider { _, _ in .hang }
        )
        var assembled = try fixture.pipeline(FixedRouter(.to("small").shadowed(by: "large")))
        assembled.meter = meter
        let pipeline = assembled
        let stream = try await pipeline.stream("6 x 7?")
        let call = Task { try await pipeline.respond(to: "7 x 8?") }
        while fixture.small.requests.count < 2 || fixture.large.requests.count < 2 { await Task.yield() }
        await pipeline.shutdown()
        #expect(meter.log.sorted() == ["failed", "failed", "flush", "shadow", "shadow"])
        #expect(meter.log.last == "flush")
        await #expect(throws: LLMError.self) { try await call.value }
        await #expect(throws: LLMError.self) { try await stream.collect() }
        #expect(meter.log.last == "flush")
    }

    // BerriAI/litellm#24027 and #39067: the caller's trace was dropped, or its spans hung beside the gateway's.
    @Test(arguments: [false, true])
    func `every span of a request belongs to the caller's trace and hangs below its span`(isStreamed: Bool) async throws
    {
        let fixture = PipelineFixture(small: .unsure)
        let inner = try fixture.pipeline(confidence: AsksTheLarge())
        let outer = try Pipeline(router: .to("inner"), tracer: fixture.tracer, time: fixture.time) {
            ChatModel("inner", inner)
        }
        let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let trace = try #require(TraceContext(traceparent: header))
        var request: ChatRequest = "6 x 7?"
        request.trace = trace
        if isStreamed {
            _ = try await outer.stream(request).collect()
        } else {
            _ = try await outer.respond(to: request)
        }
        let spans = fixture.tracer.finishedSpans
        let known = Set(spans.map(\.id))
        #expect(spans.count >= 5)
        #expect(spans.allSatisfy { $0.traceID == trace.traceID })
        #expect(spans.filter { $0.parentID == trace.spanID }.count == 1)
        #expect(spans.allSatisfy { span in span.parentID.map { $0 == trace.spanID || known.contains($0) } ?? false })
    }
}

private struct Shouting<Base: ModelProvider>: ProviderDecorator {
    let base: Base
    func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
        var request = request
        request.messages = [.user(request.prompt.uppercased())]
        return try await next(request)
    }
}

private struct Parrot: ModelProvider {
    func respond(to request: ChatRequest) -> ChatResponse { ChatResponse(request.prompt) }
}

private struct Owl: ModelProvider {
    func respond(to request: ChatRequest) -> ChatResponse { ChatResponse("hoo") }
}

private struct AlwaysSure: ConfidenceSignal {
    func confidence(in answer: ChatResponse, to request: ChatRequest, in context: JudgingContext) -> Confidence { 1.0 }
}

private struct NeverSure: ConfidenceSignal {
    func confidence(in answer: ChatResponse, to request: ChatRequest, in context: JudgingContext) -> Confidence { 0.0 }
}

private struct AsksTheLarge: ConfidenceSignal {
    func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence {
        _ = try await context.scope.ask("large", "Is this right?", for: .confidence)
        return 0.0
    }
}

private struct AdmitsNobody: CostMeter {
    func admit(_ request: ChatRequest) throws { throw LLMError(.rateLimited, "too many requests") }
    func record(_ charge: Charge) {}
}

/// Grants a reservation only when told to, and tells when it got it back.
private final class SlowReservations: CostMeter {
    let asked = Gate()
    let grant = Gate()
    let gaveBack = Gate()

    func reserve(_ attempt: PlannedAttempt) async -> Reservation {
        asked.open()
        await grant.wait()
        return Reservation(attempt)
    }
    func record(_ charge: Charge) {}
    func release(_ reservation: Reservation) { gaveBack.open() }
}

private final class LoggingMeter: CostMeter {
    private let entries = Mutex<[String]>([])
    var log: [String] { entries.withLock { $0 } }

    func record(_ charge: Charge) { entries.withLock { $0.append(charge.kind.rawValue) } }
    func flush() { entries.withLock { $0.append("flush") } }
}
