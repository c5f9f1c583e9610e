import Testing

@testable import LLMKit

@Suite struct FixtureReplayTests {
    /// Rates that no two classes share, so that a token in the wrong class shows in the cost.
    static let price = Price(
        rates: Price.Rates(
            input: 1_000_000,
            cacheRead: 100_003,
            cacheWrite5m: 1_250_007,
            cacheWrite1h: 2_000_011,
            output: 5_000_013
        )
    )

    @Test(arguments: ["openai_chat", "openai_tools"])
    func `an OpenAI stream gives the same answer and cost as its whole form, however it is cut`(name: String) throws {
        try expectSameAnswers(name) { OpenAIDecoder() }
    }

    @Test(arguments: ["anthropic_messages", "anthropic_tools_thinking"])
    func `an Anthropic stream gives the same answer and cost as its whole form, however it is cut`(
        name: String
    ) throws {
        try expectSameAnswers(name) { AnthropicDecoder() }
    }

    private func expectSameAnswers(_ name: String, _ decoder: () -> some AnswerDecoder) throws {
        let whole = try Replay.whole(try Fixture.bytes("\(name).json"), decoder())
        let cost = try #require(Self.price.cost(of: whole.usage))
        for bytes in [try Fixture.bytes("\(name).sse"), try Fixture.bytes("\(name).sse").withCRLF] {
            let uncut = try Replay.stream([bytes], decoder())
            #expect(uncut.response == whole)
            #expect(Self.price.cost(of: uncut.response.usage) == cost)
            for cut in 1..<bytes.count {
                let outcome = try Replay.stream([Array(bytes[..<cut]), Array(bytes[cut...])], decoder())
                guard outcome != uncut else { continue }
                Issue.record("cut after byte \(cut), \(name) reads differently")
                return
            }
            let outcome = try Replay.stream(bytes.map { [$0] }, decoder())
            #expect(outcome == uncut)
        }
    }

    @Test func `the chat fixture holds what its vendor counted`() throws {
        let response = try Replay.stream([try Fixture.bytes("openai_chat.sse")], OpenAIDecoder()).response
        #expect(response.text == "A seal.")
        #expect(response.finish == .stop)
        #expect(response.servedModel == "m-large-2026-08-01")
        #expect(
            response.usage == Usage(input: 176, cacheRead: 1_024, output: 40, reasoning: 32, reportedTotal: 1_240)
        )
        #expect(response.usage.addsUp)
    }

    @Test func `interleaved tool calls come apart by their index`() throws {
        let outcome = try Replay.stream([try Fixture.bytes("openai_tools.sse")], OpenAIDecoder())
        #expect(
            outcome.response.toolCalls == [
                ToolCall(id: "call_1", name: "tide", arguments: #"{"port":"Lerwick"}"#),
                ToolCall(id: "call_2", name: "wind", arguments: "{}"),
            ]
        )
        #expect(outcome.events.first == .toolCall(ToolCallDelta(index: 0, id: "call_1", name: "tide")))
        #expect(
            outcome.events.suffix(2) == [
                .toolCall(ToolCallDelta(index: 0, arguments: #""Lerwick"}"#)),
                .toolCall(ToolCallDelta(index: 1, arguments: "{}")),
            ]
        )
    }

    @Test func `thinking keeps its signature, and cache writes their two prices`() throws {
        let response = try Replay.stream([try Fixture.bytes("anthropic_tools_thinking.sse")], AnthropicDecoder())
            .response
        #expect(
            response.message.parts == [
                .thinking(Thinking("Need the tide.", signature: "c2ln", origin: "anthropic.messages")),
                .toolCall(ToolCall(id: "toolu_1", name: "tide", arguments: #"{"port": "Lerwick"}"#)),
            ]
        )
        #expect(response.finish == .toolCalls)
        #expect(response.usage == Usage(input: 20, cacheWrite5m: 300, cacheWrite1h: 1_000, output: 55))
    }

    /// How a stream that fails ended, as its reader and its bill see it.
    private struct Failure: Equatable {
        var events: [StreamEvent]
        var code: LLMError.Code
        var message: String?
        var usage: Usage
        var cost: Money?
    }

    private func failure(_ pieces: [[UInt8]]) throws -> Failure? {
        var parser = ServerSentEventParser()
        var decoder = AnthropicDecoder()
        var events: [StreamEvent] = []
        do {
            for piece in pieces {
                try parser.feed(piece) { event in try decoder.read(event, into: &events) }
            }
        } catch DecodingFailure.vendor(let error) {
            let usage = decoder.reportedUsage.filled(inputByteCount: 0, isComplete: decoder.isComplete)
            return Failure(
                events: events,
                code: ErrorNames.anthropic.code(of: error, status: nil),
                message: error.message,
                usage: usage,
                cost: Self.price.cost(of: usage)
            )
        }
        return nil
    }

    @Test func `an error in the middle of a stream is the vendor's error, with what was used, however it is cut`()
        throws
    {
        let expected = Failure(
            events: [.text("A seal.")],
            code: .overloaded,
            message: "Overloaded",
            usage: Usage(input: 150, cacheRead: 1_024, output: 2, isEstimated: true),
            cost: Money(picodollars: 150 * 1_000_000 + 1_024 * 100_003 + 2 * 5_000_013)
        )
        #expect(expected.usage.addsUp)
        let plain = try Fixture.bytes("anthropic_error_midstream.sse")
        for bytes in [plain, plain.withCRLF] {
            #expect(try failure([bytes]) == expected)
            #expect(try failure(bytes.map { [$0] }) == expected)
            for cut in 1..<bytes.count {
                guard try failure([Array(bytes[..<cut]), Array(bytes[cut...])]) != expected else { continue }
                Issue.record("cut after byte \(cut), the error reads differently")
                return
            }
        }
    }
}
