import Testing

@testable import LLMKit

/// Answers as vendors, gateways and local servers really send them, where they differ from the documentation.
@Suite struct RealAnswersTests {
    private func openAI(_ events: String...) throws -> Replay.Outcome {
        try Replay.stream([Array(events.map { "data: \($0)\n\n" }.joined().utf8)], OpenAIDecoder())
    }

    private func text(of events: [StreamEvent]) -> String {
        events.reduce(into: "") { text, event in if case .text(let more) = event { text += more } }
    }

    // MARK: Empty is no value

    @Test func `empty words of a first chunk replace nothing`() throws {
        let outcome = try openAI(
            #"{"id":"","object":"","model":"","choices":[],"prompt_filter_results":[]}"#,
            #"{"id":"c1","model":"gpt-4o-2024-08-06","service_tier":"flex","choices":[{"delta":{"role":"assistant","content":"Hi"},"finish_reason":""}]}"#,
            #"{"id":"c1","model":"","service_tier":"","choices":[{"delta":{"role":"","content":"."},"finish_reason":"stop"}]}"#,
            #"{"id":"c1","choices":[{"delta":{},"finish_reason":""}]}"#,
            "[DONE]"
        )
        #expect(outcome.response.servedModel == "gpt-4o-2024-08-06")
        #expect(outcome.response.id == "c1")
        #expect(outcome.response.serviceTier == .flex)
        #expect(outcome.response.finish == .stop)
    }

