import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct `The effective configuration` {
    @Test func `tells the clocks that run, defaults, decorators and the client's settings together`() throws {
        let client = HTTPClient {
            $0.proxy = .url("http://user:secret@proxy.internal:3128")
            $0.caBundle = "/etc/ssl/our.pem"
            $0.timeouts.connect = .seconds(3)
        }
        let pipeline = try Pipeline(router: .to("small"), caches: [.memory()], meter: InMemoryCostMeter()) {
            ChatModel(
                "small",
                .openAI("gpt-4o-mini", at: "https://eu.api.openai.com/v1", client: client)
                    .timeouts(firstToken: .seconds(9), total: Timeouts.never).retrying()
            )
            ChatModel("mock", MockProvider("x"))
        }
        let model = try #require(pipeline.effectiveConfiguration.models.first)
        #expect(
            model.timeouts
                == Timeouts(connect: .seconds(3), firstToken: .seconds(9), idle: .seconds(120), total: Timeouts.never)
        )
        #expect(model.wholeAnswer == .seconds(9))
        #expect(model.layers == ["RetryingProvider", "TimeoutProvider", "OpenAIProvider"])
        #expect(model.upstream.serverAddress == "eu.api.openai.com")
        #expect(model.hasPrice)
        #expect(
            "\(pipeline.effectiveConfiguration)" == """
                model small: openai gpt-4o-mini at eu.api.openai.com:443, by RetryingProvider over TimeoutProvider over \
                OpenAIProvider; connect 3.0 seconds, first token 9.0 seconds, idle 120.0 seconds, total off, whole answer 9.0 seconds; proxy \
                proxy.internal:3128, certificates /etc/ssl/our.pem; price known
                model mock: mock -, by MockProvider; clocks, proxy and certificates of its own; price unknown
                router: FixedRouter, confidence: LogProbabilityConfidence
                caches: ResultCache
                meter: InMemoryCostMeter, tracer: none
                baseline: none
                attempts: 6 for an answer, 128 beside it
                identical requests in flight: each asks
                """
        )
    }

    @Test func `a client whose clocks are off has none for whole answers either`() throws {
        for (change, clock) in [
            (Timeouts.unlimited, Timeouts.never), (Timeouts(), nil),
            (Timeouts(firstToken: .seconds(900)), .seconds(900)),
        ] {
            var configuration = HTTPClient.Configuration()
            configuration.timeouts = change
            #expect(configuration.timeouts(isWhole: true).firstToken == clock)
        }
        #expect(HTTPClient.Configuration().timeouts(isWhole: true).firstToken == .seconds(600))
    }

    @Test func `a provider of one's own has the clocks that it is given`() throws {
        let pipeline = try Pipeline(router: .to("mock")) {
            ChatModel("mock", MockProvider("x").timeouts(firstToken: .seconds(2)))
        }
        let model = try #require(pipeline.effectiveConfiguration.models.first)
        #expect(model.timeouts == Timeouts(firstToken: .seconds(2)))
    }
}
