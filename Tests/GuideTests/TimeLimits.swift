import LLMKit
import LLMKitTesting
import Testing

// What the guide on time limits shows, kept compiling and true.

@Suite struct TimeLimits {
    // BEGIN Time-limits-and-retries
    func makePatientPipeline() throws -> Pipeline {
        try Pipeline(router: .to("fast", orOnFailure: "thinker")) {
            // A chat gives up early, twice, and goes to another model.
            ChatModel("fast", .openAI("gpt-4o-mini").timeouts(firstToken: .seconds(8), idle: .seconds(15)).retrying())
            // A model that thinks for minutes before it says anything, and may write for as long as it likes.
            ChatModel("thinker", .openAI("o3").timeouts(firstToken: .seconds(900), total: Timeouts.never))
        }
    }

    func ask(_ question: String, within limit: Duration, with pipeline: Pipeline) async throws -> String {
        var request = ChatRequest(question)
        // Bounds everything together: retries, fallbacks, judging, waiting for a free place.
        request.deadline = .now + limit
        return try await pipeline.respond(to: request).text
    }
    // END Time-limits-and-retries

    @Test func `the clocks are those that the guide says`() throws {
        let models = try makePatientPipeline().effectiveConfiguration.models
        let fast = Timeouts(
            connect: .seconds(10),
            firstToken: .seconds(8),
            idle: .seconds(15),
            total: .seconds(3600)
        )
        #expect(models.map(\.timeouts?.firstToken) == [.seconds(8), .seconds(900)])
        #expect(models.first?.timeouts == fast)
        #expect(models.last?.timeouts?.total == Timeouts.never)
        let plain = try Pipeline(router: .to("m")) { ChatModel("m", .openAI("gpt-4o-mini")) }
        let model = try #require(plain.effectiveConfiguration.models.first)
        #expect(
            model.timeouts
                == Timeouts(
                    connect: .seconds(10),
                    firstToken: .seconds(120),
                    idle: .seconds(120),
                    total: .seconds(3600)
                )
        )
        #expect(model.wholeAnswer == .seconds(600))
    }

    @Test func `a deadline ends a call that hangs`() async throws {
        let pipeline = try Pipeline(router: .to("m")) { ChatModel("m", MockProvider(script: [.hang])) }
        let error = await #expect(throws: LLMError.self) {
            try await ask("Hi.", within: .milliseconds(50), with: pipeline)
        }
        #expect(error?.code == .timeout)
    }
}
