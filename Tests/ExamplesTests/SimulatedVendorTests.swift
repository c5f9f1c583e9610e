import LLMKit
import Testing

@testable import SimulatedVendors

@Suite struct `Simulated vendors`: VendorTrial {
    @Test func `the cheap model is unsure where two sentences fit`() throws {
        let easy = try certainty(of: "Are dogs welcome?")
        let hard = try certainty(of: "If I have no dog but two cats on board, and not on a lead, may they stay?")
        #expect(easy > 0.8)
        #expect(hard < 0.8)
    }

    @Test(arguments: SimulatedVendor.WireFormat.allCases)
    func `the same seed gives the same bytes`(format: SimulatedVendor.WireFormat) {
        let vendors = (0..<2).map { _ in SimulatedVendor(format, seed: 7, faults: .occasional) }
        for number in 0..<200 {
            let request = request(format, question: "What about berth \(number)?")
            let replies = vendors.map { $0.reply(to: request) }
            #expect(replies[0].status == replies[1].status)
            #expect(replies[0].chunks.map(\.bytes) == replies[1].chunks.map(\.bytes))
        }
    }

    @Test(arguments: SimulatedVendor.WireFormat.allCases)
    func `faults strike the first attempt only`(format: SimulatedVendor.WireFormat) {
        let vendor = SimulatedVendor(format, faults: Faults(rateLimited: 10, serverError: 10))
        var failures = 0
        for number in 0..<200 {
            let request = request(format, question: "What about berth \(number)?")
            if vendor.reply(to: request).status != 200 { failures += 1 }
            #expect(vendor.reply(to: request).status == 200)
        }
        #expect(20...60 ~= failures)
    }

    @Test func `a long prompt is read from the cache the second time`() throws {
        let long = String(repeating: handbook, count: 40)
        let vendor = SimulatedVendor(.openAI)
        let first = try usage(vendor.reply(to: request(.openAI, system: long, question: "Dogs?")))
        let second = try usage(vendor.reply(to: request(.openAI, system: long, question: "Cats?")))
        #expect(first["prompt_tokens_details"]?["cached_tokens"]?.int == 0)
        let cached = try #require(second["prompt_tokens_details"]?["cached_tokens"]?.int)
        #expect(cached >= 1024 && cached % 128 == 0)
        let total = try #require(second["prompt_tokens"]?.int)
        #expect(cached < total)
        let bytes = "system\n".utf8.count + long.utf8.count + 1 + "user\nCats?\n".utf8.count
        #expect(total == (bytes + 3) / 4)
    }

    @Test func `Anthropic caches only what is marked, and charges for writing it`() throws {
        let long = String(repeating: handbook, count: 40)
        let vendor = SimulatedVendor(.anthropic)
        let unmarked = try usage(vendor.reply(to: request(.anthropic, system: long, question: "Dogs?")))
        #expect(unmarked["cache_creation_input_tokens"]?.int == 0)
        let marked: JSONValue = [["type": "text", "text": JSONValue(long), "cache_control": ["type": "ephemeral"]]]
        let write = try usage(vendor.reply(to: request(.anthropic, system: marked, question: "Dogs?")))
        let read = try usage(vendor.reply(to: request(.anthropic, system: marked, question: "Cats?")))
        let written = try #require(write["cache_creation_input_tokens"]?.int)
        #expect(written > 512)
        #expect(read["cache_read_input_tokens"]?.int == written)
        #expect(read["cache_creation_input_tokens"]?.int == 0)
    }

    @Test func `a stream says the same as the whole answer`() throws {
        let vendor = SimulatedVendor(.openAI)
        let whole = try json(vendor.reply(to: request(.openAI, question: "Are dogs welcome?")))
        let stream = vendor.reply(to: request(.openAI, question: "Are dogs welcome?", more: ["stream": true]))
        let events = stream.chunks.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(events.last == "data: [DONE]\n\n")
        let text = try events.dropLast().map { event in
            let document = try JSONValue(parsing: String(event.dropFirst(6)))
            return document["choices"]?.elements?.first?["delta"]?["content"]?.text ?? ""
        }
        let message = whole["choices"]?.elements?.first?["message"]
        #expect(text.joined() == message?["content"]?.text)
        #expect(text.joined() == "Dogs are welcome on a lead.")
    }

