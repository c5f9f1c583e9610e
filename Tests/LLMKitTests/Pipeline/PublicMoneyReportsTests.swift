import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// Faults of money that users reported of other gateways, replayed here. Each test names the public thread.
@Suite struct PublicMoneyReportsTests {
    // BerriAI/litellm#14457, #37734 and #39893: the vendor had said at the start of a stream what the input was and which
    // model answered; when the reader left, all of that was forgotten.
    @Test(arguments: [false, true])
    func `what a vendor reported before its stream was cut is billed, at the price of who answered`(
        byShutdown: Bool
    ) async throws {
        let server = try LoopbackServer { _, responder in
            responder.startStream(headers: ["Content-Type": "text/event-stream"])
            responder.write(
                """
                event: message_start
                data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",\
                "model":"claude-served","content":[],"usage":{"input_tokens":25,"cache_read_input_tokens":1000,\
                "output_tokens":1}}}

                event: content_block_start
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                event: content_block_delta
                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"The sea is "}}


                """
            )
            responder.hang()
        }
        let asked = Price(rates: .init(input: 1, cacheRead: 1, output: 1))
        let served = Price(rates: .init(input: 1_000, cacheRead: 10, output: 100_000))
        let prices = try PriceTable([
            PriceTable.Entry(vendor: "anthropic", model: "claude-asked", price: asked),
            PriceTable.Entry(vendor: "anthropic", model: "claude-served", price: served),
        ])
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(router: .to("m"), meter: meter, prices: prices) {
            ChatModel("m", AnthropicProvider(model: "claude-asked", key: .notNeeded, baseURL: server.url))
        }
        for try await _ in try await pipeline.stream("Tell me of the sea.") {
            if byShutdown { await pipeline.shutdown() }
            break
        }
        let charge = try #require(meter.charges.first)
        #expect(meter.charges.count == 1)
        #expect(charge.usage.input == 25)
        #expect(charge.usage.cacheRead == 1_000)
        #expect(charge.usage.isEstimated)
        #expect(charge.modelServed == "claude-served")
        #expect(charge.cost == served.cost(of: charge.usage))
    }

    // diegosouzapw/OmniRoute#9653: a stream that had come to its end was recorded as one that its reader left.
    @Test func `a provider that reads its own stream to the end has answered`() async throws {
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(router: .to("m"), meter: meter) {
            ChatModel("m", ReadsItsOwnStream(), price: PipelineFixture.smallPrice)
        }
        let response = try await pipeline.respond(to: "6 x 7?")
        #expect(meter.charges.map(\.kind) == [.answer])
        #expect(meter.charges.first?.errorCode == nil)
        #expect(response.cost == Money(picodollars: 2_000))
    }

    // BerriAI/litellm#27639: what a budget had set aside was not given back on some ways out, until it refused everybody.
    @Test func `whatever becomes of a request, nothing stays set aside`() async throws {
        let meter = OpenReservations()
        let fixture = PipelineFixture(
            small: MockProvider { _, call in
                switch call {
                case 0: .failure(LLMError(.server))
                case 1: .events([.text("For")])
                case 2, 3: .events([.text("For")], ending: .hang)
                case 4: .hang
                default: .answer(ChatResponse("42", logProbabilities: [TokenLogProbability("42", -3)]))
                }
            }
        )
        var assembled = try fixture.pipeline(.to("small", orOnFailure: "large"))
        assembled.meter = meter
        assembled.caches = []
        let pipeline = assembled
        _ = try await pipeline.respond(to: "failed, then answered by another")
        await #expect(throws: LLMError.self) { try await pipeline.stream("cut").collect() }
        for try await _ in try await pipeline.stream("left") { break }
        _ = try await pipeline.stream("never read")
        let cancelled = Task { try await pipeline.respond(to: "cancelled") }
        while fixture.small.requests.count < 5 { await Task.yield() }
        cancelled.cancel()
        _ = await cancelled.result
        assembled.router = FixedRouter.cascade("small", "large", threshold: 0.8)
        _ = try await assembled.respond(to: "doubted")
        meter.refuses.store(true, ordering: .relaxed)
        await #expect(throws: LLMError.self) { try await pipeline.respond(to: "refused") }
        #expect(meter.made > 6)
        #expect(meter.open == 0)
    }

    // BerriAI/litellm#39309: a request that one limit refused had used up a place of another.
    @Test func `an attempt that the meter refuses is not counted as made`() async throws {
        let fixture = PipelineFixture()
        var assembled = try fixture.pipeline(.to("small", orOnFailure: "large"), maxAttempts: 1)
        assembled.meter = RefusesModel("small")
        let pipeline = assembled
        #expect(try await pipeline.respond(to: "6 x 7?").model == "large")
        #expect(fixture.small.requests.isEmpty)
    }

