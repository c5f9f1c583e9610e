import Testing

@testable import SimulatedVendors

@Suite struct `Simulated vendors` {
    let handbook = """
        The harbour office is open from 8:00 to 20:00 in summer. Dogs are welcome on a lead. Cats must stay on board.
        """

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
        let marked: JSONValue = [["type": "text", "text": .string(long), "cache_control": ["type": "ephemeral"]]]
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
            let document = try #require(JSONValue(Array(event.dropFirst(6).utf8)))
            return document["choices"]?.array?.first?["delta"]?["content"]?.string ?? ""
        }
        let message = whole["choices"]?.array?.first?["message"]
        #expect(text.joined() == message?["content"]?.string)
        #expect(text.joined() == "Dogs are welcome on a lead.")
    }

    @Test func `log-probabilities average to the certainty`() throws {
        let reply = SimulatedVendor(.openAI).reply(
            to: request(.openAI, question: "Are dogs welcome?", more: ["logprobs": true, "top_logprobs": 3])
        )
        let tokens = try #require(try json(reply)["choices"]?.array?.first?["logprobs"]?["content"]?.array)
        let completion = try usage(reply)["completion_tokens"]?.int
        #expect(tokens.count == completion)
        #expect(tokens.allSatisfy { $0["top_logprobs"]?.array?.count == 3 })
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

    // MARK: Helpers

    private func request(
        _ format: SimulatedVendor.WireFormat,
        system: JSONValue? = nil,
        question: String,
        more: JSONValue = [:]
    ) -> VendorRequest {
        var members = more.members
        if more["model"] == nil {
            members.append(.init(key: "model", value: format == .openAI ? "gpt-4o-mini" : "claude-haiku-5-5"))
        }
        let system = system ?? .string(handbook)
        var messages: [JSONValue] = [["role": "user", "content": .string(question)]]
        if format == .openAI {
            messages.insert(["role": "system", "content": system], at: 0)
        } else {
            members += [.init(key: "max_tokens", value: 500), .init(key: "system", value: system)]
        }
        members.append(.init(key: "messages", value: .array(messages)))
        return VendorRequest(
            method: "POST",
            path: format == .openAI ? "/v1/chat/completions" : "/v1/messages",
            headers: ["authorization": "Bearer simulated", "anthropic-version": "2023-06-01"],
            body: Array(JSONValue.object(members).description.utf8)
        )
    }

    private func request(
        _ format: SimulatedVendor.WireFormat,
        system: String,
        question: String
    ) -> VendorRequest {
        request(format, system: .string(system), question: question)
    }

    private func json(_ reply: Reply) throws -> JSONValue { try #require(JSONValue(reply.chunks.flatMap(\.bytes))) }

    private func usage(_ reply: Reply) throws -> JSONValue { try #require(try json(reply)["usage"]) }

    private func certainty(of question: String) throws -> Double {
        var conversation = Conversation()
        conversation.system = handbook
        conversation.question = question
        let model = try #require(SimulatedModel.openAI.first)
        return model.answer(conversation, librarian: Librarian(), hash: StableHash(seed: 1)).certainty
    }
}
