import LLMKitTesting
import Testing

@testable import LLMKit

/// Each pipeline's books are whole, however deep it is nested.
@Suite struct NestedMoneyTests {
    private static let price = Price(rates: .init(input: 10, output: 100))
    private static let dear = Price(rates: .init(input: 1_000_000, output: 1_000_000))
    private static let used = Usage(input: 100, output: 10)
    private let meter = InMemoryCostMeter()

    private static func answering(_ text: String = "42") -> MockProvider {
        MockProvider { _, _ in .answer(ChatResponse(text, usage: used)) }
    }

    private func outer(_ inner: some ModelProvider, price: Price? = nil) throws -> Pipeline {
        try Pipeline(router: .to("inner"), meter: meter) { ChatModel("inner", inner, price: price) }
    }

    @Test func `a nested pipeline that failed and is tried again has paid for both tries`() async throws {
        let inner = try Pipeline(
            router: .cascade("small", "large", threshold: 0.5),
            confidence: Verifier { _, _ -> Double? in 0.1 }
        ) {
            ChatModel("small", Self.answering("no"), price: Self.price)
            ChatModel(
                "large",
                MockProvider(script: [
                    .failure(LLMError(.overloaded)), .answer(ChatResponse("yes", usage: Self.used)),
                ]),
                price: Self.price
            )
        }
        let answer = try await outer(inner.retrying(RetryPolicy(base: .zero))).respond(to: "6 x 7?")
        #expect(meter.charges.map(\.kind) == [.rejected, .failed, .rejected, .answer])
        #expect(meter.charges.map { $0.cost?.picodollars } == [2_000, 0, 2_000, 2_000])
        #expect(answer.cost == Money(picodollars: 6_000))
    }

    @Test func `the first try of a nested pipeline is what the outer one asked it for`() async throws {
        let inner = try Pipeline(router: .to("m")) {
            ChatModel("m", MockProvider(script: [.failure(LLMError(.server)), .answer("42")]))
        }
        let retrying = inner.retrying(RetryPolicy(base: .zero))
        _ = try await outer(retrying).respond(to: "6 x 7?")
        #expect(meter.charges.map(\.purpose) == [.answer, .retry])
        let other = InMemoryCostMeter()
        let standIn = try Pipeline(router: .to("m")) { ChatModel("m", Self.answering()) }
        let fallback = try Pipeline(router: .to("down", orOnFailure: "inner"), meter: other) {
            ChatModel("down", MockProvider.failing(LLMError(.server)))
            ChatModel("inner", standIn)
        }
        _ = try await fallback.respond(to: "6 x 7?")
        #expect(other.charges.map(\.purpose) == [.answer, .fallback])
    }

    @Test func `what a decorator makes of an answer does not change what the outer pipeline pays`() async throws {
        let innerMeter = InMemoryCostMeter()
        let inner = try Pipeline(router: .to("m"), meter: innerMeter) {
            ChatModel("m", Rewriting(base: Self.answering()), price: Self.price)
        }
        #expect(try await outer(inner).respond(to: "6 x 7?").text == "rewritten")
        #expect(innerMeter.total == Money(picodollars: 2_000))
        #expect(meter.total == innerMeter.total)
        #expect(meter.charges.map(\.usage) == [Self.used])
    }

    @Test func `the worst case is reserved at the price that will be booked`() async throws {
        let inner = try Pipeline(router: .to("m")) { ChatModel("m", Self.answering(), price: Self.price) }
        for (price, expected) in [(Price?.none, 2_000), (Self.dear, 110_000_000)] {
            let reserving = ReservingMeter()
            let outer = try Pipeline(router: .to("inner"), meter: reserving) {
                ChatModel("inner", inner, price: price)
            }
            _ = try await outer.respond(to: "6 x 7?")
            let worst = try #require(reserving.planned.entries.first?.worstCase)
            #expect(reserving.charges.entries.first?.cost == Money(picodollars: Int128(expected)))
            #expect(worst.picodollars >= Int128(expected))
        }
    }

