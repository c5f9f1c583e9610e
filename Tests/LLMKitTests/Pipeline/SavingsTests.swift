import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct SavingsTests {
    @Test func `on every row the baseline is what was paid plus what was saved`() async throws {
        let usages = [
            Usage(input: 100, output: 10), Usage(input: 1, cacheRead: 99, output: 7, reasoning: 3),
            Usage(input: 50, cacheRead: 50, output: 0),
        ]
        let fixture = PipelineFixture(
            small: MockProvider { _, call in
                let usage = usages[call % usages.count]
                let probability = call % 2 == 0 ? -0.01 : -3
                return .answer(
                    ChatResponse("42", usage: usage, logProbabilities: [TokenLogProbability("42", probability)])
                )
            },
            large: .answering("forty-two", logProbability: 0, usage: Usage(input: 10, cacheRead: 90, output: 20))
        )
        let pipeline = try fixture.pipeline(baseline: "large")
        for question in 0..<6 {
            _ = try await pipeline.respond(to: ChatRequest("\(question) x 7?"))
            _ = try await pipeline.respond(to: ChatRequest("\(question) x 7?"))
        }
        var rows = 0
        for charge in fixture.meter.charges {
            let cost = try #require(charge.cost)
            guard let savings = charge.savings else {
                #expect(charge.kind == .rejected)
                continue
            }
            #expect(savings.baseline == cost + savings.total)
            rows += 1
        }
        #expect(rows == 12)
    }

    @Test func `an unknown price is unknown, not zero`() async throws {
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(router: .to("m"), meter: meter) { ChatModel("m", MockProvider("hello")) }
        let response = try await pipeline.respond(to: "hi")
        #expect(response.cost == nil)
        #expect(meter.charges.first?.cost == nil)
        #expect(meter.charges.first?.savings == nil)
    }
}