    // BerriAI/litellm#38065, vllm-project/vllm#7299: an answer came with a usage of zeros, or none, and cost nothing.
    @Test(arguments: [#""usage":{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0},"#, ""])
    func `a vendor that reports no tokens for a text has not worked for free`(usage: String) async throws {
        let server = try LoopbackServer { _, responder in
            responder.respond(
                headers: ["Content-Type": "application/json"],
                body: """
                    {"id":"c1","model":"m-1",\(usage)"choices":[{"index":0,"finish_reason":"stop",\
                    "message":{"role":"assistant","content":"Forty-two, as everybody knows."}}]}
                    """
            )
        }
        let provider = OpenAIProvider(model: "m-1", key: .notNeeded, baseURL: server.url, dialect: .compatible)
        let answered = try await provider.respond(to: "What is six times seven?")
        #expect(answered.usage.input > 0 && answered.usage.output > 0)
        #expect(answered.usage.isEstimated)
    }

    // The same of a provider that an app wrote and that tells no usage at all.
    @Test func `a provider that tells no usage is billed an estimate`() async throws {
        let meter = InMemoryCostMeter()
        let silent = MockProvider { _, _ in .answer(ChatResponse("Forty-two, as everybody knows.")) }
        let pipeline = try Pipeline(router: .to("m"), meter: meter) {
            ChatModel("m", silent, price: PipelineFixture.smallPrice)
        }
        let whole = try await pipeline.respond(to: "What is six times seven?")
        let live = try await pipeline.stream("What is six times seven?").collect()
        for charge in meter.charges {
            #expect(charge.usage.input > 0 && charge.usage.output > 0 && charge.usage.isEstimated)
            #expect((charge.cost ?? .zero) > .zero)
        }
        #expect(whole.usage == meter.charges.first?.usage)
        #expect(live.cost == whole.cost)
    }

    // tya5/reyn#3047 and promptdriven/pdd#509: retries around retries multiplied, and only the last one was paid for.
    @Test func `nested retries add up, and each has its row and its cost`() async throws {
        var cut = LLMError(.truncated, "cut")
        cut.usage = Usage(input: 100, output: 5)
        let fixture = PipelineFixture(small: .failing(cut))
        let policy = RetryPolicy(maxAttempts: 3, base: .zero)
        var pipeline = try fixture.pipeline(.to("small"), maxAttempts: 5)
        pipeline.models[0] = ChatModel(
            "small",
            fixture.small.retrying(policy).retrying(policy),
            price: PipelineFixture.smallPrice
        )
        let assembled = pipeline
        await #expect(throws: LLMError.self) { try await assembled.respond(to: "6 x 7?") }
        #expect(fixture.small.requests.count == 5)
        #expect(fixture.meter.charges.map { $0.cost?.picodollars } == Array(repeating: 1_500, count: 5))
        await #expect(throws: LLMError.self) {
            try await fixture.small.retrying(policy).retrying(policy).respond(to: "6 x 7?")
        }
        #expect(fixture.small.requests.count == 8)
    }

    // grpc/proposal#12: retries and hedges need one limit, or hedging goes around it.
    @Test func `hedges count against the attempts of their request, and the lost one is paid for`() async throws {
        let fixture = PipelineFixture()
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.models[0] = ChatModel("small", Hedged(base: fixture.small), price: PipelineFixture.smallPrice)
        _ = try await pipeline.respond(to: "6 x 7?")
        #expect(Set(fixture.purposes) == [.answer, .rejected])
        #expect(fixture.meter.total == Money(picodollars: 4_000))
        pipeline.maxAttempts = 1
        _ = try await pipeline.respond(to: "7 x 8?")
        #expect(fixture.small.requests.count == 3)
    }

    // mlflow/mlflow#22746 and spinje/pflow#125: nested calls were counted twice, or not at all.
    @Test func `two books over the same meter are refused, however they are nested or combined`() throws {
        let ledger = InMemoryCostMeter()
        let inner = try Pipeline(router: .to("m"), meter: ledger) { ChatModel("m", MockProvider("42")) }
        let middle = try Pipeline(router: .to("inner")) { ChatModel("inner", inner) }
        let combined = try Pipeline(router: .to("m"), meter: .all(ledger, InMemoryCostMeter())) {
            ChatModel("m", MockProvider("42"))
        }
        for nested in [inner, middle, combined] {
            for meter: any CostMeter in [ledger, MultiMeter([InMemoryCostMeter(), ledger])] {
                let error = #expect(throws: LLMError.self) {
                    _ = try pipeline(around: nested, meter)
                }
                #expect(error?.code == .invalidConfiguration)
            }
            _ = try pipeline(around: nested, InMemoryCostMeter())
        }
    }

    private func pipeline(around nested: Pipeline, _ meter: some CostMeter) throws -> Pipeline {
        try Pipeline(router: .to("nested"), meter: meter) { ChatModel("nested", nested.retrying()) }
    }

