import LLMKit
import Testing

@testable import SimulatedVendors

/// The rules that make-believe vendors share with what LLMKit sends.
@Suite struct SimulatedRulesTests: VendorTrial {
    private func refusal(_ format: SimulatedVendor.WireFormat, _ more: JSONValue) throws -> String? {
        var body: [ExactString: JSONValue] = [
            "model": format == .openAI ? "gpt-4o-mini" : "claude-haiku-5-5", "max_tokens": 4_000,
            "messages": [["role": "user", "content": "Are dogs welcome?"]],
        ]
        body.merge(more.members ?? [:]) { _, new in new }
        let request = VendorRequest(
            method: "POST",
            path: format == .openAI ? "/v1/chat/completions" : "/v1/messages",
            headers: ["authorization": "Bearer simulated", "anthropic-version": "2023-06-01"],
            body: Array(JSONValue.object(body).canonicalText.utf8)
        )
        let reply = SimulatedVendor(format).reply(to: request)
        guard reply.status != 200 else { return nil }
        let answer = try JSONValue(parsing: String(decoding: reply.chunks.flatMap(\.bytes), as: UTF8.self))
        return answer["error"]?["message"]?.text
    }

    @Test func `Claude thinks without sampling, demanded calls and texts to go on from`() throws {
        func thinking(_ more: JSONValue, _ budget: JSONValue = 2_000) throws -> String? {
            var members: [ExactString: JSONValue] = ["thinking": ["type": "enabled", "budget_tokens": budget]]
            members.merge(more.members ?? [:]) { _, new in new }
            return try refusal(.anthropic, .object(members))
        }
        let tools: JSONValue = [["name": "tide", "input_schema": ["type": "object"]]]
        let prefill: JSONValue = [["role": "user", "content": "?"], ["role": "assistant", "content": "It is"]]
        #expect(try thinking([:]) == nil)
        #expect(try thinking(["temperature": 0])?.contains("temperature") == true)
        #expect(try thinking(["tools": tools, "tool_choice": ["type": "any"]])?.contains("tool_choice") == true)
        #expect(try thinking(["messages": prefill])?.contains("thinking block") == true)
        #expect(try thinking([:], 4_000)?.contains("budget_tokens") == true)
        #expect(try refusal(.anthropic, ["temperature": 0, "top_p": 0])?.contains("both") == true)
    }

    @Test func `what is beyond a model is refused in its vendor's words`() throws {
        #expect(
            try refusal(.openAI, ["max_tokens": 16_385])?.contains("max_tokens is too large: 16385") == true
        )
        #expect(try refusal(.openAI, ["max_tokens": 16_384]) == nil)
        #expect(try refusal(.anthropic, ["max_tokens": 128_001])?.hasPrefix("max_tokens: 128001 > 128000") == true)
        #expect(try refusal(.openAI, ["reasoning_effort": "low"])?.contains("'reasoning_effort'") == true)
        #expect(try refusal(.openAI, ["stream_options": ["include_usage": true]])?.contains("'stream_options'") == true)
        #expect(try refusal(.openAI, ["stream": true, "stream_options": ["include_usage": true]]) == nil)
        let long: JSONValue = [["role": "user", "content": JSONValue(String(repeating: "a ", count: 3_000_000))]]
        #expect(
            try refusal(.openAI, ["messages": long])
                == "This model's maximum context length is 128000 tokens. However, your messages resulted in 1500002 tokens. "
                + "Please reduce the length of the messages."
        )
        #expect(try refusal(.anthropic, ["messages": long]) == "prompt is too long: 1500002 tokens > 1000000 maximum")
    }

    @Test func `a thought comes signed, and goes back as it came`() throws {
        let tools: JSONValue = [["name": "tide", "description": "Tide times", "input_schema": ["type": "object"]]]
        let question: JSONValue = ["role": "user", "content": "When is the tide?"]
        let more: JSONValue = ["thinking": ["type": "enabled", "budget_tokens": 2_000], "tools": tools]
        func send(_ messages: [JSONValue], streamed: Bool = false) throws -> HTTPReply {
            var body: [ExactString: JSONValue] = [
                "model": "claude-haiku-5-5", "max_tokens": 4_000, "messages": .array(messages),
                "stream": .bool(streamed),
            ]
            body.merge(more.members ?? [:]) { _, new in new }
            return SimulatedVendor(.anthropic).reply(
                to: VendorRequest(
                    method: "POST",
                    path: "/v1/messages",
                    headers: ["x-api-key": "simulated", "anthropic-version": "2023-06-01"],
                    body: Array(JSONValue.object(body).canonicalText.utf8)
                )
            )
        }
        let answer = try json(try send([question]))
        let content = try #require(answer["content"]?.elements)
        #expect(content.map { $0["type"]?.text } == ["thinking", "tool_use"])
        let thought = try #require(content.first?["thinking"]?.text)
        let signature = try #require(content.first?["signature"]?.text)
        #expect(!thought.isEmpty && !signature.isEmpty)
        #expect(try #require(answer["usage"]?["output_tokens_details"]?["thinking_tokens"]?.int) > 0)
        let stream = try events(try send([question], streamed: true)).compactMap { $0["delta"] }
        #expect(stream.compactMap { $0["thinking"]?.text }.joined() == thought)
        #expect(stream.compactMap { $0["signature"]?.text }.joined() == signature)

        let result: JSONValue = [
            "role": "user",
            "content": [["type": "tool_result", "tool_use_id": try #require(content.last?["id"]), "content": "noon"]],
        ]
        func refusal(_ parts: [JSONValue]) throws -> String? {
            let reply = try send([question, ["role": "assistant", "content": .array(parts)], result])
            return reply.status == 200 ? nil : try json(reply)["error"]?["message"]?.text
        }
        #expect(try refusal(content) == nil)
        #expect(try refusal([try #require(content.last)])?.contains("Expected `thinking`") == true)
        let altered: JSONValue = ["type": "thinking", "thinking": "Something else.", "signature": JSONValue(signature)]
        #expect(try refusal([altered, try #require(content.last)])?.contains("Invalid `signature`") == true)
    }

    @Test func `a tool's schema is an object's, and says what is in it at OpenAI`() throws {
        for schema in [[:], ["type": "array"], ["type": "object"]] as [JSONValue] {
            let tool: JSONValue = ["type": "function", "function": ["name": "tide", "parameters": schema]]
            #expect(try refusal(.openAI, ["tools": [tool]])?.contains("'tide'") == true)
        }
        #expect(
            try refusal(.anthropic, ["tools": [["name": "tide", "input_schema": [:]]]])?.contains("object") == true
        )
    }

    @Test func `keywords that no grammar holds are refused where schemas bind`() throws {
        let schema: JSONValue = [
            "type": "object", "properties": ["n": ["type": "integer", "minimum": 1]], "required": ["n"],
            "additionalProperties": false,
        ]
        let openAI: JSONValue = ["name": "a", "strict": true, "schema": schema]
        let answer: JSONValue = ["response_format": ["type": "json_schema", "json_schema": openAI]]
        #expect(try refusal(.openAI, answer) == nil)
        let format: JSONValue = ["type": "json_schema", "schema": schema]
        #expect(try refusal(.anthropic, ["output_config": ["format": format]])?.contains("'minimum'") == true)
    }
}