    @Test(arguments: [#""""#, "null", #"" ""#])
    func `a whole answer without a reason came to its end`(reason: String) throws {
        let body =
            #"{"model":"m","choices":[{"message":{"content":"Hi."},"finish_reason":\#(reason)}],"service_tier":""}"#
        let response = try Replay.whole(body, OpenAIDecoder())
        #expect(response.finish == .stop)
        #expect(response.serviceTier == .standard)
    }

    @Test func `empty words of a Messages stream replace nothing`() throws {
        let outcome = try Replay.stream(
            #"{"type":"message_start","message":{"id":"m1","model":"claude","usage":{"input_tokens":9}}}"#,
            #"{"type":"message_start","message":{"id":"m1","model":"","usage":{}}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}"#,
            #"{"type":"message_delta","delta":{"stop_reason":""}}"#,
            #"{"type":"message_stop"}"#,
            decoder: AnthropicDecoder()
        )
        #expect(outcome.response.id == "m1" && outcome.response.servedModel == "claude")
        #expect(outcome.response.finish == .stop)
        #expect(outcome.response.usage == Usage(input: 9, output: 3))
    }

    // MARK: Messages beside deltas

    @Test(arguments: [
        // A message at the end, beside each delta, and before its delta.
        [
            #"{"delta":{"content":"Hel"}}"#, #"{"delta":{"content":"lo"}}"#,
            #"{"message":{"content":"Hello"},"finish_reason":"stop"}"#,
        ],
        [
            #"{"delta":{"content":"Hel"},"message":{"content":"Hel"}}"#,
            #"{"message":{"content":"Hello"},"delta":{"content":"lo"},"finish_reason":"stop"}"#,
        ],
        // Messages alone: all that was said so far, or only what is new.
        [#"{"message":{"content":"Hel"}}"#, #"{"message":{"content":"Hello"},"finish_reason":"stop"}"#],
        [#"{"message":{"content":"Hel"}}"#, #"{"message":{"content":"lo"},"finish_reason":"stop"}"#],
        // What was left out of the deltas.
        [#"{"delta":{"content":"Hel"}}"#, #"{"delta":{},"message":{"content":"Hello"},"finish_reason":"stop"}"#],
    ])
    func `a message beside the deltas is no new text`(choices: [String]) throws {
        let events = choices.map { #"{"choices":[\#($0)]}"# } + ["[DONE]"]
        let outcome = try Replay.stream([Array(events.map { "data: \($0)\n\n" }.joined().utf8)], OpenAIDecoder())
        #expect(outcome.response.text == "Hello")
        #expect(text(of: outcome.events) == "Hello")
    }

    @Test func `what a message alone brings is not lost`() throws {
        let outcome = try openAI(
            #"{"choices":[{"delta":{"content":"Hi"}}]}"#,
            #"{"choices":[{"message":{"content":"Hi","reasoning_content":"Hm.","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}]}"#,
            "[DONE]"
        )
        #expect(outcome.response.text == "Hi")
        #expect(outcome.response.toolCalls == [ToolCall(id: "a", name: "f", arguments: "{}")])
        #expect(outcome.response.message.parts.first == .thinking(Thinking("Hm.", origin: "openai.chat")))
    }

    @Test func `content in the beginning of a Messages stream counts if no blocks come`() throws {
        let start =
            #"{"type":"message_start","message":{"id":"m","content":[{"type":"text","text":"Hi."}],"usage":{}}}"#
        let block = [
            #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi."}}"#,
        ]
        let stop = #"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#
        for blocks in [[], block] {
            let events = [start] + blocks + [stop, #"{"type":"message_stop"}"#]
            let outcome = try Replay.stream([Array(events.map { "data: \($0)\n\n" }.joined().utf8)], AnthropicDecoder())
            #expect(outcome.response.text == "Hi.")
            #expect(text(of: outcome.events) == "Hi.")
        }
    }

    // MARK: Events say what they are

    @Test func `text inside of a call's block is text`() throws {
        let outcome = try Replay.stream(
            #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"tide","input":{}}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"port\":"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"I will "}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm."}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\"Elsin\"}"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"look."}}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"#,
            #"{"type":"message_stop"}"#,
            decoder: AnthropicDecoder()
        )
        #expect(outcome.response.toolCalls == [ToolCall(id: "t", name: "tide", arguments: #"{"port":"Elsin"}"#)])
        #expect(outcome.response.text == "I will look.")
        #expect(outcome.response.message.parts.contains(.thinking(Thinking("Hm.", origin: "anthropic.messages"))))
    }

    @Test func `blocks without numbers are the latest`() throws {
        let outcome = try Replay.stream(
            #"{"type":"content_block_start","index":null,"content_block":{"type":"text","text":""}}"#,
            #"{"type":"content_block_delta","index":null,"delta":{"type":"text_delta","text":"Hi"}}"#,
            #"{"type":"content_block_stop"}"#,
            #"{"type":"content_block_start","index":"1","content_block":{"type":"text","text":""}}"#,
            #"{"type":"content_block_delta","index":"1","delta":{"type":"text_delta","text":"."}}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#,
            #"{"type":"message_stop"}"#,
            decoder: AnthropicDecoder()
        )
        #expect(outcome.response.text == "Hi.")
    }

    @Test func `another message inside of one that is open is a cut`() throws {
        let start = #"{"type":"message_start","message":{"id":"m1","usage":{"input_tokens":9}}}"#
        let block = #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}}"#
        let other = #"{"type":"message_start","message":{"id":"m2","usage":{"input_tokens":9}}}"#
        #expect {
            _ = try Replay.stream(start, block, other, decoder: AnthropicDecoder())
        } throws: { error in
            if case .cut? = error as? DecodingFailure { true } else { false }
        }
        let stop = #"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#
        #expect(try Replay.stream(start, start, block, stop, other, decoder: AnthropicDecoder()).response.text == "Hi")
    }

    @Test(arguments: [
        "", " ", "null", "5", #""ping""#, "ping", #"{"type":"ping"}"#, "{}", #"{"type":"brand_new","x":1}"#,
    ])
    func `events that say nothing harm nothing`(data: String) throws {
        var bytes = Array("event: something\ndata:\(data)\n\n".utf8)
        let openAI = #"data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}"# + "\n\n"
        let done = bytes + Array(openAI.utf8) + bytes + Array("data: [DONE]\n\n".utf8)
        #expect(try readStream(done, OpenAIDecoder()).text == "Hi")
        bytes += Array("data: [DONE]\n\n".utf8)
        let messages =
            #"data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi"}}"# + "\n\n"
            + #"data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}"# + "\n\n"
        #expect(try readStream(bytes + Array(messages.utf8) + bytes, AnthropicDecoder()).text == "Hi")
    }

    /// As the transport reads a body.
    private func readStream(_ bytes: [UInt8], _ decoder: some AnswerDecoder) throws -> ChatResponse {
        var decoder = decoder
        try decoder.readBody(bytes, as: ServerSentEventParser.self)
        return try decoder.response()
    }

    // MARK: The end

    @Test(arguments: ["stop", "length", "tool_calls"])
    func `a reason and the end of the body are an end`(reason: String) throws {
        for tail in ["\n\n", "\n", ""] {
            let body = #"data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"\#(reason)"}]}"# + tail
            #expect(try readStream(Array(body.utf8), OpenAIDecoder()).text == "Hi")
        }
        let cut = #"data: {"choices":[{"delta":{"content":"Hi"}}]}"# + "\n\n"
        #expect(throws: DecodingFailure.self) { try readStream(Array(cut.utf8), OpenAIDecoder()) }
    }

    @Test func `a usage that is cut at the end of a body is none`() throws {
        let body =
            #"data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}"#
            + "\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":10"
        var decoder = OpenAIDecoder()
        try decoder.readBody(Array(body.utf8), as: ServerSentEventParser.self)
        #expect(!decoder.reportedUsage.hasInput)
    }

    @Test func `an end marker without a reason is an end, of unknown kind`() throws {
        #expect(try openAI(#"{"choices":[{"delta":{"content":"Hi"}}]}"#, "[DONE]").response.finish == .other("unknown"))
    }

    @Test(arguments: [
        ("max_tokens", FinishReason.length), ("MAX_TOKENS", .length), ("SAFETY", .contentFilter), ("STOP", .stop),
        ("end_turn", .stop), ("refusal", .refusal), ("something_new", .stop),
    ])
    func `a gateway's success is what its upstream says it is`(native: String, finish: FinishReason) throws {
        let body =
            #"{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop","native_finish_reason":"\#(native)"}]}"#
        #expect(try Replay.whole(body, OpenAIDecoder()).finish == finish)
    }

    @Test(arguments: [
        #"{"choices":[{"message":{"content":""},"finish_reason":"stop","native_finish_reason":"MALFORMED_FUNCTION_CALL"}]}"#,
        #"{"choices":[{"message":{"content":""},"finish_reason":"stop","error":{"code":502,"message":"down"}}]}"#,
        #"{"choices":null,"base_resp":{"status_code":1004,"status_msg":"login fail"}}"#,
        #"{"code":500,"msg":"not found","success":false}"#,
    ])
    func `failures that look like success are failures`(body: String) throws {
        #expect {
            _ = try Replay.whole(body, OpenAIDecoder())
        } throws: { error in
            if case .vendor(let error)? = error as? DecodingFailure { error.message != nil } else { false }
        }
    }

    // MARK: What must go back

    @Test func `signatures of thoughts go back with calls and messages, byte for byte`() throws {
        let extra = #"{"google":{"thought_signature":"a\/b+c=="}}"#
        let details =
            #"[{"type":"reasoning.text","text":"Hm. Yes.","signature":"s\/1","format":"x","index":0},{"type":"reasoning.encrypted","data":"ZW5j","id":"r1","index":1}]"#
        let whole = try Replay.whole(
            #"{"choices":[{"message":{"content":"Hi","reasoning_details":\#(details),"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"},"extra_content":\#(extra)}]},"finish_reason":"tool_calls"}]}"#,
            OpenAIDecoder()
        )
        let streamed = try openAI(
            #"{"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.text","text":"Hm.","signature":null,"format":"x","index":0}]}}]}"#,
            #"{"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.text","text":" Yes.","index":0}]}}]}"#,
            #"{"choices":[{"delta":{"reasoning_details":[{"type":"reasoning.text","signature":"s\/1","index":0}]}}]}"#,
            #"{"choices":[{"delta":{"content":"Hi","reasoning_details":[{"type":"reasoning.encrypted","data":"ZW5j","id":"r1","index":1}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"},"extra_content":\#(extra)}]},"finish_reason":"tool_calls"}]}"#,
            "[DONE]"
        )
        #expect(streamed.response.message == whole.message)
        #expect(whole.message.parts.first == .thinking(Thinking("Hm. Yes.", origin: "openai.chat")))
        var request = ChatRequest("Hi")
        request.messages += [whole.message, .toolResult("a", "high tide")]
        let format = OpenAIFormat(model: "m", dialect: .compatible, dropping: [], extraBody: nil)
        let sent = String(decoding: try format.encode(request, isStream: false).body, as: UTF8.self)
        #expect(sent.contains(#""reasoning_details":\#(details)"#))
        #expect(sent.contains(#""extra_content":\#(extra)"#))
        // A vendor that does not know them would refuse them.
        let plain = OpenAIFormat(model: "m", dialect: .openAI, dropping: [], extraBody: nil)
        let encoded = try plain.encode(request, isStream: false)
        #expect(!String(decoding: encoded.body, as: UTF8.self).contains("signature"))
        #expect(encoded.losses.contains("content of another vendor"))
    }

    @Test func `a compaction that is streamed is the one that comes whole`() throws {
        let whole = try Replay.whole(
            #"{"type":"message","content":[{"type":"compaction","content":"So far: \"a\"."}],"stop_reason":"end_turn"}"#,
            AnthropicDecoder()
        )
        let streamed = try Replay.stream(
            #"{"type":"content_block_start","index":0,"content_block":{"type":"compaction","content":null}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","content":"So far: "}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","content":"\"a\"."}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#,
            #"{"type":"message_stop"}"#,
            decoder: AnthropicDecoder()
        )
        #expect(streamed.response.message == whole.message)
    }

    @Test func `sources that are cited are named as lost`() throws {
        var decoder = AnthropicDecoder()
        let body =
            #"{"content":[{"type":"text","text":"Hi","citations":[{"type":"page_location"}]}],"stop_reason":"end_turn"}"#
        try decoder.readBody(Array(body.utf8), as: ServerSentEventParser.self)
        #expect(decoder.losses == ["citations"])
        var other = OpenAIDecoder()
        let annotated = #"{"choices":[{"message":{"content":"Hi","annotations":[{"type":"url_citation"}]}}]}"#
        try other.readBody(Array(annotated.utf8), as: ServerSentEventParser.self)
        #expect(other.losses == ["citations"])
    }

    // MARK: The body decides

    @Test func `the body decides what it is, whatever its label says`() throws {
        let whole = #"{"choices":[{"message":{"content":"Hi."},"finish_reason":"stop"}]}"#
        let stream = #"data: {"choices":[{"delta":{"content":"Hi."},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
        for body in [whole, "\u{FEFF}" + whole, " \n" + whole, stream, "\u{FEFF}" + stream, ": hello\n\n" + stream] {
            #expect(try readStream(Array(body.utf8), OpenAIDecoder()).text == "Hi.")
        }
    }
}