    @Test func `log-probabilities average to the certainty`() throws {
        let reply = SimulatedVendor(.openAI).reply(
            to: request(.openAI, question: "Are dogs welcome?", more: ["logprobs": true, "top_logprobs": 3])
        )
        let tokens = try #require(try json(reply)["choices"]?.elements?.first?["logprobs"]?["content"]?.elements)
        let completion = try usage(reply)["completion_tokens"]?.int
        #expect(tokens.count == completion)
        #expect(tokens.allSatisfy { $0["top_logprobs"]?.elements?.count == 3 })
    }

    @Test(arguments: SimulatedVendor.WireFormat.allCases)
    func `a tool that fits the question is called with arguments of its schema`(
        format: SimulatedVendor.WireFormat
    ) throws {
        let schema: JSONValue = [
            "type": "object", "properties": ["harbour": ["type": "string"], "days": ["type": "integer"]],
        ]
        let tool: JSONValue =
            format == .openAI
            ? ["type": "function", "function": ["name": "tide", "description": "Tide times", "parameters": schema]]
            : ["name": "tide", "description": "Tide times", "input_schema": schema]
        let reply = SimulatedVendor(format).reply(
            to: request(format, question: "When is the tide for 3 days at Sandvar?", more: ["tools": [tool]])
        )
        let text = String(decoding: reply.chunks.flatMap(\.bytes), as: UTF8.self)
        #expect(
            text.contains(
                format == .openAI ? #"{\"days\":3,\"harbour\":\"Sandvar\"}"# : #"{"days":3,"harbour":"Sandvar"}"#
            )
        )
    }

    @Test(arguments: SimulatedVendor.WireFormat.allCases)
    func `mistakes get the vendor's own status`(format: SimulatedVendor.WireFormat) {
        let vendor = SimulatedVendor(format)
        let good = request(format, question: "Dogs?")
        var wrongKey = good
        wrongKey.headers["authorization"] = "Bearer nonsense"
        wrongKey.headers["x-api-key"] = "nonsense"
        var malformed = good
        malformed.body.removeLast()
        let unknown = request(format, question: "Dogs?", more: ["model": "gpt-none"])
        #expect(vendor.reply(to: good).status == 200)
        #expect(vendor.reply(to: wrongKey).status == 401)
        #expect(vendor.reply(to: malformed).status == 400)
        #expect(vendor.reply(to: unknown).status == 404)
    }

    // MARK: Strictness

    private static let call: JSONValue = [
        "role": "assistant", "content": "",
        "tool_calls": [["id": "call_1", "type": "function", "function": ["name": "tide", "arguments": "{}"]]],
    ]

    private func tool(
        _ parameters: JSONValue,
        named name: JSONValue = "tide",
        isStrict: JSONValue = false
    ) -> JSONValue {
        ["tools": [["type": "function", "function": ["name": name, "parameters": parameters, "strict": isStrict]]]]
    }

    private func refusal(_ format: SimulatedVendor.WireFormat, _ more: JSONValue) throws -> String {
        let reply = SimulatedVendor(format).reply(to: request(format, question: "Dogs?", more: more))
        #expect(reply.status == 400)
        return try json(reply)["error"]?["message"]?.text ?? ""
    }

    @Test func `OpenAI's strict schemas close every object and require every property`() throws {
        let open: JSONValue = ["type": "object", "properties": ["n": ["type": "integer"]], "required": ["n"]]
        let partial: JSONValue = [
            "type": "object", "properties": ["n": ["type": "integer"]], "required": [], "additionalProperties": false,
        ]
        let closed: JSONValue = [
            "type": "object", "properties": ["n": ["type": "integer"]], "required": ["n"],
            "additionalProperties": false,
        ]
        let nested: JSONValue = [
            "type": "object", "properties": ["list": ["type": "array", "items": open]], "required": ["list"],
            "additionalProperties": false,
        ]
        #expect(try refusal(.openAI, tool(open, isStrict: true)).contains("additionalProperties"))
        #expect(try refusal(.openAI, tool(nested, isStrict: true)).contains("additionalProperties"))
        #expect(try refusal(.openAI, tool(partial, isStrict: true)).contains("Missing 'n'"))
        func format(_ schema: JSONValue) -> JSONValue {
            let wanted: JSONValue = ["name": "a", "strict": true, "schema": schema]
            return ["response_format": ["type": "json_schema", "json_schema": wanted]]
        }
        #expect(try refusal(.openAI, format(open)).contains("additionalProperties"))
        for more in [tool(closed, isStrict: true), tool(open), format(closed)] {
            #expect(SimulatedVendor(.openAI).reply(to: request(.openAI, question: "?", more: more)).status == 200)
        }
    }

    @Test func `names that a vendor refuses are refused`() throws {
        let schema: JSONValue = ["type": "object"]
        for name in ["tide times", "", "tïde", JSONValue(String(repeating: "a", count: 65))] as [JSONValue] {
            #expect(try refusal(.openAI, tool(schema, named: name)).contains("name"))
        }
        let claude: JSONValue = ["tools": [["name": "tide times", "input_schema": schema]]]
        #expect(try refusal(.anthropic, claude).contains("tools.0.custom.name"))
        let twice: JSONValue = [
            "tools": [["name": "tide", "input_schema": schema], ["name": "tide", "input_schema": schema]]
        ]
        #expect(try refusal(.anthropic, twice).contains("unique"))
        #expect(try refusal(.openAI, ["tool_choice": "auto"]).contains("'tools'"))
    }

    @Test func `ids of calls and results must match`() throws {
        let user: JSONValue = ["role": "user", "content": "?"]
        func result(_ id: JSONValue) -> JSONValue { ["role": "tool", "tool_call_id": id, "content": "high"] }
        func messages(_ list: JSONValue...) -> JSONValue { ["messages": .array(list)] }
        #expect(try refusal(.openAI, messages(user, result("call_1"))).contains("preceeding message"))
        #expect(try refusal(.openAI, messages(user, Self.call, result("call_2"))).contains("preceeding message"))
        #expect(try refusal(.openAI, messages(user, Self.call, user)).contains("call_1"))
        #expect(try refusal(.openAI, messages(user, Self.call)).contains("call_1"))
        let good = request(.openAI, question: "?", more: messages(user, Self.call, result("call_1")))
        #expect(SimulatedVendor(.openAI).reply(to: good).status == 200)

        let use: JSONValue = [
            "role": "assistant", "content": [["type": "tool_use", "id": "toolu_1", "name": "tide", "input": [:]]],
        ]
        func answer(_ id: JSONValue) -> JSONValue {
            ["role": "user", "content": [["type": "tool_result", "tool_use_id": id, "content": "high"]]]
        }
        #expect(try refusal(.anthropic, messages(user, answer("toolu_1"))).contains("unexpected `tool_use_id`"))
        #expect(try refusal(.anthropic, messages(user, use, answer("toolu_2"))).contains("toolu_2"))
        #expect(try refusal(.anthropic, messages(user, use, user)).contains("toolu_1"))
        let fine = request(.anthropic, question: "?", more: messages(user, use, answer("toolu_1")))
        #expect(SimulatedVendor(.anthropic).reply(to: fine).status == 200)
    }

    @Test func `Anthropic refuses blanks and a missing limit`() throws {
        func content(_ content: JSONValue) -> JSONValue { ["messages": [["role": "user", "content": content]]] }
        #expect(try refusal(.anthropic, content("")).contains("non-empty"))
        #expect(try refusal(.anthropic, content("  \n")).contains("non-whitespace"))
        #expect(try refusal(.anthropic, content([["type": "text", "text": ""]])).contains("non-empty"))
        #expect(try refusal(.anthropic, content([])).contains("non-empty content"))
        let prefill: JSONValue = [
            "messages": [["role": "user", "content": "?"], ["role": "assistant", "content": "It is "]]
        ]
        #expect(try refusal(.anthropic, prefill).contains("trailing whitespace"))
        #expect(try refusal(.anthropic, ["stop_sequences": [" "]]).contains("non-whitespace"))
        #expect(try refusal(.anthropic, ["max_tokens": .null]).contains("max_tokens"))
        // What OpenAI takes without a word.
        #expect(SimulatedVendor(.openAI).reply(to: request(.openAI, question: "", more: content(""))).status == 200)
    }

    @Test func `a text that ends an answer is told`() throws {
        let more: JSONValue = ["stop_sequences": ["welcome"]]
        let whole = try json(
            SimulatedVendor(.anthropic).reply(to: request(.anthropic, question: "Are dogs welcome?", more: more))
        )
        #expect(whole["stop_reason"]?.text == "stop_sequence")
        #expect(whole["stop_sequence"]?.text == "welcome")
    }

    private func certainty(of question: String) throws -> Double {
        var conversation = Conversation()
        conversation.system = handbook
        conversation.question = question
        let model = try #require(SimulatedModel.openAI.first)
        return model.answer(conversation, librarian: Librarian(), hash: StableHash(seed: 1)).certainty
    }
}