    // envoyproxy/ai-gateway#2137: mirrored traffic must not be billed to whoever caused it.
    @Test func `a shadow has a row of its own and is no part of the answer's cost`() async throws {
        let fixture = PipelineFixture()
        let pipeline = try fixture.pipeline(FixedRouter(.to("small").shadowed(by: "large")))
        let response = try await pipeline.respond(to: "6 x 7?")
        await pipeline.drain(upTo: .seconds(300))
        #expect(response.cost == Money(picodollars: 2_000))
        #expect(Set(fixture.purposes) == [.answer, .shadow])
    }

    // BerriAI/litellm#24770 and supernovae-st/nika#1368: a model without a price went past every budget, as if free.
    @Test func `a meter that must know the price is asked, and can refuse, before anything is sent`() async throws {
        let mock = MockProvider("42", info: ProviderInfo(vendor: "openai", modelID: "gpt-4o-typo"))
        let pipeline = try Pipeline(router: .to("m"), meter: WantsPrices()) { ChatModel("m", mock) }
        let error = await #expect(throws: LLMError.self) { try await pipeline.respond(to: "6 x 7?") }
        #expect(error?.code == .overBudget)
        #expect(mock.requests.isEmpty)
    }

    // mmeyerlein/meclaw#9: embeddings were missing from the books; one that fails was worked for as well.
    @Test func `an embedding that breaks is billed by its own texts`() async throws {
        let meter = InMemoryCostMeter()
        let text = String(repeating: "lighthouse ", count: 400)
        let router = EmbedsText(text)
        let pipeline = try Pipeline(router: router, meter: meter) { ChatModel("m", MockProvider("42")) }
        _ = try await pipeline.respond(to: "hi")
        let charge = try #require(meter.charges.first { $0.kind == .embedding })
        #expect(charge.errorCode == .timeout)
        #expect(charge.usage.input == Usage.estimatedTokens(utf8Count: text.utf8.count))
    }
}

/// Streams its answers, and gives them whole by reading its own stream.
private struct ReadsItsOwnStream: ModelProvider {
    let info = ProviderInfo(vendor: "mock", makesAttempts: true)

    func respond(to request: ChatRequest) async throws -> ChatResponse {
        try await request.attempt(info.upstream) { attempt in
            attempt.sent()
            return .live(ResponseStream(ChatResponse("42", usage: Usage(input: 100, output: 10))))
        }.whole()
    }
}

/// Asks twice at once, and takes the first answer there is.
private struct Hedged<Base: ModelProvider>: ProviderDecorator {
    let base: Base

    func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
        var hedge = request
        hedge.scope = request.scope?.with(purpose: .hedge)
        let second = hedge
        async let one = try? next(request)
        async let other = try? next(second)
        let replies = [await one, await other].compactMap { $0 }
        guard let reply = replies.first else { throw LLMError(.server, "both failed") }
        return reply
    }
}

/// Counts what is set aside.
private final class OpenReservations: CostMeter {
    private let state = Mutex((made: 0, open: 0))
    let refuses = Atomic(false)
    var made: Int { state.withLock { $0.made } }
    var open: Int { state.withLock { $0.open } }

    func reserve(_ attempt: PlannedAttempt) throws -> Reservation {
        if refuses.load(ordering: .relaxed) { throw LLMError(.overBudget) }
        state.withLock { $0 = ($0.made + 1, $0.open + 1) }
        return Reservation(attempt)
    }
    func record(_ charge: Charge) { if let reservation = charge.reservation { release(reservation) } }
    func release(_ reservation: Reservation) { state.withLock { $0.open -= 1 } }
}

private struct RefusesModel: CostMeter {
    let model: ModelName
    init(_ model: ModelName) { self.model = model }
    func reserve(_ attempt: PlannedAttempt) throws -> Reservation {
        if attempt.model == model { throw LLMError(.rateLimited, "too many calls of \(model)") }
        return Reservation(attempt)
    }
    func record(_ charge: Charge) {}
}

private struct WantsPrices: CostMeter {
    func reserve(_ attempt: PlannedAttempt) throws -> Reservation {
        guard attempt.worstCase != nil else { throw LLMError(.overBudget, "the price is unknown") }
        return Reservation(attempt)
    }
    func record(_ charge: Charge) {}
}

/// Embeds a text to choose a route, and goes on without the vector.
private struct EmbedsText: Router {
    let text: String
    init(_ text: String) { self.text = text }
    func route(_ request: ChatRequest, in context: RoutingContext) async -> Route {
        _ = try? await context.scope.embed([text], with: BrokenEmbedder())
        return .to("m")
    }
}

private struct BrokenEmbedder: Embedder {
    let info = EmbedderInfo(identity: "broken", dimensions: 2, maxTokens: 8_192, vendor: "openai", modelID: "embed-1")
    func embed(_ texts: [String]) throws -> Embeddings { throw LLMError(.timeout, "no answer") }
}
