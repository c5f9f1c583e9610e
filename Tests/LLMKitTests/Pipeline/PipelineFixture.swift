import LLMKitTesting

@testable import LLMKit

/// A pipeline over two mocks, with everything on and in memory.
struct PipelineFixture {
    let meter = InMemoryCostMeter()
    let tracer = InMemoryTracer()
    let time = ManualTime()
    let cache = ResultCache.memory()
    var small = MockProvider(script: [])
    var large = MockProvider("forty-two")

    /// Prices chosen so that every sum below can be done by hand: picodollars per token.
    static let smallPrice = Price(rates: .init(input: 10, cacheRead: 1, output: 100))
    static let largePrice = Price(rates: .init(input: 1000, cacheRead: 100, output: 10_000))

    init(small: MockProvider = .sure, large: MockProvider = MockProvider("forty-two")) {
        self.small = small
        self.large = large
    }

    func pipeline(
        _ router: some Router = .cascade("small", "large", threshold: 0.8),
        confidence: some ConfidenceSignal = .logProbabilities,
        baseline: ModelName? = nil,
        maxAttempts: Int = 6
    ) throws -> Pipeline {
        try Pipeline(
            router: router,
            confidence: confidence,
            caches: [cache],
            meter: meter,
            tracer: tracer,
            baseline: baseline,
            maxAttempts: maxAttempts,
            time: time
        ) {
            ChatModel("small", small, price: Self.smallPrice)
            ChatModel("large", large, price: Self.largePrice)
        }
    }

    /// The charges by purpose, in order.
    var purposes: [Charge.Kind] { meter.charges.map(\.kind) }
}

extension MockProvider {
    /// Answers "42" and is certain of it.
    static var sure: MockProvider { answering("42", logProbability: -0.01) }

    /// Answers "41" and doubts it.
    static var unsure: MockProvider { answering("41", logProbability: -2) }

    static func answering(
        _ text: String,
        logProbability: Double,
        usage: Usage = Usage(input: 100, output: 10)
    ) -> MockProvider {
        MockProvider { _, _ in
            .answer(ChatResponse(text, usage: usage, logProbabilities: [TokenLogProbability(text, logProbability)]))
        }
    }
}
