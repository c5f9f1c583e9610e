import Testing

@testable import LLMKit

/// How answers end, in the words of all who end them.
@Suite struct AnswerEndTests {
    static let formats = ["openai", "anthropic"]

    /// A streamed answer in pieces of text, with a reason in the last event or in all of them.
    private func stream(
        _ format: String,
        text: String? = "Hi.",
        reason: String?,
        after: String = "",
        isEnded: Bool = true
    ) throws -> (isComplete: Bool, response: ChatResponse) {
        let reason = reason.map { "\"\($0)\"" } ?? "null"
        var body = ""
        if format == "openai" {
            if let text {
                body += "data: {\"choices\":[{\"delta\":{\"content\":\"\(text)\"},\"finish_reason\":null}]}\n\n"
            }
            body += "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\(reason)}]}\n\n" + after
            if isEnded { body += "data: [DONE]\n\n" }
            return try read(body, OpenAIDecoder())
        }
        body += "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n"
        if let text {
            body +=
                "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
            body +=
                "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"\(text)\"}}\n\n"
        }
        body += "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\(reason)}}\n\n" + after
        if isEnded { body += "data: {\"type\":\"message_stop\"}\n\n" }
        return try read(body, AnthropicDecoder())
    }

    private func read(_ body: String, _ decoder: some AnswerDecoder) throws -> (Bool, ChatResponse) {
        var decoder = decoder
        var parser = ServerSentEventParser()
        var events: [StreamEvent] = []
        try parser.feed(Array(body.utf8)) { frame in try decoder.read(frame, into: &events) }
        try decoder.readRest(of: &parser, into: &events)
        return (decoder.isComplete, try decoder.response())
    }

    /// The same as one document.
    private func whole(_ format: String, text: String? = "Hi.", reason: String) throws -> ChatResponse {
        if format == "openai" {
            let content = text.map { "\"\($0)\"" } ?? "null"
            let body = "{\"choices\":[{\"message\":{\"content\":\(content)},\"finish_reason\":\"\(reason)\"}]}"
            return try Replay.whole(body, OpenAIDecoder())
        }
        let content = text.map { "{\"type\":\"text\",\"text\":\"\($0)\"}" } ?? ""
        return try Replay.whole(
            "{\"type\":\"message\",\"content\":[\(content)],\"stop_reason\":\"\(reason)\"}",
            AnthropicDecoder()
        )
    }

    @Test(
        arguments: formats,
        [
            ("stop", FinishReason.stop), ("end_turn", .stop), ("STOP", .stop), ("COMPLETE", .stop), ("eos", .stop),
            ("length", .length), ("MAX_TOKENS", .length), ("max_output_tokens", .length), ("model_length", .length),
            ("token_limit", .length), ("ERROR_LIMIT", .length), ("sensitive", .contentFilter),
            ("safety", .contentFilter),
            ("content-filter", .contentFilter), ("content_filter: RECITATION", .contentFilter),
            ("content_filter: something new", .contentFilter), ("IMAGE_PROHIBITED_CONTENT", .contentFilter),
            ("MODEL_ARMOR", .contentFilter), ("ERROR_TOXIC", .contentFilter), ("refusal", .refusal),
            ("pause_turn", .other("pause_turn")), ("something new", .other("something new")),
        ]
    )
    func `a reason means the same in both formats, whole and streamed`(
        format: String,
        example: (word: String, meaning: FinishReason)
    ) throws {
        #expect(try stream(format, reason: example.word).response.finish == example.meaning)
        #expect(try whole(format, reason: example.word).finish == example.meaning)
    }

    @Test(
        arguments: formats,
        [
            "error", "abort", "network_error", "insufficient_system_resource", "MALFORMED_FUNCTION_CALL", "canceled",
            "cancelled", "upstream_error", "gateway_error", "function_call_filter: UNEXPECTED_TOOL_CALL",
        ]
    )
    func `a failure that is told as a reason is one`(format: String, word: String) {
        #expect(throws: DecodingFailure.self) { try stream(format, reason: word) }
        #expect(throws: DecodingFailure.self) { try whole(format, reason: word) }
    }

    @Test(arguments: formats, ["null", "None", "unknown", "undefined", "FINISH_REASON_UNSPECIFIED"])
    func `a word for no reason ends nothing`(format: String, word: String) throws {
        #expect(try !stream(format, reason: word, isEnded: false).isComplete)
        #expect(try whole(format, reason: word).finish == .stop)
    }

