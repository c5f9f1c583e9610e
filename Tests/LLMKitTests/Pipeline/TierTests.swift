import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite struct TierTests {
    @Test func `a confident cheap answer does not escalate`() async throws {
        let fixture = PipelineFixture()
        let response = try await fixture.pipeline().respond(to: "6 x 7?")
        #expect(response.text == "42")
        #expect(response.model == "small")
        #expect(try #require(response.confidence) > 0.8)
        #expect(fixture.large.requests.isEmpty)
    }

    @Test func `an unsure cheap answer escalates, and both calls are paid for`() async throws {
        let fixture = PipelineFixture(
            small: .unsure,
            large: .answering("42", logProbability: 0, usage: Usage(input: 100, output: 10))
        )
        let response = try await fixture.pipeline().respond(to: "6 x 7?")
        #expect(response.model == "large")
        #expect(fixture.purposes == [.rejected, .answer])
        #expect(fixture.meter.charges.map { $0.cost?.picodollars } == [2_000, 200_000])
        #expect(response.cost == Money(picodollars: 202_000))
    }

    @Test func `a caller who did not ask for log-probabilities does not get the judge's`() async throws {
        let fixture = PipelineFixture()
        #expect(try await fixture.pipeline().respond(to: "6 x 7?").logProbabilities == nil)
        #expect(fixture.small.requests.first?.sampling.logProbabilities != nil)
    }

    @Test func `a server that ignores the wish for log-probabilities is told of, once for each model`() async throws {
        let fixture = PipelineFixture(small: MockProvider("42"))
        var pipeline = try fixture.pipeline()
        let notices = InMemoryDiagnostics()
        let problems = Mutex<[Problem]>([])
        pipeline.diagnostics = notices.diagnostics
        pipeline.onProblem = { problem in problems.withLock { $0.append(problem) } }
        for question in ["6 x 7?", "7 x 6?"] {
            #expect(try await pipeline.respond(to: ChatRequest(question)).model == "large")
        }
        let told = problems.withLock { $0 }
        #expect(told.map(\.part) == [.signal("logProbabilities")])
        #expect(told.first?.error.message.contains("'small' reported no log-probabilities") == true)
        #expect(notices.notices(about: "pipeline").count == 1)
        // Who logs the error alone finds the request with it.
        #expect(told.allSatisfy { $0.error.requestID == $0.requestID })
    }

    @Test func `tool calls and refusals need no log-probabilities, and a judge without them none at all`() async throws
    {
        let call = ChatMessage(.assistant, parts: [.toolCall(ToolCall(id: "1", name: "tide", arguments: "{}"))])
        for answer in [
            ChatResponse(call, finish: .toolCalls), ChatResponse(.assistant("No."), finish: .refusal), ChatResponse(""),
        ] {
            var pipeline = try PipelineFixture(small: MockProvider(script: [.answer(answer)])).pipeline()
            let notices = InMemoryDiagnostics()
            pipeline.diagnostics = notices.diagnostics
            _ = try await pipeline.respond(to: "6 x 7?")
            #expect(notices.notices.isEmpty)
        }
        var pipeline = try PipelineFixture(small: MockProvider("42")).pipeline(confidence: .sampleAgreement(count: 1))
        let notices = InMemoryDiagnostics()
        pipeline.diagnostics = notices.diagnostics
        _ = try await pipeline.respond(to: "6 x 7?")
        #expect(notices.notices.isEmpty)
    }

    @Test func `a refusal escalates however sure the model was of refusing`() async throws {
        let refusal = ChatResponse(.assistant("I cannot help with that."), finish: .refusal)
        let fixture = PipelineFixture(small: MockProvider(script: [.answer(refusal)]))
        #expect(try await fixture.pipeline().respond(to: "6 x 7?").model == "large")
    }

    @Test func `a signal that fails counts as doubt`() async throws {
        let fixture = PipelineFixture()
        let pipeline = try fixture.pipeline(confidence: BrokenSignal())
        #expect(try await pipeline.respond(to: "6 x 7?").model == "large")
    }

    @Test(arguments: [LLMError.Code.rateLimited, .timeout, .server, .authentication, .contextLength, .invalidRequest])
    func `a failing model is replaced by the next of its tier`(code: LLMError.Code) async throws {
        let fixture = PipelineFixture(small: .failing(LLMError(code)))
        let response = try await fixture.pipeline(.to("small", orOnFailure: "large")).respond(to: "6 x 7?")
        #expect(response.model == "large")
        #expect(fixture.purposes == [.failed, .answer])
        #expect(fixture.meter.charges.first?.errorCode == code)
    }

    @Test(arguments: [LLMError.Code.contentFiltered, .overBudget, .cancelled])
    func `what another model must not answer stays unanswered`(code: LLMError.Code) async throws {
        let fixture = PipelineFixture(small: .failing(LLMError(code)))
        let pipeline = try fixture.pipeline(.to("small", orOnFailure: "large"))
        let error = await #expect(throws: LLMError.self) { try await pipeline.respond(to: "6 x 7?") }
        #expect(error?.code == code)
        #expect(fixture.large.requests.isEmpty)
    }

    @Test func `a tier that names a model again asks those between first`() async throws {
        let fixture = PipelineFixture(small: .failing(LLMError(.server)))
        let pipeline = try fixture.pipeline(.fixed(Route(tiers: [Route.Tier(["small", "large", "small"])])))
        #expect(try await pipeline.respond(to: "6 x 7?").model == "large")
        #expect(fixture.small.requests.count == 1)
    }

    @Test func `a model that is asked besides keeps to the request's deadline, whatever its own`() async throws {
        let fixture = PipelineFixture()
        let later = fixture.time.now + .seconds(100)
        let pipeline = try fixture.pipeline(AskingRouter(deadline: later))
        var hurried: ChatRequest = "6 x 7?"
        hurried.deadline = fixture.time.now + .seconds(5)
        _ = try await pipeline.respond(to: hurried)
        #expect(fixture.large.requests.map(\.deadline) == [hurried.deadline])
    }

    @Test func `a failing cheap tier escalates`() async throws {
        let fixture = PipelineFixture(small: .failing(LLMError(.server)))
        #expect(try await fixture.pipeline().respond(to: "6 x 7?").model == "large")
    }

    @Test func `when all models fail the error tells what was tried`() async throws {
        let fixture = PipelineFixture(
            small: .failing(LLMError(.rateLimited, "slow down")),
            large: .failing(LLMError(.server, "down for maintenance"))
        )
        let pipeline = try fixture.pipeline(.to("small", orOnFailure: "large"))
        let error = await #expect(throws: LLMError.self) { try await pipeline.respond(to: "6 x 7?") }
        #expect(error?.code == .server)
        #expect(error?.message.contains("small: rate_limited") == true)
    }

    @Test func `retries and fallbacks share one budget of attempts`() async throws {
        let fixture = PipelineFixture(
            small: .failing(LLMError(.server)),
            large: .failing(LLMError(.server))
        )
        let policy = RetryPolicy(maxAttempts: 3, base: .zero)
        var pipeline = try fixture.pipeline(.to("small", orOnFailure: "large"), maxAttempts: 4)
        pipeline.models = [
            ChatModel("small", fixture.small.retrying(policy)), ChatModel("large", fixture.large.retrying(policy)),
        ]
        let assembled = pipeline
        await #expect(throws: LLMError.self) { try await assembled.respond(to: "6 x 7?") }
        #expect(fixture.small.requests.count == 3)
        #expect(fixture.large.requests.count == 1)
        #expect(fixture.meter.charges.map(\.ordinal) == [1, 2, 3, 1])
        #expect(fixture.meter.charges.map(\.purpose) == [.answer, .retry, .retry, .fallback])
    }

    @Test func `a judge's samples do not use up the attempts of the answer`() async throws {
        let fixture = PipelineFixture(
            small: MockProvider { _, call in .answer(ChatResponse("guess \(call)", usage: Usage(input: 1, output: 1))) }
        )
        let pipeline = try fixture.pipeline(confidence: .sampleAgreement(count: 7), maxAttempts: 2)
        #expect(try await pipeline.respond(to: "6 x 7?").model == "large")
        #expect(fixture.purposes.count { $0 == .confidence } == 7)
    }

    @Test func `without attempts left the first failure is told, not the lack of attempts`() async throws {
        let fixture = PipelineFixture(small: .failing(LLMError(.overloaded, "try later", retryAfter: .seconds(9))))
        let pipeline = try fixture.pipeline(maxAttempts: 1)
        let error = await #expect(throws: LLMError.self) { try await pipeline.respond(to: "6 x 7?") }
        #expect(error?.code == .overloaded)
        #expect(error?.retryAfter == .seconds(9))
    }

    @Test func `a provider that keeps no time is held to the request's deadline and clocks`() async throws {
        let fixture = PipelineFixture(small: MockProvider(script: [.hang, .hang]))
        let pipeline = try fixture.pipeline(.to("small"))
        var hurried: ChatRequest = "6 x 7?"
        hurried.deadline = fixture.time.now + .seconds(5)
        var clocked: ChatRequest = "6 x 7?"
        clocked.timeouts.total = .seconds(5)
        for request in [hurried, clocked] {
            let call = Task { try await pipeline.respond(to: request) }
            await fixture.time.waitUntilSleeping(count: 1)
            fixture.time.advance(by: .seconds(5))
            let result = await call.result
            let error = #expect(throws: LLMError.self) { try result.get() }
            #expect(error?.code == .timeout)
        }
    }

    @Test func `what a retried attempt had used is billed on a row of its own`() async throws {
        var cut = LLMError(.truncated, "cut")
        cut.usage = Usage(input: 100, output: 5)
        let fixture = PipelineFixture(
            small: MockProvider(script: [
                .failure(cut), .answer(ChatResponse("42", usage: Usage(input: 100, output: 10))),
            ])
        )
        var pipeline = try fixture.pipeline(.to("small"))
        let retrying = fixture.small.retrying(RetryPolicy(base: .zero))
        pipeline.models[0] = ChatModel("small", retrying, price: PipelineFixture.smallPrice)
        let response = try await pipeline.respond(to: "6 x 7?")
        #expect(fixture.purposes == [.failed, .answer])
        #expect(fixture.meter.charges.map { $0.cost?.picodollars } == [1_500, 2_000])
        #expect(fixture.meter.charges.map(\.ordinal) == [1, 2])
        #expect(response.cost == Money(picodollars: 3_500))
    }

    @Test func `a nested pipeline's spans hang below the call that made them`() async throws {
        let fixture = PipelineFixture()
        let inner = try fixture.pipeline(.to("small"))
        let outer = try Pipeline(router: .to("inner"), tracer: fixture.tracer, time: fixture.time) {
            ChatModel("inner", inner)
        }
        _ = try await outer.respond(to: "6 x 7?")
        let spans = fixture.tracer.finishedSpans
        #expect(spans.filter { $0.parentID == nil }.count == 1)
        let call = try #require(spans.first { $0.name == "chat inner" })
        #expect(spans.contains { $0.name == "llmkit.complete" && $0.parentID == call.id })
    }

    @Test func `pipelines nest, and the outer one knows what the inner one paid`() async throws {
        let fixture = PipelineFixture(small: .unsure, large: .answering("42", logProbability: 0))
        let inner = try fixture.pipeline()
        let meter = InMemoryCostMeter()
        let outer = try Pipeline(router: .to("inner"), meter: meter, time: fixture.time) { ChatModel("inner", inner) }
        let response = try await outer.respond(to: "6 x 7?")
        #expect(response.text == "42")
        #expect(response.model == "inner")
        #expect(meter.charges.map { $0.cost?.picodollars } == [2_000, 200_000])
        #expect(meter.charges.map(\.kind) == [.rejected, .answer])
        #expect(meter.total == Money(picodollars: 202_000))
        #expect(response.cost == meter.total)
    }

    @Test func `a deadline that has passed stops the trip before anything is asked`() async throws {
        let fixture = PipelineFixture()
        var late: ChatRequest = "6 x 7?"
        late.deadline = fixture.time.now
        let request = late
        let pipeline = try fixture.pipeline()
        let error = await #expect(throws: LLMError.self) { try await pipeline.respond(to: request) }
        #expect(error?.code == .timeout)
        #expect(fixture.small.requests.isEmpty)
    }
}

/// Asks the large model which one to ask.
private struct AskingRouter: Router {
    let deadline: ContinuousClock.Instant
    func route(_ request: ChatRequest, in context: RoutingContext) async throws -> Route {
        var question: ChatRequest = "which?"
        question.deadline = deadline
        _ = try await context.ask("large", question)
        return .to("small")
    }
}

private struct BrokenSignal: ConfidenceSignal {
    func confidence(in answer: ChatResponse, to request: ChatRequest, in context: JudgingContext) throws -> Confidence {
        throw LLMError(.unknown, "broken")
    }
}
