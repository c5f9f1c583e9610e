import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// Providers and decorators that make several attempts for one answer.
@Suite struct SeveralAttemptsTests {
    private static let price = Price(rates: .init(input: 10, output: 100))
    private static let upstream = Upstream(vendor: "v", modelID: "x")

    @Test func `a loser that ends while the winner is taken is no second answer`() async throws {
        let meter = HookedMeter()
        let provider = Racing(meter: meter)
        let pipeline = try Pipeline(router: .to("m"), meter: meter) { ChatModel("m", provider, price: Self.price) }
        #expect(try await pipeline.respond(to: "6 x 7?").text == "winner")
        let kinds = meter.charges.entries.map(\.kind)
        #expect(kinds.count { $0 == .answer } == 1)
        #expect(kinds.count == 3)
    }

    @Test func `a provider that makes attempts without having said so is booked by those`() async throws {
        let meter = InMemoryCostMeter()
        let first = MockProvider("first", info: ProviderInfo(vendor: "one", modelID: "a"))
        let second = MockProvider("second", info: ProviderInfo(vendor: "two", modelID: "b"))
        let pipeline = try Pipeline(router: .to("m"), meter: meter, maxAttempts: 2) {
            ChatModel("m", FirstOfTwo(first: first, second: second), price: Self.price)
        }
        let answer = try await pipeline.respond(to: "6 x 7?")
        #expect(answer.upstream?.vendor == "one")
        #expect(meter.charges.count == 2)
        #expect(meter.charges.first { $0.kind == .answer }?.vendor == "one")
        #expect(meter.charges.first { $0.kind == .rejected }?.vendor == "two")
        #expect(meter.released.count == 1)
    }

    @Test func `what is billed was sent`() async throws {
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(router: .to("m"), meter: meter) {
            ChatModel("m", MockProvider(script: [.events([.text("Forty-"), .text("two")])]), price: Self.price)
        }
        for try await _ in try await pipeline.stream("6 x 7?") { break }
        let row = try #require(meter.charges.first)
        #expect((row.cost ?? .zero) > Money.zero)
        #expect(row.isSent)
    }

    @Test func `vectors made inside a model's call are not charged at the model's price`() async throws {
        var info = PlaneEmbedder.info
        (info.vendor, info.modelID) = ("openai", "text-embedding-3-small")
        let meter = InMemoryCostMeter()
        let provider = Searching(base: MockProvider("42"), embedder: PlaneEmbedder([:], info: info))
        let pipeline = try Pipeline(router: .to("m"), meter: meter) { ChatModel("m", provider, price: Self.price) }
        _ = try await pipeline.respond(to: "6 x 7?")
        #expect(meter.charges.first { $0.kind == .embedding }?.cost == Money(picodollars: 160_000))
    }

    @Test func `a thinking budget is part of the worst case`() async throws {
        let meter = HookedMeter()
        let provider = AnthropicProvider(
            model: "m",
            key: .notNeeded,
            baseURL: "http://127.0.0.1:9",
            thinking: .budget(8_000),
            maxOutputTokens: 1_000
        )
        let pipeline = try Pipeline(router: .to("m"), meter: meter) {
            ChatModel("m", provider, price: Price(rates: .init(input: 0, output: 1)))
        }
        await #expect(throws: LLMError.self) { try await pipeline.respond(to: "6 x 7?") }
        #expect(meter.planned.entries.map(\.worstCase) == [Money(picodollars: 9_000)])
    }

    @Test func `a scope made for a test keeps its budget of attempts`() async throws {
        let mock = MockProvider.failing(LLMError(.server))
        let provider = mock.retrying(RetryPolicy(maxAttempts: 5, base: .zero))
        var scoped: ChatRequest = "6 x 7?"
        scoped.scope = RequestScope(attempts: 2) { _, _, _ in ChatResponse("never asked") }
        let request = scoped
        await #expect(throws: LLMError.self) { try await provider.respond(to: request) }
        #expect(mock.requests.count == 2)
    }
}

/// Makes three attempts: the first answers, the last does so while the first is being booked.
private struct Racing: ModelProvider {
    let meter: HookedMeter
    var info: ProviderInfo { ProviderInfo(makesAttempts: true) }

    func respond(to request: ChatRequest) async throws -> ChatResponse {
        guard let scope = request.scope else { throw LLMError(.unknown, "no pipeline") }
        let upstream = Upstream(vendor: "v", modelID: "x")
        let usage = Usage(input: 100, output: 10)
        let winner = try await scope.begin(upstream, .request(request))
        _ = try await scope.with(purpose: .hedge).begin(upstream, .request(request))
        let loser = try await scope.with(purpose: .hedge).begin(upstream, .request(request))
        var answer = ChatResponse("winner", usage: usage)
        winner.finish(&answer)
        meter.onFirstRecord {
            var late = ChatResponse("loser", usage: usage)
            loser.finish(&late)
        }
        return answer
    }
}

private struct FirstOfTwo: ModelProvider {
    let first: MockProvider
    let second: MockProvider

    func respond(to request: ChatRequest) async throws -> ChatResponse {
        let answer = try await first.reply(to: request, isLive: false).whole()
        _ = try await second.reply(to: request, isLive: false).whole()
        return answer
    }
}

private struct Searching<Base: ModelProvider>: ProviderDecorator {
    let base: Base
    let embedder: PlaneEmbedder

    func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
        _ = try await request.scope?.embed([request.prompt], with: embedder)
        return try await next(request)
    }
}

/// Notes what it is asked and told, and does something at the first charge.
private final class HookedMeter: CostMeter {
    let planned = Log<PlannedAttempt>()
    let charges = Log<Charge>()
    private let hook = Mutex<(@Sendable () -> Void)?>(nil)

    func onFirstRecord(_ body: @escaping @Sendable () -> Void) { hook.withLock { $0 = body } }

    func reserve(_ attempt: PlannedAttempt) -> Reservation {
        planned.append(attempt)
        return Reservation(attempt)
    }

    func record(_ charge: Charge) {
        charges.append(charge)
        hook.withLock { $0.take() }?()
    }
}
