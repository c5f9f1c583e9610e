import Testing

@testable import LLMKit

@Suite struct OpenAIDecoderTests {
    private func whole(_ message: String, finish: String = #""stop""#, extra: String = "") throws -> ChatResponse {
        try Replay.whole(
            #"{"id":"x","model":"m","choices":[{"index":0,"message":\#(message),"finish_reason":\#(finish)}]\#(extra)}"#,
            OpenAIDecoder()
        )
    }

    @Test(arguments: [
        ("stop", FinishReason.stop), ("eos", .stop), ("eos_token", .stop), ("stop_sequence", .stop),
        ("length", .length), ("model_length", .length), ("tool_calls", .other("missing_tool_call")),
        ("content_filter", .contentFilter), ("something_new", .other("something_new")),
    ])
    func `every vendor's finish reasons mean the same`(raw: String, finish: FinishReason) throws {
        #expect(try whole(#"{"content":"A"}"#, finish: "\"\(raw)\"").finish == finish)
    }

    @Test func `a refusal is text, and says that it is one`() throws {
        let message = #"{"content":null,"refusal":"I can't help with that."}"#
        let response = try whole(message)
        #expect(response.text == "I can't help with that.")
        #expect(response.finish == .refusal)
        let streamed = try Replay.stream(
            #"{"choices":[{"delta":{"refusal":"I can't "}}]}"#,
            #"{"choices":[{"delta":{"refusal":"help with that."},"finish_reason":"stop"}]}"#,
            "[DONE]",
            decoder: OpenAIDecoder()
        )
        #expect(streamed.response.message == response.message)
        #expect(streamed.response.finish == .refusal)
    }

