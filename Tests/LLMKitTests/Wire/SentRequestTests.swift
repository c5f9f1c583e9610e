import Testing

@testable import LLMKit

/// Conversations as they come from apps, other vendors and models that make mistakes.
@Suite struct SentRequestTests {
    private static let ids = ["call_1", "callNo001", "functions.tide:0", "", String(repeating: "x", count: 70)]
    private static let texts = ["So", "", "\n\n", "1, 2, ", "JSON", "é \u{2003}"]
    private static let schemas = [
        "{}", "true", #"{"type":"object"}"#, #"{"type":"object","properties":{"a":{"type":"string"}}}"#,
        #"{"type":"object","properties":{"a":{"type":"integer","minimum":1}},"required":["a"]}"#,
        #"{"type":"object","additionalProperties":{"type":"string"}}"#,
    ]

    private static func request(_ seed: UInt64) -> ChatRequest {
        var random = SeededGenerator(seed: seed)
        func pick<Value>(_ values: [Value]) -> Value { values[Int(random.next() % UInt64(values.count))] }
        var messages: [ChatMessage] = []
        for _ in 0...pick([0, 1, 2, 5]) {
            switch pick([0, 1, 2, 3]) {
            case 0: messages.append(.user(pick(texts)))
            case 1: messages.append(.assistant(pick(texts)))
            case 2: messages.append(ChatMessage(pick([.system, .user, .assistant]), parts: []))
            default:
                let calls = [pick(ids), pick(ids)].prefix(pick([1, 2]))
                let said = ChatMessage.Part.text(pick(texts))
                messages.append(.user("?"))
                messages.append(
                    ChatMessage(
                        .assistant,
                        parts: [said] + calls.map { .toolCall(ToolCall(id: $0, name: "tide", arguments: "{}")) }
                    )
                )
                messages += calls.map { .toolResult($0, "high") }
            }
        }
        func schema() -> JSONSchema { JSONSchema(name: pick(["a", "a b"]), JSONText(validated: pick(schemas))) }
        let tool = Tool("tide", description: "", parameters: schema(), isStrict: pick([nil, true, false]))
        var request = ChatRequest(messages, tools: pick([[], [tool]]))
        if !request.tools.isEmpty { request.toolChoice = pick([nil, .automatic, .required, .tool("tide")]) }
        request.responseFormat = pick([.text, .text, .jsonSchema(schema())])
        request.sampling.temperature = pick([nil, 0, 1, 2])
        request.sampling.topP = pick([nil, 0.5, 1])
        request.sampling.maxOutputTokens = pick([nil, 100, 4_000])
        request.sampling.stop = pick([[], [" "], ["END"]])
        request.reasoningEffort = pick([nil, .low, ReasoningEffort.none])
        return request
    }

    /// How many of so many requests go out; the others are refused before.
    private static func sent(_ encode: (ChatRequest) throws(LLMError) -> RequestProblem?) -> Int {
        (0..<600 as Range<UInt64>).count { seed in
            do throws(LLMError) {
                let problem = try encode(request(seed))
                #expect(problem == nil, "seed \(seed)")
                return true
            } catch {
                #expect([.invalidRequest, .unsupported].contains(error.code), "seed \(seed)")
                return false
            }
        }
    }

    @Test(arguments: [OpenAIDialect.openAI, .azureOpenAI, .mistral, .xAI, .openRouter])
    func `a dialect's rules hold for all that is sent`(dialect: OpenAIDialect) {
        let count = Self.sent { (request) throws(LLMError) in
            let format = OpenAIFormat(model: "gpt-5-mini", dialect: dialect, dropping: [], extraBody: nil)
            let body = try format.encode(request, isStream: false).body
            guard let decoded = try? OpenAIService(dialect: dialect, created: 0).decodeRequest(body) else {
                return .schemaName
            }
            let isStrict = !decoded.losses.contains("response_format.json_schema.strict")
            let setting = RequestSetting(model: decoded.model, isAnswerStrict: isStrict)
            return dialect.rules.problem(in: decoded.request, setting)
        }
        #expect(count > 300)
    }

    @Test(arguments: [AnthropicThinking?.none, .adaptive, .budget(2_000)])
    func `Anthropic's rules hold for all that is sent`(thinking: AnthropicThinking?) {
        let count = Self.sent { (request) throws(LLMError) in
            let format = AnthropicFormat(
                model: "m",
                version: "2023-06-01",
                thinking: thinking,
                maxOutputTokens: 4_096,
                dropping: [],
                extraBody: nil
            )
            let body = try format.encode(request, isStream: false).body
            guard let decoded = try? AnthropicService().decodeRequest(body) else { return .schemaName }
            let setting = RequestSetting(
                model: decoded.model,
                thinking: decoded.thinking,
                outputLimit: decoded.request.sampling.maxOutputTokens
            )
            return RequestRules.anthropic.problem(in: decoded.request, setting)
        }
        #expect(count > 200)
    }
}
