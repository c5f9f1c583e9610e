import Testing

@testable import LLMKit

@Suite struct AnthropicDecoderTests {
    private func whole(_ content: String, stop: String = "end_turn") throws -> ChatResponse {
        try Replay.whole(
            #"{"type":"message","id":"m","model":"c","content":\#(content),"stop_reason":"\#(stop)"}"#,
            AnthropicDecoder()
        )
    }

    @Test(arguments: [
        ("end_turn", FinishReason.stop), ("stop_sequence", .stop), ("max_tokens", .length),
        ("model_context_window_exceeded", .length), ("tool_use", .other("missing_tool_call")), ("refusal", .refusal),
        ("pause_turn", .other("pause_turn")),
    ])
    func `stop reasons have common names`(raw: String, finish: FinishReason) throws {
        #expect(try whole(#"[{"type":"text","text":"A"}]"#, stop: raw).finish == finish)
    }

    @Test func `redacted thinking is kept as it is`() throws {
        let response = try whole(#"[{"type":"redacted_thinking","data":"Zm9n"}]"#)
        #expect(
            response.message.parts == [.thinking(Thinking("", redacted: "Zm9n", origin: "anthropic.messages"))]
        )
    }

    @Test func `a block that only the vendor knows is kept byte for byte`() throws {
        let block = #"{"type":"web_search_tool_result", "tool_use_id":"s1","content":[{"a":1.50}]}"#
        let response = try whole("[\(block)]")
        #expect(
            response.message.parts == [.vendor(VendorPart(origin: "anthropic.messages", json: try JSONText(block)))]
        )
    }

    @Test func `the pieces of an unknown block's input come together`() throws {
        let outcome = try Replay.stream(
            #"{"type":"message_start","message":{"id":"m","usage":{"input_tokens":1}}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s","input":{}}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"q\":"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\"x\"}"}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}"#,
            #"{"type":"message_stop"}"#,
            decoder: AnthropicDecoder()
        )
        let json = try JSONText(#"{"type":"server_tool_use","id":"s","input":{"q":"x"}}"#)
        #expect(outcome.response.message.parts == [.vendor(VendorPart(origin: "anthropic.messages", json: json))])
        #expect(outcome.events.isEmpty)
    }

    @Test func `a tool without arguments is called with an empty object`() throws {
        let outcome = try Replay.stream(
            #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"now","input":{}}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"#,
            #"{"type":"message_stop"}"#,
            decoder: AnthropicDecoder()
        )
        #expect(outcome.response.toolCalls == [ToolCall(id: "t", name: "now", arguments: "{}")])
        #expect(
            outcome.events == [
                .toolCall(ToolCallDelta(index: 0, id: "t", name: "now")),
                .toolCall(ToolCallDelta(index: 0, arguments: "{}")),
            ]
        )
    }

    @Test func `the type of an event may come last`() throws {
        let outcome = try Replay.stream(
            #"{"content_block":{"text":"","type":"text"},"index":0,"type":"content_block_start"}"#,
            #"{"delta":{"text":"A","type":"text_delta"},"index":0,"type":"content_block_delta"}"#,
            #"{"usage":{"output_tokens":1},"delta":{"stop_reason":"end_turn"},"type":"message_delta"}"#,
            #"{"type":"message_stop"}"#,
            decoder: AnthropicDecoder()
        )
        #expect(outcome.response.text == "A")
    }

    @Test func `events and fields that nobody knows are passed over`() throws {
        let outcome = try Replay.stream(
            #"{"type":"brand_new","index":"seven","delta":5}"#.replacing(#""index":"seven","#, with: ""),
            #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"x":1}}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"A"}}"#,
            #"{"type":"message_stop"}"#,
            decoder: AnthropicDecoder()
        )
        #expect(outcome.response.text == "A")
        #expect(outcome.response.finish == .other("unknown"))
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"type":"message"}"#, #"{"content":{}}"#, #"{"content":[5]}"#,
        #"{"content":[{"type":"text","text":"A""#,
    ])
    func `JSON of another shape is a failure`(body: String) throws {
        #expect(throws: DecodingFailure.self) { try Replay.whole(body, AnthropicDecoder()) }
    }

    @Test func `a piece of a block that never began is a failure`() throws {
        #expect(throws: DecodingFailure.self) {
            try Replay.stream(
                #"{"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":"A"}}"#,
                decoder: AnthropicDecoder()
            )
        }
    }
}
