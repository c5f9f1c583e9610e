import Foundation
import Testing

@testable import LLMKit

@Suite struct OpenAIRequestTests {
    static let schema = JSONText(
        validated:
            #"{"type":"object","properties":{"port":{"type":"string"}},"required":["port"],"additionalProperties":false}"#
    )

    static func encode(
        _ request: ChatRequest,
        _ dialect: OpenAIDialect = .openAI,
        dropping: Set<RequestParameter> = [],
        isStream: Bool = false,
        extraBody: JSONText? = nil
    ) throws -> (body: NSDictionary, losses: [String]) {
        let format = OpenAIFormat(model: "m-large", dialect: dialect, dropping: dropping, extraBody: extraBody)
        let encoded = try format.encode(request, isStream: isStream)
        return (try parsed(encoded.body), encoded.losses)
    }

    /// A request that has everything.
    static var full: ChatRequest {
        var request = ChatRequest(
            [
                .system("Answer in one line."),
                ChatMessage(
                    .user,
                    parts: [
                        .text("What is on the \"pier\"?\n\u{1}\u{1F9AD}"),
                        .image(ChatImage(.data([0xFB, 0xFF, 0x00, 0x10], mediaType: "image/png"), detail: .low)),
                        .image(ChatImage(.url("https://a.example/b.png"))),
                    ]
                ),
                ChatMessage(
                    .assistant,
                    parts: [.toolCall(ToolCall(id: "call_1", name: "tide", arguments: #"{"port":"Lerwick"}"#))]
                ),
                .toolResult("call_1", "high 12:04"),
            ],
            tools: [Tool("tide", description: "Tells the tide.", parameters: JSONSchema(schema), isStrict: true)],
            toolChoice: .tool("tide"),
            responseFormat: .jsonSchema(JSONSchema(name: "tide", schema)),
            sampling: Sampling(
                temperature: 0.2,
                topP: 1,
                maxOutputTokens: 200,
                stop: ["\n\nEND"],
                seed: 7,
                logProbabilities: .init(top: 5)
            ),
            reasoningEffort: .low
        )
        request.allowsParallelToolCalls = true
        return request
    }

    @Test func `everything in a request reaches the body`() throws {
        let (body, losses) = try Self.encode(Self.full, isStream: true)
        let expected = try parsed(
            #"""
            {"model":"m-large","messages":[
              {"role":"system","content":"Answer in one line."},
              {"role":"user","content":[
                {"type":"text","text":"What is on the \"pier\"?\n\u0001🦭"},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,+/8AEA==","detail":"low"}},
                {"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]},
              {"role":"assistant","content":null,"tool_calls":[
                {"id":"call_1","type":"function","function":{"name":"tide","arguments":"{\"port\":\"Lerwick\"}"}}]},
              {"role":"tool","tool_call_id":"call_1","content":"high 12:04"}],
             "tools":[{"type":"function","function":{"name":"tide","description":"Tells the tide.",
               "parameters":{"type":"object","properties":{"port":{"type":"string"}},"required":["port"],
                 "additionalProperties":false},"strict":true}}],
             "tool_choice":{"type":"function","function":{"name":"tide"}},"parallel_tool_calls":true,
             "response_format":{"type":"json_schema","json_schema":{"name":"tide","strict":true,
               "schema":{"type":"object","properties":{"port":{"type":"string"}},"required":["port"],
                 "additionalProperties":false}}},
             "max_completion_tokens":200,"temperature":0.2,"top_p":1,"stop":["\n\nEND"],"seed":7,
             "logprobs":true,"top_logprobs":5,"reasoning_effort":"low",
             "stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}}
            """#
        )
        #expect(body == expected)
        #expect(losses.isEmpty)
    }

    @Test func `a plain question is a small body`() throws {
        let (body, losses) = try Self.encode("Hello")
        let expected = try parsed(#"{"model":"m-large","messages":[{"role":"user","content":"Hello"}]}"#)
        #expect(body == expected)
        #expect(losses.isEmpty)
    }

    /// What a dialect makes of the same request: members it must have, and members it must not.
    struct DialectCase: Sendable, CustomTestStringConvertible {
        var dialect: OpenAIDialect
        var members: String
        var absent: [String] = []
        var losses: [String] = []
        var testDescription: String { dialect.name }
    }

    static let dialects = [
        DialectCase(
            dialect: .mistral,
            members: #"{"random_seed":7,"max_tokens":200,"tool_choice":"any","stream":true}"#,
            absent: ["seed", "stream_options", "max_completion_tokens"]
        ),
        DialectCase(dialect: .together, members: #"{"logprobs":5}"#, absent: ["top_logprobs"]),
        DialectCase(dialect: .groq, members: #"{"seed":7}"#, absent: ["logprobs"], losses: ["logprobs"]),
        DialectCase(
            dialect: .dashScope,
            members: #"{"enable_thinking":true,"stream_options":{"include_usage":true}}"#,
            absent: ["reasoning_effort"],
            losses: ["level of reasoning effort"]
        ),
        DialectCase(
            dialect: .tgi,
            members: #"{"response_format":{"type":"json","value":\#(schema)}}"#,
            losses: ["reasoning_effort"]
        ),
        DialectCase(dialect: .azureOpenAI, members: #"{"max_completion_tokens":200}"#),
        DialectCase(dialect: .vLLM, members: #"{"max_tokens":200,"logprobs":true,"top_logprobs":5}"#),
    ]

    @Test(arguments: dialects)
    func `dialects rename, leave out, and say so`(example: DialectCase) throws {
        var request = Self.full
        request.toolChoice = .required
        let (body, losses) = try Self.encode(request, example.dialect, isStream: true)
        for (key, value) in try parsed(example.members) { #expect((body[key] as? NSObject) == (value as? NSObject)) }
        for key in example.absent { #expect(body[key] == nil) }
        #expect(losses == example.losses)
    }

    @Test func `DeepSeek gets its reasoning back with tool calls, and only then`() throws {
        let thinking = ChatMessage.Part.thinking(Thinking("Hm.", origin: "openai.chat"))
        let call = ChatMessage.Part.toolCall(ToolCall(id: "c", name: "f", arguments: "{}"))
        let request = ChatRequest([
            .user("?"), ChatMessage(.assistant, parts: [thinking, call]), .toolResult("c", "ok"),
            ChatMessage(.assistant, parts: [thinking, .text("A")]), .user("?"),
        ])
        let (body, losses) = try Self.encode(request, .deepSeek)
        let messages = try #require(body["messages"] as? [NSDictionary])
        #expect(messages[1]["reasoning_content"] as? String == "Hm.")
        #expect(messages[3]["reasoning_content"] == nil)
        #expect(losses == ["thinking"])
    }

    @Test func `effort none switches thinking off where that is a word of its own`() throws {
        var request: ChatRequest = "?"
        request.reasoningEffort = ReasoningEffort.none
        #expect(try Self.encode(request, .deepSeek).body["thinking"] as? NSDictionary == ["type": "disabled"])
        #expect(try Self.encode(request, .dashScope).body["enable_thinking"] as? Bool == false)
        #expect(try Self.encode(request, .dashScope).losses.isEmpty)
        #expect(try Self.encode(request, .openAI).body["reasoning_effort"] as? String == "none")
    }

    @Test func `dropped parameters are losses where a request sets them`() throws {
        let dropping: Set<RequestParameter> = [.temperature, .topP, .stop, .parallelToolCalls]
        let (body, losses) = try Self.encode(Self.full, dropping: dropping)
        #expect(body["temperature"] == nil && body["top_p"] == nil && body["stop"] == nil)
        #expect(Set(losses) == ["temperature", "top_p", "stop", "parallel_tool_calls"])
        #expect(try Self.encode("?", dropping: dropping).losses.isEmpty)
    }

    @Test func `what belongs to another vendor stays away, and is a loss`() throws {
        let request = ChatRequest([
            .user("?"),
            ChatMessage(
                .assistant,
                parts: [
                    .thinking(Thinking("Hm.", signature: "s", origin: "anthropic.messages")),
                    .vendor(VendorPart(origin: "anthropic.messages", json: JSONText(validated: "{}"))), .text("A"),
                ]
            ),
            ChatMessage(.assistant, parts: [.thinking(Thinking("Hm.", signature: "s", origin: "anthropic.messages"))]),
            .user("And?"),
        ])
        let (body, losses) = try Self.encode(request)
        let expected = try parsed(
            #"""
            {"model":"m-large","messages":[{"role":"user","content":"?"},{"role":"assistant","content":"A"},
             {"role":"user","content":"And?"}]}
            """#
        )
        #expect(body == expected)
        #expect(losses == ["thinking of another vendor", "content of another vendor"])
    }

    @Test func `the error mark of a tool result is a loss`() throws {
        let call = ChatMessage(.assistant, parts: [.toolCall(ToolCall(id: "c", name: "f", arguments: "{}"))])
        let request = ChatRequest([.user("?"), call, .toolResult("c", "no such port", isError: true)])
        #expect(try Self.encode(request).losses == ["error mark of a tool result"])
    }

    @Test func `a body can be given more members`() throws {
        let extra = try JSONText(#" {"provider":{"order":["a"]},"n\u0061me":1} "#)
        let (body, _) = try Self.encode("?", .openRouter, extraBody: extra)
        #expect(body["provider"] as? NSDictionary == ["order": ["a"]])
        #expect(body["name"] as? Int == 1)
    }

    @Test(arguments: OpenAIDialect.presets)
    func `every preset writes a request, and is found by its name`(dialect: OpenAIDialect) throws {
        #expect(OpenAIDialect.preset(named: dialect.name) == dialect)
        let (body, _) = try Self.encode("Hello", dialect, isStream: true)
        #expect(body["stream"] as? Bool == true)
        let hasAddress = !dialect.baseURL.isEmpty
        #expect(hasAddress || ["azure-openai", "openai-compatible"].contains(dialect.name))
        if hasAddress { _ = try Endpoint(baseURL: dialect.baseURL, path: "/chat/completions") }
    }
}
