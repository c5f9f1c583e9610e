import Testing

@testable import LLMKit

@Suite struct ThinkingRulesTests {
    private func request(_ change: (inout ChatRequest) -> Void = { _ in }) -> ChatRequest {
        var request: ChatRequest = "?"
        change(&request)
        return request
    }

    private static let tool = Tool(
        "f",
        description: "",
        parameters: JSONSchema(JSONText(validated: #"{"type":"object","properties":{}}"#))
    )

    @Test(arguments: [AnthropicThinking.adaptive, .budget(1_024)])
    func `sampling gives way to thinking, and is a loss`(thinking: AnthropicThinking) throws {
        let warm = request { $0.sampling.temperature = 0.2 }
        let (sent, setting, losses) = try RequestRulesTests.send(warm, .anthropic, thinking: thinking)
        #expect(sent.sampling.temperature == nil && setting.thinking == thinking)
        #expect(losses == ["temperature"])
        let narrow = request { $0.sampling.topP = 0.5 }
        #expect(try RequestRulesTests.send(narrow, .anthropic, thinking: thinking).losses == ["top_p"])
        for fine in [request { $0.sampling.temperature = 1 }, request { $0.sampling.topP = 0.97 }] {
            #expect(try RequestRulesTests.send(fine, .anthropic, thinking: thinking).request == fine)
        }
        #expect(try RequestRulesTests.send(warm, .anthropic, thinking: .disabled).request == warm)
    }

    @Test(arguments: [ToolChoice.required, .tool("f")])
    func `a demanded call is made without thinking`(choice: ToolChoice) throws {
        let forced = request {
            $0.tools = [Self.tool]
            $0.toolChoice = choice
            $0.sampling.temperature = 0
        }
        let (sent, setting, losses) = try RequestRulesTests.send(forced, .anthropic, thinking: .budget(2_048))
        #expect(sent == forced && setting.thinking == .disabled)
        #expect(losses == ["thinking beside a demanded tool call"])
    }

    @Test(arguments: [
        (100, AnthropicThinking.disabled), (1_024, .disabled), (1_500, .budget(1_024)), (4_096, .budget(2_048)),
    ])
    func `a budget leaves room for the answer`(limit: Int, thinking: AnthropicThinking) throws {
        let (_, setting, losses) = try RequestRulesTests.send("?", .anthropic, thinking: .budget(8_000), limit: limit)
        #expect(setting.thinking == thinking)
        #expect(losses == ["thinking budget"])
    }

    @Test func `a text to go on from is refused while the model thinks`() {
        let prefill = ChatRequest([.user("Count"), .assistant("1, 2,")])
        #expect(RequestRulesTests.refusal(prefill, .anthropic, thinking: .adaptive)?.code == .unsupported)
        #expect(RequestRulesTests.refusal(prefill, .anthropic) == nil)
    }

    @Test func `Claude takes the temperature or top-p, not both`() throws {
        let both = request { $0.sampling = Sampling(temperature: 0.2, topP: 0.9) }
        let (sent, _, losses) = try RequestRulesTests.send(both, .anthropic)
        #expect(sent.sampling.temperature == 0.2 && sent.sampling.topP == nil)
        #expect(losses == ["top_p"])
    }

    @Test func `a temperature above the vendor's scale is the hottest that it has, and a loss`() throws {
        let hot = request { $0.sampling.temperature = 1.8 }
        for (rules, temperature) in [(RequestRules.anthropic, 1.0), (.mistral, 1.5)] {
            let (sent, _, losses) = try RequestRulesTests.send(hot, rules)
            #expect(sent.sampling.temperature == temperature && losses == ["temperature"])
        }
        #expect(try RequestRulesTests.send(hot, .openAI).request == hot)
    }

    @Test(arguments: [
        ("o3-mini", ReasoningEffort?.none, true), ("gpt-5-mini", nil, true), ("gpt-5.4", nil, false),
        ("gpt-5.4", .low, true), ("gpt-5.4", ReasoningEffort.none, false), ("gpt-5-chat-latest", nil, false),
        ("gpt-4o-mini", nil, false),
    ])
    func `OpenAI's reasoning models are sent no sampling`(
        model: String,
        effort: ReasoningEffort?,
        isRefused: Bool
    ) throws {
        let sampled = request {
            $0.sampling = Sampling(temperature: 0.2, topP: 0.9, logProbabilities: .init(top: 1))
            $0.reasoningEffort = effort
        }
        let (sent, _, losses) = try RequestRulesTests.send(sampled, .openAI, model: model)
        #expect((sent.sampling == Sampling()) == isRefused)
        #expect(losses == (isRefused ? ["temperature", "top_p", "logprobs"] : []))
        let (local, _, _) = try RequestRulesTests.send(sampled, .local, model: model)
        #expect(local == sampled)
    }

    @Test func `what a model never takes is no capability of its provider`() {
        #expect(!OpenAIProvider(model: "o4-mini").info.capabilities.contains(.logProbabilities))
        #expect(OpenAIProvider(model: "gpt-5.4").info.capabilities.contains(.logProbabilities))
    }

    @Test func `top-k in an extra body is refused where nothing takes it`() throws {
        let extra = try JSONText(#"{"top_k":5}"#)
        let code = LLMError.Code.invalidConfiguration
        func provider(_ thinking: AnthropicThinking?, _ version: String = "2023-06-01") -> AnthropicProvider {
            AnthropicProvider(model: "m", key: .value("k"), version: version, thinking: thinking, extraBody: extra)
        }
        try provider(nil).validate()
        #expect(throws: LLMError.self) { try provider(.adaptive).validate() }
        do throws(LLMError) { try provider(nil, "2026-10-21").validate() } catch { #expect(error.code == code) }
    }
}
