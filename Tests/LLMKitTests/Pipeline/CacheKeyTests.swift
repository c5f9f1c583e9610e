import LLMKitTesting
import Testing

@testable import LLMKit

/// A hit is an answer that the route could have given.
@Suite struct CacheKeyTests {
    private let cache = ResultCache.memory()

    private func text(_ provider: some ModelProvider, _ request: ChatRequest = "who are you?") async throws -> String {
        try await Pipeline(router: .to("m"), caches: [cache]) { ChatModel("m", provider) }.respond(to: request).text
    }

    @Test func `models at two ports share no answers`() async throws {
        for (port, name) in [(8_081, "a French model"), (8_082, "a coding model"), (8_081, "a French model")] {
            let info = ProviderInfo(vendor: "llama.cpp", modelID: "default", serverAddress: "::1", serverPort: port)
            #expect(try await text(MockProvider(name, info: info)) == name)
        }
    }

    @Test func `what a provider adds to requests, and where it sends them, is part of the key`() throws {
        func key(_ provider: some ModelProvider) throws -> String {
            try Pipeline(router: .to("m")) { ChatModel("m", provider) }.cacheScope
        }
        func openAI(_ address: String, _ body: String? = nil) throws -> String {
            try key(
                OpenAIProvider(
                    model: "m",
                    key: .notNeeded,
                    baseURL: address,
                    extraBody: try body.map { try JSONText($0) }
                )
            )
        }
        func anthropic(_ thinking: AnthropicThinking?) throws -> String {
            try key(AnthropicProvider(model: "m", key: .notNeeded, thinking: thinking))
        }
        let keys = [
            try openAI("http://gw:1/v1"), try openAI("http://gw:2/v1"), try openAI("http://gw:1/a/v1"),
            try openAI("http://gw:1/v1", #"{"chat_template_kwargs":{"enable_thinking":false}}"#),
            try anthropic(nil), try anthropic(.budget(8_000)),
            try key(OpenAIProvider(model: "m", key: .notNeeded, baseURL: "http://gw:3/v1").retrying()),
        ]
        #expect(Set(keys).count == keys.count)
    }

    @Test func `two nested pipelines share no answers unless they are alike inside`() async throws {
        func nested(_ name: String) throws -> Pipeline {
            let info = ProviderInfo(vendor: "mock", modelID: name)
            return try Pipeline(router: .to("x")) { ChatModel("x", MockProvider("I am \(name)", info: info)) }
        }
        #expect(try await text(nested("one")) == "I am one")
        #expect(try await text(nested("two")) == "I am two")
        let again = try Pipeline(router: .to("x")) {
            ChatModel("x", MockProvider("never asked", info: ProviderInfo(vendor: "mock", modelID: "one")))
        }
        #expect(try await text(again) == "I am one")
    }

    @Test func `decorators that change answers share none, and those that change none do`() async throws {
        let base = MockProvider { request, _ in .answer(request.messages[0].text) }
        #expect(try await text(base) == "who are you?")
        #expect(try await text(Instructed(base: base, instruction: "Be brief.")) == "Be brief.")
        #expect(try await text(Instructed(base: base, instruction: "Be kind.")) == "Be kind.")
        #expect(base.requests.count == 3)
        #expect(try await text(base.retrying().concurrencyLimit(1).timeouts(total: .seconds(9))) == "who are you?")
        #expect(base.requests.count == 3)
        #expect(Unsaid(base: base).info.scope != base.info.scope)
    }

    @Test func `a router that looks at users keeps them apart by its partition`() async throws {
        func pipeline(_ router: some Router) throws -> Pipeline {
            try Pipeline(router: router, caches: [ResultCache.memory()]) {
                ChatModel("small", MockProvider("small"))
                ChatModel("large", MockProvider("large"))
            }
        }
        func answers(_ pipeline: Pipeline) async throws -> [String] {
            var texts: [String] = []
            for user in ["free", "pro"] {
                let request = ChatRequest("6 x 7?", caller: Caller(tenant: "t", user: user))
                texts.append(try await pipeline.respond(to: request).text)
            }
            return texts
        }
        #expect(try await answers(pipeline(ByUser(tellsPartition: true))) == ["small", "large"])
        // What a router does not say, no key can know: the conformance suite finds it.
        #expect(try await answers(pipeline(ByUser(tellsPartition: false))) == ["small", "small"])
    }

    @Test func `an approximate answer of a nested pipeline never becomes an exact one`() async throws {
        let boil = "At what temperature does water boil?"
        let fixture = try SemanticFixture()
        let inner = try fixture.pipeline()
        let outer = try Pipeline(router: .to("inner"), caches: [cache]) { ChatModel("inner", inner) }
        for isStreamed in [false, true] {
            _ = try await outer.respond(to: ChatRequest(boil))
            let alike: ChatRequest = "At which temperature will water boil?"
            let answer: ChatResponse =
                isStreamed ? try await outer.stream(alike).collect() : try await outer.respond(to: alike)
            #expect(answer.servedBy == CacheHit.Source.semantic)
            var exact = alike
            exact.cachePolicy = [.read, .exactOnly]
            #expect(try await outer.respond(to: exact).servedBy == nil)
        }
    }
}

private struct Instructed<Base: ModelProvider>: ProviderDecorator {
    let base: Base
    let instruction: String
    var info: ProviderInfo { base.info.decorated.varying(by: instruction) }

    func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
        var request = request
        request.messages.insert(.system(instruction), at: 0)
        return try await next(request)
    }
}

private struct Unsaid<Base: ModelProvider>: ProviderDecorator {
    let base: Base
    func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
        try await next(request)
    }
}

private struct ByUser: Router {
    let tellsPartition: Bool
    func route(_ request: ChatRequest, in context: RoutingContext) -> Route {
        request.caller.user == "pro" ? .to("large") : .to("small")
    }
    func partition(for request: ChatRequest) -> String { tellsPartition ? request.caller.user ?? "" : "" }
}
