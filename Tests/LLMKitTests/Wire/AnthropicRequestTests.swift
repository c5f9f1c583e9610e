import Foundation
import Testing

@testable import LLMKit

@Suite struct AnthropicRequestTests {
    private func encode(
        _ request: ChatRequest,
        version: String = "2023-06-01",
        thinking: AnthropicThinking? = nil,
        dropping: Set<RequestParameter> = [],
        isStream: Bool = false
    ) throws -> (body: NSDictionary, losses: [String]) {
        let format = AnthropicFormat(
            model: "claude-x",
            version: version,
            thinking: thinking,
            maxOutputTokens: 4_096,
            dropping: dropping,
            extraBody: nil
        )
        let encoded = try format.encode(request, isStream: isStream)
        return (try parsed(encoded.body), encoded.losses)
    }

    @Test func `everything in a request reaches the body, or is a loss`() throws {
        let (body, losses) = try encode(OpenAIRequestTests.full, isStream: true)
        let expected = try parsed(
            #"""
            {"model":"claude-x","max_tokens":200,"system":"Answer in one line.","messages":[
              {"role":"user","content":[
                {"type":"text","text":"What is on the \"pier\"?\n\u0001🦭"},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"+/8AEA=="}},
                {"type":"image","source":{"type":"url","url":"https://a.example/b.png"}}]},
              {"role":"assistant","content":[
                {"type":"tool_use","id":"call_1","name":"tide","input":{"port":"Lerwick"}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":"high 12:04"}]}],
             "tools":[{"name":"tide","description":"Tells the tide.","strict":true,
               "input_schema":{"type":"object","properties":{"port":{"type":"string"}},"required":["port"],
                 "additionalProperties":false}}],
             "tool_choice":{"type":"tool","name":"tide","disable_parallel_tool_use":false},
             "temperature":0.2,"stop_sequences":["\n\nEND"],
             "output_config":{"effort":"low","format":{"type":"json_schema",
               "schema":{"type":"object","properties":{"port":{"type":"string"}},"required":["port"],
                 "additionalProperties":false}}},"stream":true}
            """#
        )
        #expect(body == expected)
        #expect(losses == ["top_p", "detail of an image", "seed", "logprobs"])
    }

    @Test func `the limit on output is always there`() throws {
        #expect(try encode("?").body["max_tokens"] as? Int == 4_096)
        #expect(try encode("?", thinking: .budget(2_000)).body["max_tokens"] as? Int == 6_096)
    }

    @Test func `turns alternate, with tool results first`() throws {
        let request = ChatRequest([
            .user("one"), .user("two"),
            ChatMessage(.assistant, parts: [.toolCall(ToolCall(id: "a", name: "f", arguments: ""))]),
            ChatMessage(.assistant, parts: [.toolCall(ToolCall(id: "b", name: "f", arguments: ""))]),
            ChatMessage(.user, parts: [.text("by the way"), .toolResult(ToolResult(callID: "a", text: "1"))]),
            .toolResult("b", "2", isError: true),
        ])
        let expected = try parsed(
            #"""
            {"model":"claude-x","max_tokens":4096,"messages":[
              {"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]},
              {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}},
                {"type":"tool_use","id":"b","name":"f","input":{}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"a","content":"1"},
                {"type":"tool_result","tool_use_id":"b","content":"2","is_error":true},
                {"type":"text","text":"by the way"}]}]}
            """#
        )
        #expect(try encode(request).body == expected)
    }

    @Test func `thinking goes back byte for byte, to the vendor that signed it`() throws {
        let signature = "EqQB+/= \u{1F9AD}\"\\\n"
        let request = ChatRequest([
            .user("?"),
            ChatMessage(
                .assistant,
                parts: [
                    .thinking(Thinking("Need the tide.", signature: signature, origin: "anthropic.messages")),
                    .thinking(Thinking("", redacted: "Zm9n", origin: "anthropic.messages")),
                    .thinking(Thinking("Unsigned.", origin: "anthropic.messages")),
                    .thinking(Thinking("Foreign.", origin: "openai.chat")),
                    .vendor(VendorPart(origin: "anthropic.messages", json: JSONText(validated: #"{"type":"x"}"#))),
                    .toolCall(ToolCall(id: "a", name: "f", arguments: #"{"x":1.50}"#)),
                ]
            ),
            .toolResult("a", "ok"),
        ])
        let (body, losses) = try encode(request)
        let messages = try #require(body["messages"] as? [NSDictionary])
        let content = try #require(messages[1]["content"] as? [NSDictionary])
        let types = content.compactMap { $0["type"] as? String }
        #expect(types == ["thinking", "redacted_thinking", "x", "tool_use"])
        #expect(content[0]["signature"] as? String == signature)
        #expect(content[1]["data"] as? String == "Zm9n")
        #expect(losses == ["thinking without signature", "thinking of another vendor"])
    }

    @Test func `a whole turn with thinking goes back as it came`() throws {
        let response = try Replay.stream([try Fixture.bytes("anthropic_tools_thinking.sse")], AnthropicDecoder())
            .response
        let (body, losses) = try encode(ChatRequest([.user("?"), response.message, .toolResult("toolu_1", "high")]))
        let messages = try #require(body["messages"] as? [NSDictionary])
        let sent = try parsed(try Fixture.bytes("anthropic_tools_thinking.json"))["content"] as? [NSDictionary]
        #expect(messages[1]["content"] as? [NSDictionary] == sent)
        #expect(losses.isEmpty)
    }

    @Test func `system messages go to the top, and a late one is a loss`() throws {
        let (body, losses) = try encode(ChatRequest([.system("a"), .user("?"), .system("b")]))
        let blocks: [NSDictionary] = [["type": "text", "text": "a"], ["type": "text", "text": "b"]]
        #expect(body["system"] as? [NSDictionary] == blocks)
        #expect(losses == ["position of a system message"])
    }

    @Test func `blocks that only the vendor knows stay in the system prompt, those of others are a loss`() throws {
        let block = #"{"type":"text","text":"long","cache_control":{"type":"ephemeral"}}"#
        let system = ChatMessage(
            .system,
            parts: [
                .vendor(VendorPart(origin: "anthropic.messages", json: try JSONText(block))),
                .vendor(VendorPart(origin: "openai.chat", json: try JSONText(#"{"type":"x"}"#))),
                .text(""),
            ]
        )
        let (body, losses) = try encode(ChatRequest([system, .user("?")]))
        #expect(body["system"] as? [NSDictionary] == [try parsed(block)])
        #expect(losses == ["content of another vendor"])
    }

    @Test(arguments: [(ChatImage.Detail?.none, false), (.automatic, false), (.low, true), (.high, true)])
    func `a wish about how closely to look is a loss`(detail: ChatImage.Detail?, isLoss: Bool) throws {
        let image = ChatImage(.url("https://a.example/b.png"), detail: detail)
        let (_, losses) = try encode(ChatRequest([ChatMessage(.user, parts: [.image(image)])]))
        #expect(losses == (isLoss ? ["detail of an image"] : []))
    }

    @Test func `arguments that are no object go back empty, and are a loss`() throws {
        let call = ToolCall(id: "a", name: "f", arguments: #"{"x":"#)
        let turn = ChatMessage(.assistant, parts: [.toolCall(call)])
        let (body, losses) = try encode(ChatRequest([.user("?"), turn, .toolResult("a", "ok")]))
        let messages = try #require(body["messages"] as? [NSDictionary])
        #expect((messages[1]["content"] as? [NSDictionary])?.first?["input"] as? NSDictionary == [:])
        #expect(losses == ["malformed tool arguments"])
    }

    @Test func `newer versions of the API take no sampling parameters`() throws {
        let (body, losses) = try encode(OpenAIRequestTests.full, version: "2026-10-21")
        #expect(body["temperature"] == nil && body["top_p"] == nil)
        #expect(losses == ["top_p", "detail of an image", "temperature", "seed", "logprobs"])
    }

    @Test func `thinking and effort are set apart`() throws {
        var request: ChatRequest = "?"
        #expect(try encode(request, thinking: .adaptive).body["thinking"] as? NSDictionary == ["type": "adaptive"])
        request.reasoningEffort = .high
        #expect(try encode(request).body["output_config"] as? NSDictionary == ["effort": "high"])
        #expect(try encode(request).body["thinking"] == nil)
        request.reasoningEffort = ReasoningEffort.none
        #expect(try encode(request, thinking: .adaptive).body["thinking"] as? NSDictionary == ["type": "disabled"])
        request.reasoningEffort = .minimal
        let (body, losses) = try encode(request)
        #expect(body["output_config"] as? NSDictionary == ["effort": "low"])
        #expect(losses == ["level of reasoning effort"])
    }

    @Test func `a tool choice carries the wish about parallel calls`() throws {
        var request = OpenAIRequestTests.full
        request.allowsParallelToolCalls = false
        request.toolChoice = nil
        let automatic: NSDictionary = ["type": "auto", "disable_parallel_tool_use": true]
        #expect(try encode(request).body["tool_choice"] as? NSDictionary == automatic)
        request.toolChoice = ToolChoice.none
        #expect(try encode(request).body["tool_choice"] as? NSDictionary == ["type": "none"])
    }
}