    @Test func `a nested stream that the reader leaves is charged at the nested price`() async throws {
        let inner = try Pipeline(router: .to("m")) {
            ChatModel("m", MockProvider(script: [.events([.text("Forty-"), .text("two")])]), price: Self.price)
        }
        for try await _ in try await outer(inner).stream("6 x 7?") { break }
        #expect(meter.charges.map(\.kind) == [.failed])
        #expect((meter.charges.first?.cost ?? .zero) > Money.zero)
    }

    @Test func `a nested call that a shutdown cuts is charged at the nested price`() async throws {
        let mock = MockProvider { _, _ in .hang }
        let inner = try Pipeline(router: .to("m")) { ChatModel("m", mock, price: Self.price) }
        let outer = try outer(inner)
        let call = Task { try await outer.respond(to: "6 x 7?") }
        while mock.running == 0 { await Task.yield() }
        await outer.shutdown()
        _ = await call.result
        #expect(meter.charges.count == 1)
        #expect((meter.charges.first?.cost ?? .zero) > Money.zero)
    }

    @Test func `the embeddings of a nested semantic cache are booked at both meters, for misses and hits`() async throws
    {
        var info = PlaneEmbedder.info
        (info.vendor, info.modelID) = ("openai", "text-embedding-3-small")
        let fixture = try SemanticFixture(info: info)
        // A price of the nested pipeline's own is none of the embedder's.
        let outer = try outer(try fixture.pipeline(), price: Self.dear)
        _ = try await outer.respond(to: "At what temperature does water boil?")
        let hit = try await outer.respond(to: "At which temperature will water boil?")
        #expect(hit.servedBy == .semantic)
        #expect(meter.charges.map(\.kind) == [.embedding, .answer, .embedding, .cacheHit])
        for books in [meter, fixture.meter] {
            let vectors = books.charges.filter { $0.kind == .embedding }
            #expect(vectors.map { $0.cost?.picodollars } == [160_000, 160_000])
        }
        #expect(hit.cost == Money(picodollars: 160_000))
    }

    @Test func `what a nested pipeline's judge or shadow asks of a third one is booked as that`() async throws {
        let third = try Pipeline(router: .to("m")) { ChatModel("m", Self.answering("80"), price: Self.price) }
        let middle = try Pipeline(
            router: .fixed(.cascade("small", "large", threshold: 0.5).shadowed(by: "third")),
            confidence: AskingThird()
        ) {
            ChatModel("small", Self.answering(), price: Self.price)
            ChatModel("large", Self.answering(), price: Self.price)
            ChatModel("third", third)
        }
        let outer = try outer(middle)
        let answer = try await outer.respond(to: "6 x 7?")
        #expect(await outer.drain(upTo: .seconds(300)))
        #expect(meter.charges.count { $0.kind == .answer } == 1)
        #expect(meter.charges.count { $0.kind == .confidence } == 1)
        #expect(meter.charges.count { $0.kind == .shadow } == 1)
        #expect(meter.charges.count == 3)
        #expect(answer.cost == Money(picodollars: 4_000))
    }
}

private struct Rewriting<Base: ModelProvider>: ProviderDecorator {
    let base: Base
    func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
        _ = try await next(request).whole()
        return .whole(ChatResponse("rewritten"))
    }
}

private struct AskingThird: ConfidenceSignal {
    func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence {
        _ = try await context.scope.ask("third", "how sure?", for: .confidence)
        return 0.9
    }
}

/// Notes what it is asked for.
private final class ReservingMeter: CostMeter {
    let planned = Log<PlannedAttempt>()
    let charges = Log<Charge>()

    func reserve(_ attempt: PlannedAttempt) -> Reservation {
        planned.append(attempt)
        return Reservation(attempt)
    }
    func record(_ charge: Charge) { charges.append(charge) }
}