    @Test func `reasoning that is told twice counts once`() throws {
        let response = try whole(#"{"reasoning":"Hm.","reasoning_content":"Hm.","content":"A"}"#)
        #expect(response.message.parts == [.thinking(Thinking("Hm.", origin: "openai.chat")), .text("A")])
    }

    @Test func `content may be a list of chunks with thinking among them`() throws {
        let content = #"[{"type":"thinking","thinking":[{"type":"text","text":"Hm."}]},{"type":"text","text":"A"}]"#
        let response = try whole(#"{"content":\#(content)}"#)
        #expect(response.message.parts == [.thinking(Thinking("Hm.", origin: "openai.chat")), .text("A")])
    }

    @Test func `tool calls survive servers without indices, ids, or text arguments`() throws {
        let response = try whole(
            #"{"tool_calls":[{"function":{"name":"a","arguments":{"x": 1}}},{"id":"","function":{"name":"b"}}]}"#
        )
        #expect(
            response.toolCalls == [
                ToolCall(id: "call_1", name: "a", arguments: #"{"x": 1}"#),
                ToolCall(id: "call_2", name: "b", arguments: "{}"),
            ]
        )
        #expect(response.finish == .toolCalls)
    }

    @Test func `parallel calls that share an index are told apart by their ids`() throws {
        let outcome = try Replay.stream(
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":"{"}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"}"}}]},"finish_reason":"stop"}]}"#,
            "[DONE]",
            decoder: OpenAIDecoder()
        )
        #expect(
            outcome.response.toolCalls == [
                ToolCall(id: "a", name: "f", arguments: "{}"), ToolCall(id: "b", name: "g", arguments: "{}"),
            ]
        )
    }

    @Test func `log-probabilities are read in both of their forms`() throws {
        let content = #"[{"token":"A","logprob":-0.5,"bytes":[65],"top_logprobs":[{"token":"B","logprob":-1}]}]"#
        let response = try Replay.whole(
            #"{"choices":[{"message":{"content":"A"},"logprobs":{"content":\#(content)},"finish_reason":"stop"}]}"#,
            OpenAIDecoder()
        )
        #expect(response.logProbabilities == [TokenLogProbability("A", -0.5, top: [.init("B", -1)])])
        let older = try Replay.whole(
            #"{"choices":[{"message":{"content":"A"},"logprobs":{"tokens":["A"],"token_logprobs":[-0.5]}}]}"#,
            OpenAIDecoder()
        )
        #expect(older.logProbabilities == [TokenLogProbability("A", -0.5)])
    }

    @Test func `log-probabilities of a stream add up`() throws {
        let outcome = try Replay.stream(
            #"{"choices":[{"delta":{"content":"A"},"logprobs":{"content":[{"token":"A","logprob":-0.5}]}}]}"#,
            #"{"choices":[{"delta":{"content":"B"},"logprobs":{"content":[{"token":"B","logprob":-1}]}}]}"#,
            #"{"choices":[{"delta":{},"logprobs":null,"finish_reason":"stop"}]}"#,
            "[DONE]",
            decoder: OpenAIDecoder()
        )
        #expect(outcome.response.logProbabilities == [TokenLogProbability("A", -0.5), TokenLogProbability("B", -1)])
    }

    // A copy of all earlier ones per token would take minutes here.
    @Test(.timeLimit(.minutes(5)))
    func `log-probabilities of a long stream take time in proportion to its length`() throws {
        var decoder = OpenAIDecoder()
        var events: [StreamEvent] = []
        let chunk = Array(
            #"{"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a token of some length","logprob":-0.1}]}}]}"#
                .utf8
        )
        for _ in 0..<60_000 {
            try chunk.withUnsafeBufferPointer { try decoder.readEvent($0, into: &events) }
            events.removeAll(keepingCapacity: true)
        }
        #expect(try decoder.response().logProbabilities?.count == 60_000)
    }

    @Test(arguments: [
        (
            #"{"index":0,"message":{"content":"It is 5."},"finish_reason":"stop"}"#,
            #"{"index":1,"message":{"content":"It is 7."},"finish_reason":"length"}"#
        ),
        (
            #"{"message":{"content":"It is 7."},"finish_reason":"length","index":1}"#,
            #"{"message":{"content":"It is 5."},"finish_reason":"stop","index":0}"#
        ),
        (
            #"{"message":{"content":"It is 5."},"finish_reason":"stop"}"#,
            #"{"message":{"content":"It is 7."},"finish_reason":"length"}"#
        ),
    ])
    func `of several choices only the first counts`(first: String, second: String) throws {
        let response = try Replay.whole(#"{"choices":[\#(first),\#(second)]}"#, OpenAIDecoder())
        #expect(response.text == "It is 5.")
        #expect(response.finish == .stop)
    }

    @Test func `of several choices in a stream only the first counts`() throws {
        let outcome = try Replay.stream(
            #"{"choices":[{"index":1,"delta":{"content":"It is 7."}}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"It is "}},{"index":1,"delta":{},"finish_reason":"length"}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"5."},"finish_reason":"stop"}]}"#,
            "[DONE]",
            decoder: OpenAIDecoder()
        )
        #expect(outcome.events == [.text("It is "), .text("5.")])
        #expect(outcome.response.text == "It is 5.")
        #expect(outcome.response.finish == .stop)
    }

    @Test func `what nobody knows is passed over`() throws {
        let outcome = try Replay.stream(
            #"{"choices":[],"prompt_filter_results":[{"x":{}}]}"#,
            #"{"object":"chat.completion.chunk","new":[1,{"a":null}],"choices":[{"delta":{"role":"assistant","audio":{}}}]}"#,
            #"{"choices":[{"delta":{"content":"A"},"content_filter_results":{"hate":{}},"finish_reason":"stop"}]}"#,
            "[DONE]",
            decoder: OpenAIDecoder()
        )
        #expect(outcome.events == [.text("A")])
        #expect(outcome.response.text == "A")
    }

    @Test(arguments: [
        #"{"error":{"message":"down","code":502}}"#, #"{"object":"error","message":"down","raw_status_code":502}"#,
        #"{"id":"x","choices":[{"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502,"message":"down"}}"#,
        #"{"x_groq":{"error":"down"},"choices":[]}"#,
    ])
    func `an error inside a 200 is an error`(body: String) throws {
        for isWhole in [true, false] {
            do {
                if isWhole {
                    _ = try Replay.whole(body, OpenAIDecoder())
                } else {
                    _ = try Replay.stream(body, decoder: OpenAIDecoder())
                }
                Issue.record("no error")
            } catch DecodingFailure.vendor(let error) {
                #expect(error.message == "down")
                #expect(ErrorNames.openAI.code(of: error, status: nil) == .server)
            }
        }
    }

    @Test(arguments: [
        "", "null", "[]", "{}", #"{"choices":{}}"#, #"{"choices":[]}"#, #"{"choices":[{"message":{"content":5}}]}"#,
        #"{"choices":[{"message":"#, #"{"choices":[5]}"#,
    ])
    func `JSON of another shape is a failure that says what was expected`(body: String) throws {
        do {
            _ = try Replay.whole(body, OpenAIDecoder())
            Issue.record("no error")
        } catch DecodingFailure.shape(let failure) {
            #expect(failure.message.contains("expected") || failure.message.contains("unexpected"))
        }
    }

    @Test func `text that is not UTF-8 is repaired, and does not cost the answer`() throws {
        let body = Array(#"{"choices":[{"message":{"content":""#.utf8) + [0xC3, 0x28] + Array(#""}}]}"#.utf8)
        #expect(try Replay.whole(body, OpenAIDecoder()).text == "\u{FFFD}(")
    }

    @Test func `a finish on an error is an error, not an answer`() throws {
        #expect(throws: DecodingFailure.self) { try whole(#"{"content":"A"}"#, finish: #""error""#) }
    }

    @Test func `service tiers come in one vocabulary`() throws {
        #expect(try whole(#"{"content":"A"}"#, extra: #","service_tier":"default""#).serviceTier == .standard)
        #expect(try whole(#"{"content":"A"}"#, extra: #","service_tier":"flex""#).serviceTier == .flex)
    }
}
