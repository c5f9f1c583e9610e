import Testing

@testable import LLMKit

/// What a hunt over the decoders found: answers that trapped, hung, doubled, or lost what they said.
@Suite struct HostileAnswersTests {
    private func whole(_ body: String, _ decoder: some AnswerDecoder) throws -> (ChatResponse, Usage) {
        var decoder = decoder
        try decoder.readBody(Array(body.utf8), as: ServerSentEventParser.self)
        return (try decoder.response(), decoder.reportedUsage.usage)
    }

    @Test func `rounds that add up to more than any number trap nothing`() throws {
        let round =
            #"{"type":"message","input_tokens":9007199254740992,"cache_creation":{"ephemeral_1h_input_tokens":9007199254740992}}"#
        let rounds = [String](repeating: round, count: 1_100).joined(separator: ",")
        let body = #"{"content":[],"stop_reason":"end_turn","usage":{"output_tokens":1,"iterations":[\#(rounds)]}}"#
        #expect(try whole(body, AnthropicDecoder()).1.input == 1 << 53)
    }

    @Test func `a round of another model has no price of this one's`() throws {
        let body =
            #"{"content":[],"stop_reason":"end_turn","usage":{"input_tokens":5,"iterations":[{"type":"advisor_message","input_tokens":9}]}}"#
        #expect(try whole(body, AnthropicDecoder()).0.serviceTier.description == "standard+advisor_message")
    }

