import Testing

@testable import LLMKit

/// One odd value beside an answer must not cost it.
@Suite struct OddValuesTests {
    static let odd = ["-Infinity", "NaN", "Infinity", "null", "\"-inf\"", "-1e999"]

    @Test(arguments: odd)
    func `a log-probability that is none costs nothing but itself`(value: String) throws {
        let token =
            #"{"token":"Hi.","logprob":-0.5,"top_logprobs":[{"token":"Hi.","logprob":-0.5},{"token":"No","logprob":\#(value)}]}"#
        let choice =
            #"{"message":{"content":"Hi."},"logprobs":{"content":[\#(token),{"token":"?","logprob":\#(value)}]},"finish_reason":"stop"}"#
        let response = try Replay.whole(#"{"choices":[\#(choice)]}"#, OpenAIDecoder())
        #expect(response.text == "Hi.")
        let kept = TokenLogProbability("Hi.", -0.5, top: [TokenLogProbability.Alternative("Hi.", -0.5)])
        #expect(response.logProbabilities == [kept])
    }

    @Test func `what stands among log-probabilities and is none is passed over`() throws {
        let list = #"[null,"x",{"token":"Hi.","logprob":-0.5,"top_logprobs":["x",null,5]}]"#
        let outcome = try Replay.stream(
            #"{"choices":[{"delta":{"content":"Hi."},"logprobs":{"content":\#(list)},"finish_reason":"stop"}]}"#,
            "[DONE]",
            decoder: OpenAIDecoder()
        )
        #expect(outcome.response.logProbabilities == [TokenLogProbability("Hi.", -0.5)])
    }

    @Test(arguments: ["NaN", "-Infinity", "Infinity"])
    func `a number that is none costs no answer wherever it stands`(value: String) throws {
        let usage = #"{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9,"tokens_per_second":\#(value)}"#
        let body = #"{"choices":[{"message":{"content":"Hi."},"finish_reason":"stop"}],"usage":\#(usage)}"#
        let response = try Replay.whole(body, OpenAIDecoder())
        #expect(response.text == "Hi." && response.usage == Usage(input: 7, output: 2, reportedTotal: 9))
        #expect(throws: LLMError.self) { try JSONText(body) }
    }

    @Test func `control characters inside a string are text`() throws {
        let body = "{\"choices\":[{\"message\":{\"content\":\"A\tB\nC\"},\"finish_reason\":\"stop\"}]}"
        #expect(try Replay.whole(body, OpenAIDecoder()).text == "A\tB\nC")
        #expect(throws: LLMError.self) { try JSONText("[\"A\tB\"]") }
    }

    @Test func `nothing among a message's blocks is passed over, and text by itself is text`() throws {
        let body = #"{"type":"message","content":[null,"Hi",{"type":"text","text":"."}],"stop_reason":"end_turn"}"#
        #expect(try Replay.whole(body, AnthropicDecoder()).text == "Hi.")
    }

    @Test func `text of the older interface is read where nothing else is there`() throws {
        let outcome = try Replay.stream(
            #"{"choices":[{"index":0,"text":"H","finish_reason":null}]}"#,
            #"{"choices":[{"index":0,"text":"i.","delta":{"content":"i."},"finish_reason":"stop"}]}"#,
            "[DONE]",
            decoder: OpenAIDecoder()
        )
        #expect(outcome.response.text == "Hi.")
        let whole = #"{"choices":[{"text":"Hi.","finish_reason":"stop"}]}"#
        #expect(try Replay.whole(whole, OpenAIDecoder()).text == "Hi.")
    }

    @Test(arguments: [
        #"{"type":"text","text":{"value":"Hi.","annotations":[]}}"#, #"{"type":"text","content":"Hi."}"#,
    ])
    func `the parts of a content are read in the forms in use`(part: String) throws {
        let body = #"{"choices":[{"message":{"content":[\#(part)]},"finish_reason":"stop"}]}"#
        #expect(try Replay.whole(body, OpenAIDecoder()).text == "Hi.")
    }
}
