import Testing

@testable import LLMKit

@Suite struct CallArgumentsTests {
    /// What was given out piece by piece, and what the arguments are in the end.
    private func read(_ pieces: [String]) throws -> (told: String, finished: String) {
        var arguments = CallArguments()
        var told = ""
        for piece in pieces { told += try arguments.take(piece, nil) }
        let finished = arguments.finished
        return (told + arguments.end(), finished)
    }

    static let cases: [(pieces: [String], arguments: String)] = [
        ([#"{"port":"#, #""Elsin"}"#], #"{"port":"Elsin"}"#),
        // A beginning that is replaced.
        (["{}", #"{"port":"Elsin"}"#], #"{"port":"Elsin"}"#),
        (["", " ", #"{"port":"Elsin"}"#], #"{"port":"Elsin"}"#),
        (["{}", "{}", #"{"port":"Elsin"}"#], #"{"port":"Elsin"}"#),
        // All of it once more.
        ([#"{"port":"#, #""Elsin"}"#, #"{"port":"Elsin"}"#], #"{"port":"Elsin"}"#),
        ([#"{"port":"#, #" "Elsin"}"#, #"{"port":"Elsin"}"#], #"{"port": "Elsin"}"#),
        // Encoded twice.
        ([#""{\"port\":"#, #"\"Elsin\"}""#], #"{"port":"Elsin"}"#),
        // None.
        ([], "{}"), (["{}"], "{}"), (["[]"], "{}"), (["null"], "{}"), (["  \n"], "{}"), (["{ }"], "{}"),
        // What the model wrote, be it no JSON.
        ([#"{"port":"Elsin""#], #"{"port":"Elsin""#), (["[]", "1"], "[]1"),
    ]

    @Test(arguments: cases.indices)
    func `pieces make arguments, and what is told of them is the same`(number: Int) throws {
        let example = Self.cases[number]
        let (told, finished) = try read(example.pieces)
        #expect(finished == example.arguments)
        #expect(told == example.arguments)
    }

    @Test func `a Messages stream drops what it repeats`() throws {
        func delta(_ json: String) -> String {
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\#(json)"}}"#
        }
        let outcome = try Replay.stream(
            #"{"type":"message_start","message":{"id":"m"}}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"tide","input":{}}}"#,
            delta(#"{\"port\":"#),
            delta(#"\"Elsin\"}"#),
            delta(#"{\"port\":\"Elsin\"}"#),
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"#,
            #"{"type":"message_stop"}"#,
            decoder: AnthropicDecoder()
        )
        #expect(outcome.response.toolCalls.map(\.arguments) == [#"{"port":"Elsin"}"#])
        let told = outcome.events.reduce(into: "") { told, event in
            if case .toolCall(let delta) = event { told += delta.arguments }
        }
        #expect(told == #"{"port":"Elsin"}"#)
    }

    @Test(arguments: [
        #"{"id":"a","name":"tide","arguments":{"port":"Elsin"}}"#,
        #"{"id":"a","type":"function","name":"tide","arguments":"{\"port\":\"Elsin\"}"}"#,
        #"{"id":"a","function":{"name":"tide","parameters":{"port":"Elsin"}}}"#,
        #"{"id":"a","function":{"name":"tide","args":{"port":"Elsin"}}}"#,
    ])
    func `a call's name and arguments are found where servers put them`(call: String) throws {
        let expected = [ToolCall(id: "a", name: "tide", arguments: #"{"port":"Elsin"}"#)]
        let whole = #"{"choices":[{"message":{"tool_calls":[\#(call)]},"finish_reason":"tool_calls"}]}"#
        #expect(try Replay.whole(whole, OpenAIDecoder()).toolCalls == expected)
        let streamed = try Replay.stream(
            #"{"choices":[{"delta":{"tool_calls":[\#(call)]},"finish_reason":"tool_calls"}]}"#,
            "[DONE]",
            decoder: OpenAIDecoder()
        )
        #expect(streamed.response.toolCalls == expected)
    }
}