    @Test(arguments: formats, ["tool_calls", "tool_use", "function_call"])
    func `an end to call a tool needs a call`(format: String, word: String) throws {
        // With text, there is something to read; without, somebody would wait for ever.
        #expect(try stream(format, reason: word).response.finish == .other("missing_tool_call"))
        #expect(try whole(format, reason: word).finish == .other("missing_tool_call"))
        for isStream in [true, false] {
            let error = #expect(throws: DecodingFailure.self) {
                isStream
                    ? try stream(format, text: nil, reason: word).response : try whole(format, text: nil, reason: word)
            }
            guard case .vendor(let error)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(error.message?.contains("holds no call") == true)
            #expect(ErrorNames.openAI.code(of: error, status: 200) == .server)
        }
    }

    @Test func `a call without a name is an error`() {
        let call = #"{"id":"a","function":{"name":"","arguments":"{\"port\":\"Elsin\"}"}}"#
        #expect(throws: DecodingFailure.self) {
            try Replay.whole(
                #"{"choices":[{"message":{"tool_calls":[\#(call)]},"finish_reason":"stop"}]}"#,
                OpenAIDecoder()
            )
        }
        let block = #"{"type":"tool_use","id":"a","name":"","input":{}}"#
        #expect(throws: DecodingFailure.self) {
            try Replay.whole(#"{"type":"message","content":[\#(block)],"stop_reason":"tool_use"}"#, AnthropicDecoder())
        }
    }

    @Test(
        arguments: formats,
        [
            "data: DONE", "data: [done]", "data: [EOS]", "event: end\ndata: end",
            "event: close\ndata: Connection closed",
            "data: [ERROR] the connection was reset", "event: done\ndata: done",
        ]
    )
    func `a word after the end costs nothing`(format: String, words: String) throws {
        for isEnded in [true, false] {
            let answer = try stream(format, reason: "stop", after: "\(words)\n\n", isEnded: isEnded)
            #expect(answer.isComplete && answer.response.text == "Hi." && answer.response.finish == .stop)
        }
    }

    @Test(arguments: formats, ["data: Connection closed", "data: end", "event: close\ndata: bye"])
    func `the same before a reason is an error`(format: String, words: String) {
        #expect(throws: DecodingFailure.self) { try stream(format, reason: nil, after: "\(words)\n\n", isEnded: false) }
    }

    @Test(
        arguments: formats,
        [
            "data: [ERROR] the tide is out", "data: [{\"error\":{\"code\":503,\"message\":\"the tide is out\"}}]",
            "{\"error\":\"the tide is out\"}", "{\"error\":{\"message\":\"the tide is out\"}}",
        ]
    )
    func `the server's words reach the error, whatever they are wrapped in`(format: String, words: String) {
        let error = #expect(throws: DecodingFailure.self) {
            try stream(format, reason: nil, after: "\(words)\n", isEnded: false)
        }
        guard case .vendor(let error)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error.message?.contains("the tide is out") == true)
    }

    @Test(arguments: ["\n", "\r\n"])
    func `events that one line end divides are read one by one`(lineEnd: String) throws {
        let openAI = [
            #"data: {"choices":[{"delta":{"content":"H"}}]}"#, #"data: {"choices":[{"delta":{"content":"i."}}]}"#,
            #"data: {"choices":[{"delta":{},"finish_reason":"stop"}]}"#, "data: [DONE]", "",
        ]
        let anthropic = [
            "event: message_start", #"data: {"type":"message_start","message":{"id":"m"}}"#,
            "event: content_block_start",
            #"data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi."}}"#,
            "event: message_delta", #"data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#,
            "event: message_stop", #"data: {"type":"message_stop"}"#, "",
        ]
        #expect(try read(openAI.joined(separator: lineEnd), OpenAIDecoder()).1.text == "Hi.")
        #expect(try read(anthropic.joined(separator: lineEnd), AnthropicDecoder()).1.text == "Hi.")
        // The last one is cut.
        let cut = openAI[0] + lineEnd + openAI[1].dropLast(4)
        #expect(try !read(cut, OpenAIDecoder()).0)
    }

    @Test func `one document over several lines is one`() throws {
        let body =
            "data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"Hi.\"},\ndata: \"finish_reason\":\"stop\"}]}\n\n"
        #expect(try read(body, OpenAIDecoder()).1.text == "Hi.")
    }

    @Test func `the reason is found under its other name, and as an object`() throws {
        for end in [
            #""finish_reason":null,"finishReason":"length""#, #""finish_reason":{"type":"length","length":128}"#,
        ] {
            let body = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi.\"},\(end)}]}\n\n"
            #expect(try read(body, OpenAIDecoder()).1.finish == .length)
        }
    }
}
