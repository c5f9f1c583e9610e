import Testing

@testable import LLMKit

@Suite struct WireRequestTests {
    private static let openAI = WireRoundTripTests.openAI
    private static let messages = #""model":"m","messages":[{"role":"user","content":"?"}]"#

    private func refusal(_ body: String) -> WireError? {
        #expect(throws: WireError.self) { try Self.openAI.decodeRequest(Array(body.utf8)) }
    }

    private func anthropicRefusal(_ body: String, version: String = "2023-06-01") -> WireError? {
        #expect(throws: WireError.self) { try AnthropicService(version: version).decodeRequest(Array(body.utf8)) }
    }

    @Test(arguments: [
        (#"{"messages":[{"role":"user","content":"?"}]}"#, "model"), (#"{"model":"m"}"#, "messages"),
        (#"{"model":"m","messages":[]}"#, "messages"), (#"{"model":5,"messages":[]}"#, "model"),
        ("{\(messages),\"temperature\":\"hot\"}", "temperature"), ("{\(messages),\"temperature\":3}", "temperature"),
        ("{\(messages),\"n\":0}", "n"), ("{\(messages),\"tempreture\":1}", "tempreture"),
        ("{\(messages),\"top_logprobs\":3}", "top_logprobs"), ("{\(messages),\"max_tokens\":0}", "max_tokens"),
        ("{\(messages),\"tool_choice\":\"maybe\"}", "tool_choice"),
        ("{\(messages),\"tools\":[{\"type\":\"function\"}]}", "tools[0].function"),
        ("{\(messages),\"tools\":[{\"type\":\"function\",\"function\":{}}]}", "tools[0].function.name"),
        ("{\(messages),\"response_format\":{\"type\":\"xml\"}}", "response_format.type"),
        ("{\(messages),\"response_format\":{\"type\":\"json_schema\"}}", "response_format.json_schema"),
        (#"{"model":"m","messages":[{"content":"?"}]}"#, "messages[0].role"),
        (#"{"model":"m","messages":[{"role":"robot","content":"?"}]}"#, "messages[0].role"),
        (#"{"model":"m","messages":[{"role":"user"}]}"#, "messages[0].content"),
        (#"{"model":"m","messages":[{"role":"tool","content":"?"}]}"#, "messages[0].tool_call_id"),
        (#"{"model":"m","messages":[{"role":"user","content":[{"type":"smell"}]}]}"#, "messages[0].content[0].type"),
        (
            #"{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:x"}}]}]}"#,
            "messages[0].content[0].image_url.url"
        ),
        (
            #"{"model":"m","messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}]}"#,
            "messages[0].tool_calls[0].id"
        ),
    ])
    func `a chat completion that is malformed is refused by the place`(body: String, parameter: String) {
        let error = refusal(body)
        #expect(error?.parameter == parameter)
        #expect(error?.code == .invalidRequest)
    }

    @Test(arguments: ["", "{", "[]", "null", "{\"model\":\"m\"} x", "{\"model\":\"\u{1}\"}"])
    func `what is not JSON is refused as such`(body: String) {
        #expect(refusal(body)?.code == .invalidRequest)
        #expect(anthropicRefusal(body)?.code == .invalidRequest)
    }

    @Test func `what a chat completion has and a request has not is a loss`() throws {
        let body = "{\(Self.messages),\"user\":\"u\",\"store\":false,\"metadata\":{\"a\":\"b\"},\"logit_bias\":null}"
        #expect(Set(try Self.openAI.decodeRequest(Array(body.utf8)).losses) == ["user", "store", "metadata"])
    }

    @Test func `content that only one vendor understands is kept as it came`() throws {
        let audio = #"{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}"#
        let body = #"{"model":"m","messages":[{"role":"user","content":[\#(audio)]}]}"#
        let parts = try Self.openAI.decodeRequest(Array(body.utf8)).request.messages.first?.parts
        #expect(parts == [.vendor(VendorPart(origin: "openai.chat", json: JSONText(validated: audio)))])
        let document = #"{"type":"document","source":{"type":"text","data":"x"}}"#
        let other = #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[\#(document)]}]}"#
        let kept = try AnthropicService().decodeRequest(Array(other.utf8)).request.messages.first?.parts
        #expect(kept == [.vendor(VendorPart(origin: "anthropic.messages", json: JSONText(validated: document)))])
    }

    private static let claude = #""model":"m","max_tokens":9,"messages":[{"role":"user","content":"?"}]"#

    @Test(arguments: [
        (#"{"model":"m","messages":[{"role":"user","content":"?"}]}"#, "max_tokens"),
        (#"{"max_tokens":9,"messages":[{"role":"user","content":"?"}]}"#, "model"),
        (#"{"model":"m","max_tokens":9}"#, "messages"), (#"{"model":"m","max_tokens":9,"messages":[]}"#, "messages"),
        (#"{"model":"m","max_tokens":9,"messages":[{"role":"robot","content":"?"}]}"#, "messages[0].role"),
        (#"{"model":"m","max_tokens":9,"messages":[{"role":"user"}]}"#, "messages[0].content"),
        (
            #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"smell"}]}]}"#,
            "messages[0].content[0]"
        ),
        (
            #"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]}]}"#,
            "messages[0].content[0]"
        ),
        (
            #"{"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":5}]}]}"#,
            "messages[0].content[0].input"
        ),
        ("{\(claude),\"presence_penalty\":1}", "presence_penalty"), ("{\(claude),\"temperature\":1.5}", "temperature"),
        ("{\(claude),\"thinking\":{\"type\":\"enabled\"}}", "thinking.budget_tokens"),
        ("{\(claude),\"tools\":[{\"name\":\"f\"}]}", "tools[0].input_schema"),
        ("{\(claude),\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"2h\"}}", "cache_control.ttl"),
    ])
    func `a message that is malformed is refused by the place`(body: String, parameter: String) {
        let error = anthropicRefusal(body)
        #expect(error?.parameter == parameter)
        #expect(error?.code == .invalidRequest)
    }

    @Test func `versions without sampling refuse it, and only counting needs no limit`() throws {
        let body = "{\(Self.claude),\"temperature\":1}"
        #expect(try AnthropicService().decodeRequest(Array(body.utf8)).request.sampling.temperature == 1)
        #expect(anthropicRefusal(body, version: "2026-10-21")?.parameter == "temperature")
        let count = #"{"model":"m","messages":[{"role":"user","content":"?"}]}"#
        #expect(try AnthropicService().decodeCount(Array(count.utf8)).request.prompt == "?")
    }

    @Test func `places of the prompt cache are told by tool and part`() throws {
        let mark = #""cache_control":{"type":"ephemeral"}"#
        let body = """
            {"model":"m","max_tokens":9,"tools":[{"name":"f","input_schema":{},\(mark)}],
             "system":[{"type":"text","text":"a"},{"type":"text","text":"b",\(mark)}],
             "messages":[{"role":"user","content":[{"type":"text","text":"c","cache_control":{"type":"ephemeral","ttl":"1h"}}]},
               {"role":"assistant","content":"d"},{"role":"user","content":"e"}],\(mark)}
            """
        let decoded = try AnthropicService().decodeRequest(Array(body.utf8))
        #expect(
            decoded.cacheBreakpoints == [
                .init(place: .tool(0), isOneHour: false), .init(place: .part(message: 0, part: 1), isOneHour: false),
                .init(place: .part(message: 1, part: 0), isOneHour: true),
                .init(place: .part(message: 3, part: 0), isOneHour: false),
            ]
        )
    }

    @Test func `thinking is told beside the request`() throws {
        func thinking(_ json: String) throws -> DecodedRequest {
            try AnthropicService().decodeRequest(Array("{\(Self.claude),\"thinking\":\(json)}".utf8))
        }
        #expect(try thinking(#"{"type":"enabled","budget_tokens":2000}"#).thinking == .budget(2_000))
        #expect(try thinking(#"{"type":"adaptive","display":"summarized"}"#).losses == ["thinking.display"])
        #expect(try thinking(#"{"type":"disabled"}"#).request.reasoningEffort == ReasoningEffort.none)
    }
}

@Suite struct WireErrorTests {
    private func received(_ encoded: EncodedError, _ names: ErrorNames) -> LLMError {
        VendorErrorTests.site(names).error(
            HTTPResponseHead(status: encoded.status, headers: encoded.headers),
            body: encoded.body
        )
    }

    static let codes: [LLMError.Code] = [
        .invalidRequest, .contextLength, .authentication, .permission, .notFound, .requestTooLarge, .rateLimited,
        .quotaExhausted, .overloaded, .server, .timeout,
    ]

    @Test(arguments: codes)
    func `an error is read as what it was written as`(code: LLMError.Code) {
        var error = WireError(code, "what went wrong")
        error.retryAfter = .milliseconds(1_500)
        let openAI = received(WireRoundTripTests.openAI.encodeError(error, requestID: nil), .openAI)
        let anthropic = received(WireRoundTripTests.anthropic.encodeError(error, requestID: "req_1"), .anthropic)
        for read in [openAI, anthropic] {
            #expect(read.code == code)
            #expect(read.message.contains("what went wrong"))
            #expect(read.retryAfter == .seconds(2))
        }
        #expect(anthropic.vendorRequestID == "req_1")
    }

    @Test func `every class has a status that says error, and gateways' troubles are not the caller's`() {
        let all: [LLMError.Code] =
            Self.codes + [
                .network, .truncated, .malformedResponse, .responseTooLarge, .contentFiltered, .unsupported, .cancelled,
                .shuttingDown, .storage, .unknown, .overBudget, .attemptsExhausted, .invalidConfiguration, .noSuchModel,
                .refused,
            ]
        for code in all {
            let openAI = WireRoundTripTests.openAI.encodeError(WireError(code, "m"), requestID: nil).status
            let anthropic = WireRoundTripTests.anthropic.encodeError(WireError(code, "m"), requestID: nil).status
            #expect((400..<600).contains(openAI) && (400..<600).contains(anthropic))
        }
        for code in [LLMError.Code.network, .truncated, .invalidConfiguration, .storage] {
            #expect(WireRoundTripTests.openAI.encodeError(WireError(code, "m"), requestID: nil).status >= 500)
        }
    }

    @Test func `an error in the middle of a stream is read as one`() throws {
        var stream = WireRoundTripTests.anthropic.stream(
            answering: DecodedRequest(request: "?", model: "m"),
            id: "i",
            model: "m"
        )
        let bytes = stream.begin() + stream.encode(.text("A")) + stream.encodeError(WireError(.overloaded, "busy"))
        do {
            _ = try Replay.stream([bytes], AnthropicDecoder())
            Issue.record("no error")
        } catch DecodingFailure.vendor(let error) {
            #expect(ErrorNames.anthropic.code(of: error, status: nil) == .overloaded)
        }
    }
}
