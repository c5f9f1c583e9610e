import LLMKit
import LLMKitTesting
import Testing

// BEGIN Writing-a-decorator
/// Asks once more where a try fails before the reader has seen anything of it, and tells how the answers that had begun
/// have ended.
struct SecondChance<Base: ModelProvider>: ProviderDecorator {
    let base: Base
    let onEnd: @Sendable (Result<ChatResponse, LLMError>) -> Void

    func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
        do {
            return try await next(request).opened().onEnd(onEnd)
        } catch {
            guard LLMError(wrapping: error).isRetryable, !Task.isCancelled else { throw error }
            var again = request
            again.scope = request.scope?.with(purpose: .retry)
            return try await next(again).opened().onEnd(onEnd)
        }
    }
}

extension ModelProvider {
    /// Asks once more where a try fails before its first event.
    func secondChance(
        onEnd: @escaping @Sendable (Result<ChatResponse, LLMError>) -> Void = { _ in }
    ) -> SecondChance<Self> {
        SecondChance(base: self, onEnd: onEnd)
    }
}
// END Writing-a-decorator

@Suite struct WritingADecorator {
    @Test func `the second chance keeps the rules of providers`() async throws {
        try await ProviderConformance(request: "Say hello.").check(MockProvider("Hello there").secondChance())
    }

    @Test(arguments: [false, true])
    func `a failed try is made again, and both are booked`(isStreamed: Bool) async throws {
        let meter = InMemoryCostMeter()
        let mock = MockProvider(script: [.failure(LLMError(.overloaded)), .answer("Hello")])
        let pipeline = try Pipeline(router: .to("small"), meter: meter) {
            ChatModel("small", mock.secondChance(), price: .free)
        }
        let answer = isStreamed ? try await pipeline.stream("Hi").collect() : try await pipeline.respond(to: "Hi")
        #expect(answer.text == "Hello")
        #expect(meter.charges.map(\.purpose) == [.answer, .retry])
        #expect(meter.charges.map(\.kind) == [.failed, .answer])
    }

    @Test func `what the reader has seen a part of is not asked for again, and how it ended is told`() async throws {
        let ends = Log<LLMError.Code>()
        let mock = MockProvider(script: [.events([.text("Hel")], ending: .failure(LLMError(.network)))])
        let provider = mock.secondChance { result in
            if case .failure(let error) = result { ends.append(error.code) }
        }
        await #expect(throws: LLMError.self) { try await provider.stream("Hi").collect() }
        #expect(ends.entries == [.network])
        #expect(mock.requests.count == 1)
    }
}
