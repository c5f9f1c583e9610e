import LLMKit
import Testing

@testable import SimulatedVendors

/// The rules that make-believe vendors share with what LLMKit sends.
@Suite struct SimulatedRulesTests {
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
