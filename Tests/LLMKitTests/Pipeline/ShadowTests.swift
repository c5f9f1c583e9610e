import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct ShadowTests {
    @Test func `a shadow neither delays nor changes the answer, and its cost is booked apart`() async throws {
        let fixture = PipelineFixture(large: .answering("from the shadow", logProbability: 0))
        let pipeline = try fixture.pipeline(.fixed(.to("small").shadowed(by: "large")))
        let response = try await pipeline.respond(to: "6 x 7?")
        #expect(response.text == "42")
        #expect(response.cost == Money(picodollars: 2_000))
        while fixture.meter.charges.count < 2 { await Task.yield() }
        let shadow = try #require(fixture.meter.charges.first { $0.kind == .shadow })
        #expect(shadow.cost == Money(picodollars: 200_000))
        #expect(shadow.reservation?.amount?.picodollars ?? 0 > 200_000)
        #expect(shadow.savings == nil)
    }

    @Test func `a shadow that fails is nobody's error`() async throws {
        let fixture = PipelineFixture(large: .failing(LLMError(.server)))
        let pipeline = try fixture.pipeline(.fixed(.to("small").shadowed(by: "large")))
        #expect(try await pipeline.respond(to: "6 x 7?").text == "42")
        while fixture.meter.charges.count < 2 { await Task.yield() }
        #expect(fixture.meter.charges.contains { $0.kind == .shadow && $0.errorCode == .server })
    }

    @Test func `a shadow that hangs is settled by the shutdown`() async throws {
        let fixture = PipelineFixture(large: MockProvider(script: [.hang]))
        let pipeline = try fixture.pipeline(.fixed(.to("small").shadowed(by: "large")))
        #expect(try await pipeline.respond(to: "6 x 7?").text == "42")
        while fixture.large.requests.isEmpty { await Task.yield() }
        await pipeline.shutdown()
        #expect(fixture.meter.charges.contains { $0.kind == .shadow && $0.errorCode == .shuttingDown })
    }
}
