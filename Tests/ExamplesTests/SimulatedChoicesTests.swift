import LLMKit
import Testing

@testable import SimulatedVendors

@Suite struct `Several answers of a simulated vendor`: VendorTrial {
    @Test func `as many answers come as were asked for, and the prompt is paid for once`() throws {
        let one = try json(SimulatedVendor(.openAI).reply(to: request(.openAI, question: "Are dogs welcome?")))
        let three = try json(
            SimulatedVendor(.openAI).reply(to: request(.openAI, question: "Are dogs welcome?", more: ["n": 3]))
        )
        let choices = try #require(three["choices"]?.elements)
        #expect(choices.map { $0["index"]?.int } == [0, 1, 2])
        #expect(choices.allSatisfy { $0["message"]?["content"]?.text == "Dogs are welcome on a lead." })
        #expect(three["usage"]?["prompt_tokens"] == one["usage"]?["prompt_tokens"])
        let output = try #require(one["usage"]?["completion_tokens"]?.int)
        #expect(three["usage"]?["completion_tokens"]?.int == 3 * output)
    }

    @Test func `streamed answers mix, each ends once, and the stream after the last`() throws {
        let more: JSONValue = ["n": 2, "stream": true, "stream_options": ["include_usage": true]]
        let reply = SimulatedVendor(.openAI).reply(to: request(.openAI, question: "Are dogs welcome?", more: more))
        let text = reply.chunks.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(text.filter { $0 == "data: [DONE]\n\n" }.count == 1)
        #expect(text.last == "data: [DONE]\n\n")
        let events = try events(reply)
        #expect(events.last?["usage"]?["completion_tokens"]?.int ?? 0 > 0)
        let choices = events.compactMap { $0["choices"]?.elements?.first }
        #expect(choices.prefix(4).map { $0["index"]?.int } == [0, 1, 0, 1])
        for index in 0...1 {
            let own = choices.filter { $0["index"]?.int == index }
            #expect(own.compactMap { $0["delta"]?["content"]?.text }.joined() == "Dogs are welcome on a lead.")
            #expect(own.compactMap { $0["finish_reason"]?.text } == ["stop"])
        }
    }

    @Test func `the calls of each answer have ids of their own`() throws {
        let parameters: JSONValue = ["type": "object", "properties": [:]]
        let tool: JSONValue = ["type": "function", "function": ["name": "tide", "parameters": parameters]]
        let more: JSONValue = ["n": 2, "tools": [tool], "tool_choice": "required"]
        let reply = try json(SimulatedVendor(.openAI).reply(to: request(.openAI, question: "?", more: more)))
        let ids = try #require(reply["choices"]?.elements).compactMap { choice in
            choice["message"]?["tool_calls"]?.elements?.first?["id"]?.text
        }
        #expect(Set(ids).count == 2)
    }

    @Test(arguments: [0, -1, 129] as [JSONValue])
    func `a number of answers out of range is refused by name`(count: JSONValue) throws {
        let reply = SimulatedVendor(.openAI).reply(to: request(.openAI, question: "?", more: ["n": count]))
        #expect(reply.status == 400)
        #expect(try json(reply)["error"]?["param"]?.text == "n")
    }
}
