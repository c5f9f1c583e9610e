import LLMKitTesting
import Synchronization
import Testing

#if SANITIZE_THREAD
// For the mutex that stands in for the standard library's: see SanitizerMutex.swift.
@testable import LLMKit
#else
import LLMKit
#endif

// The samples of README and guides, kept compiling and true.

@Suite struct DocumentationSamples {
    // BEGIN README
    struct CodeRouter: Router {
        func route(_ request: ChatRequest, in context: RoutingContext) -> Route {
            request.prompt.contains("```") ? .to("large") : .cascade("small", "large", threshold: 0.8)
        }
    }
    // END README

    struct Parrot: ModelProvider {
        func respond(to request: ChatRequest) -> ChatResponse {
            ChatResponse(request.prompt, usage: Usage(input: 3, output: 3))
        }
    }

    struct Shouting<Base: ModelProvider>: ProviderDecorator {
        let base: Base
        func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
            var request = request
            request.messages.append(.user("ANSWER IN CAPITALS."))
            return try await next(request)
        }
    }

    struct NoHedging: ConfidenceSignal {
        func confidence(in answer: ChatResponse, to request: ChatRequest, in context: JudgingContext) -> Confidence {
            answer.text.contains("I'm not sure") ? 0.0 : nil
        }
    }

    actor AnswerBook: Cache {
        private var answers: [Fingerprint: ChatResponse] = [:]
        func lookup(_ request: ChatRequest, in context: CacheContext) -> CacheHit? {
            answers[context.fingerprint].map { CacheHit($0, source: .result) }
        }
        func store(_ response: ChatResponse, for request: ChatRequest, in context: CacheContext) {
            answers[context.fingerprint] = response
        }
    }

    final class Total: CostMeter {
        let spent = Mutex(Money.zero)
        func record(_ charge: Charge) { spent.withLock { $0 += charge.cost ?? .zero } }
    }

    final class PrintTracer: Tracer {
        let names = Mutex<[String]>([])
        func record(_ span: TraceSpan) { names.withLock { $0.append(span.name) } }
    }

    struct Countdown: AsyncSequence, AsyncIteratorProtocol, Sendable {
        var left = 3
        mutating func next() async -> StreamEvent? {
            left -= 1
            return left > 0 ? .text("\(left)… ") : left == 0 ? .end(ChatResponse("2… 1… ")) : nil
        }
        func makeAsyncIterator() -> Countdown { self }
    }

    @Test func `the smallest conformances work together`() async throws {
        let meter = Total()
        let tracer = PrintTracer()
        let pipeline = try Pipeline(
            router: CodeRouter(),
            confidence: NoHedging(),
            caches: [AnswerBook()],
            meter: meter,
            tracer: tracer,
            baseline: "large"
        ) {
            ChatModel("small", Parrot(), price: .perMillion(input: 0.14, output: 0.28))
            ChatModel("large", Shouting(base: Parrot()), price: .perMillion(input: 3, output: 15))
        }
        #expect(try await pipeline.respond(to: "I'm not sure").text == "ANSWER IN CAPITALS.")
        #expect(try await pipeline.respond(to: "I'm not sure").servedBy == .result)
        #expect(meter.spent.withLock { $0 }.description == "$0.00005526")
        #expect(tracer.names.withLock { $0 }.contains("llmkit.complete"))
    }

    @Test func `the smallest sequence of events is a stream`() async throws {
        var text = ""
        for try await event in ResponseStream(Countdown()) {
            if case .text(let piece) = event { text += piece }
        }
        #expect(text == "2… 1… ")
    }

    @Test func `an outage of the small model goes unnoticed`() async throws {
        var pipeline = try Pipeline(router: .cascade("small", "large", threshold: 0.8)) {
            ChatModel("small", MockProvider("41"))
            ChatModel("large", MockProvider("42"))
        }
        pipeline.models[0].provider = MockProvider.failing(LLMError(.server))
        #expect(try await pipeline.respond(to: "6 x 7?").text == "42")
    }

    @Test func `the gateway of the README assembles`() throws {
        let pipeline = try Pipeline(
            router: .cascade("small", "large", threshold: 0.8),
            caches: [.memory()],
            baseline: "large"
        ) {
            ChatModel("small", .openAI("gpt-4o-mini", key: .value("sk-test")).retrying())
            ChatModel(
                "large",
                .anthropic("claude-sonnet-4-5", key: .value("sk-test")).retrying().timeouts(firstToken: .seconds(20))
            )
        }
        #expect(pipeline.models.count == 2)
    }
}