    @Test func `a call under its older name beside the list is the same call`() throws {
        let call =
            #""function_call":{"name":"f","arguments":"{\"a\":1}"},"tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":"{\"a\":1}"}}]"#
        let expected = [ToolCall(id: "x", name: "f", arguments: #"{"a":1}"#)]
        #expect(try whole(#"{"choices":[{"message":{\#(call)}}]}"#, OpenAIDecoder()).0.toolCalls == expected)
        let outcome = try Replay.stream(
            #"{"choices":[{"delta":{"function_call":{"name":"f","arguments":"{\"a\""},"tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":"{\"a\""}}]}}]}"#,
            #"{"choices":[{"delta":{"function_call":{"arguments":":1}"},"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}"#,
            "[DONE]",
            decoder: OpenAIDecoder()
        )
        #expect(outcome.response.toolCalls == expected)
    }

    @Test(arguments: [
        (#"{"total_tokens":10000}"#, Usage(reportedTotal: 10_000)),
        (
            #"{"prompt_tokens":64,"completion_tokens":6,"total_tokens":70,"num_cached_tokens":32}"#,
            Usage(input: 32, cacheRead: 32, output: 6, reportedTotal: 70)
        ),
        (
            #"{"prompt_tokens":9,"completion_tokens":248,"total_tokens":632,"prompt_tokens_details":{"audio_tokens":375}}"#,
            Usage(input: 384, output: 248, reportedTotal: 632)
        ),
        (
            #"{"prompt_tokens":43,"completion_tokens":10,"total_tokens":53,"completion_tokens_details":{"reasoning_tokens":11}}"#,
            Usage(input: 43, output: 10, reasoning: 10, reportedTotal: 53)
        ),
    ])
    func `usage is what its total says it is`(json: String, usage: Usage) throws {
        #expect(try whole(#"{"choices":[{"message":{"content":"A"}}],"usage":\#(json)}"#, OpenAIDecoder()).1 == usage)
    }

    @Test(.timeLimit(.minutes(5))) func `errors and signatures of any size are read in time in proportion to it`()
        throws
    {
        let codes = [String](repeating: #"{"code":"a","type":"b","message":""}"#, count: 20_000).joined(separator: ",")
        let error = #"{"error":{"code":"x","errors":[\#(codes)]}}"#
        let site = VendorErrorTests.site()
        #expect(site.error(HTTPResponseHead(status: 400, headers: []), body: Array(error.utf8)).code == .invalidRequest)
        var decoder = AnthropicDecoder()
        var events: [StreamEvent] = []
        func feed(_ text: String) throws {
            try Array(text.utf8).withUnsafeBufferPointer { try decoder.readEvent($0, into: &events) }
        }
        try feed(#"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}"#)
        let piece = String(repeating: "s", count: 100)
        for _ in 0..<40_000 {
            try feed(
                #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"\#(piece)"}}"#
            )
        }
        try feed(#"{"type":"message_stop"}"#)
        guard case .thinking(let thinking)? = try decoder.response().message.parts.first else {
            Issue.record("no thinking")
            return
        }
        #expect(thinking.signature?.utf8.count == 4_000_000)
    }

    @Test(arguments: [#""input":"""#, #""input":{ }"#, #""input":[]"#, #""input":null"#, #""input":{}"#])
    func `arguments that begin empty are those that follow`(input: String) throws {
        for first in ["", "{}", "{ }"] {
            let outcome = try Replay.stream(
                #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f",\#(input)}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\#(first)"}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#,
                #"{"type":"message_stop"}"#,
                decoder: AnthropicDecoder()
            )
            #expect(outcome.response.toolCalls == [ToolCall(id: "t", name: "f", arguments: #"{"a":1}"#)])
        }
    }

    @Test func `arguments as an object, as text in text, and whole are the same`() throws {
        let object =
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":{"a":1}}}"#
        let start =
            #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}"#
        let expected = [ToolCall(id: "t", name: "f", arguments: #"{"a":1}"#)]
        let streamed = try Replay.stream(start, object, #"{"type":"message_stop"}"#, decoder: AnthropicDecoder())
        #expect(streamed.response.toolCalls == expected)
        let quoted =
            #"{"content":[{"type":"tool_use","id":"t","name":"f","input":"{\"a\":1}"}],"stop_reason":"tool_use"}"#
        #expect(try whole(quoted, AnthropicDecoder()).0.toolCalls == expected)
        let twice =
            #"{"choices":[{"message":{"tool_calls":[{"id":"t","function":{"name":"f","arguments":"\"{\\\"a\\\":1}\""}}]}}]}"#
        #expect(try whole(twice, OpenAIDecoder()).0.toolCalls == expected)
    }

    @Test func `ids of calls are unlike each other, whoever made them up`() throws {
        for ids in [[#""id":"call_2","#, ""], [#""id":"a_3","#, #""id":"a","#, #""id":"a","#]] {
            let calls = ids.enumerated().map { #"{\#($1)"function":{"name":"f\#($0)","arguments":"{\"n\":\#($0)}"}}"# }
            let body = #"{"choices":[{"message":{"tool_calls":[\#(calls.joined(separator: ","))]}}]}"#
            let made = try whole(body, OpenAIDecoder()).0.toolCalls
            #expect(Set(made.map(\.id)).count == ids.count)
        }
        let blocks = (0..<3).map { _ in #"{"type":"tool_use","id":"x","name":"f","input":{}}"# }.joined(separator: ",")
        let made = try whole(#"{"content":[\#(blocks)],"stop_reason":"tool_use"}"#, AnthropicDecoder()).0.toolCalls
        #expect(Set(made.map(\.id)).count == 3)
    }

    @Test(arguments: [
        #"{"message":"","type":"","param":"","code":null}"#, #"{"message":null,"code":null}"#, "0", #""""#, "[]",
    ])
    func `an error that says nothing is none`(error: String) throws {
        let body = #"{"error":\#(error),"choices":[{"message":{"content":"Hi."},"finish_reason":"stop"}]}"#
        #expect(try whole(body, OpenAIDecoder()).0.text == "Hi.")
    }

    @Test func `one choice is the answer whatever its number, unless several were asked for`() throws {
        let body = #"{"choices":[{"index":1,"message":{"content":"Hi."},"finish_reason":"stop"}]}"#
        #expect(try whole(body, OpenAIDecoder(mayHaveAlternatives: false)).0.text == "Hi.")
        let outcome = try Replay.stream(
            #"{"choices":[{"index":0,"delta":{"content":"Wh"}}]}"#,
            #"{"choices":[{"index":1,"delta":{"content":"isper"},"finish_reason":"stop"}]}"#,
            "[DONE]",
            decoder: OpenAIDecoder(mayHaveAlternatives: false)
        )
        #expect(outcome.response.text == "Whisper")
    }

    @Test func `an end marker behind a document is no part of it`() throws {
        let body = #"{"choices":[{"message":{"content":"Hi."},"finish_reason":"stop"}]}"#
        for tail in ["data: [DONE]", "\n\ndata: [DONE]\n\n", "data:[DONE]\n\ndata: [DONE]\n"] {
            #expect(try whole(body + tail, OpenAIDecoder()).0.text == "Hi.")
        }
    }

    @Test func `a whole answer as one event is told as events`() throws {
        let outcome = try Replay.stream(
            #"{"type":"message","id":"m","content":[{"type":"text","text":"Hi."}],"stop_reason":"end_turn"}"#,
            decoder: AnthropicDecoder()
        )
        #expect(outcome.events == [.text("Hi.")])
        #expect(outcome.response.text == "Hi.")
    }

    @Test func `a refusal is told in the vendor's words where it has none of its own`() throws {
        let body = #"{"content":[],"stop_reason":"refusal","stop_details":{"explanation":"It is against the policy."}}"#
        #expect(try whole(body, AnthropicDecoder()).0.text == "It is against the policy.")
        let part =
            #"{"choices":[{"message":{"content":[{"type":"refusal","refusal":"I can't."}]},"finish_reason":"stop"}]}"#
        let response = try whole(part, OpenAIDecoder()).0
        #expect(response.text == "I can't." && response.finish == .refusal)
    }

    @Test(arguments: [
        (
            400, #"{"error":{"message":"Your credit balance is too low","type":"invalid_request_error"}}"#,
            LLMError.Code.quotaExhausted
        ),
        (403, #"{"error":{"message":"Insufficient Balance"}}"#, .quotaExhausted),
        (429, #"{"error":{"message":"m","code":"project_spend_limit_exceeded"}}"#, .quotaExhausted),
        (401, #"{"error":{"message":"Unauthorized","type":"api_error"}}"#, .authentication),
        (404, #"{"error":{"message":"none","type":"api_error"}}"#, .notFound),
        (
            400, #"{"message":"The total length of all messages is too long.","type":"too_many_prompt_tokens"}"#,
            .contextLength
        ),
        (
            400,
            #"{"error":{"message":"You passed 4097 input tokens and requested 16 output tokens. However, the model's context length is only 4096 tokens"}}"#,
            .contextLength
        ),
        (
            400,
            #"{"error":{"message":"max_tokens is too large: 9000. This model supports at most 4096 completion tokens"}}"#,
            .invalidRequest
        ),
        (200, #"{"choices":[{"finish_reason":"error","error":{"code":429,"message":"slow"}}]}"#, .rateLimited),
    ])
    func `errors are of the class that their words and their status say`(status: Int, body: String, code: LLMError.Code)
    {
        #expect(VendorErrorTests.error(status, body).code == code)
    }

    @Test func `an error without its object, beside an id, is told in its own words`() throws {
        let body =
            #"{"id":"c","choices":null,"error_type":"BadRequestError","error_message":"the tide is out","error_code":400}"#
        #expect {
            _ = try Replay.stream(body, decoder: OpenAIDecoder())
        } throws: { error in
            if case .vendor(let error)? = error as? DecodingFailure {
                error.message == "the tide is out"
            } else {
                false
            }
        }
    }

    @Test func `an id that is a number is an id`() throws {
        let body = #"{"choices":[{"message":{"tool_calls":[{"id":17,"function":{"name":"f","arguments":"{}"}}]}}]}"#
        #expect(try whole(body, OpenAIDecoder()).0.toolCalls == [ToolCall(id: "17", name: "f", arguments: "{}")])
    }

    @Test func `arguments that are no JSON make no answer that nobody can read`() throws {
        for arguments in [#"{"port":"El"#, "[1]", "tide", #""x"}"#] {
            let call = ToolCall(id: "t", name: "f", arguments: arguments)
            let response = ChatResponse(ChatMessage(.assistant, parts: [.toolCall(call)]), finish: .toolCalls)
            let body = String(decoding: AnthropicAnswerEncoder.encode(response), as: UTF8.self)
            #expect(try JSONText(body).description == body)
        }
    }
}
