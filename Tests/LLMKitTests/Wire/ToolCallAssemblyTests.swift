import Testing

@testable import LLMKit

/// Pieces of tool calls as servers really send them; each case has its source in a public bug report or is of the same kind.
@Suite struct ToolCallAssemblyTests {
    private func assemble(_ pieces: String...) throws -> Replay.Outcome {
        let events = pieces.map {
            Array("data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[\($0)]}}]}\n\n".utf8)
        }
        let end = Array(
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n".utf8
        )
        let outcome = try Replay.stream(events + [end], OpenAIDecoder())
        // Whoever reads the events must come to the same calls as whoever reads the end.
        #expect(Self.calls(of: outcome.events) == outcome.response.toolCalls)
        return outcome
    }

    private static func calls(of events: [StreamEvent]) -> [ToolCall] {
        var calls: [ToolCall] = []
        for case .toolCall(let delta) in events {
            if delta.index == calls.count { calls.append(ToolCall(id: "", name: "", arguments: "")) }
            if let id = delta.id { calls[delta.index].id = id }
            if let name = delta.name { calls[delta.index].name = name }
            calls[delta.index].arguments += delta.arguments
        }
        return calls
    }

    private let tide = ToolCall(id: "a", name: "tide", arguments: #"{"port":"Elsin"}"#)

    @Test func `a name that comes late belongs to its call`() throws {
        let outcome = try assemble(
            #"{"index":0,"id":"a","function":{"arguments":""}}"#,
            #"{"index":0,"function":{"name":"tide","arguments":"{\"port\":"}}"#,
            #"{"index":0,"function":{"arguments":"\"Elsin\"}"}}"#
        )
        #expect(outcome.response.toolCalls == [tide])
    }

    @Test func `calls are numbered as they are told, and one that never gets a name takes no number`() throws {
        let outcome = try assemble(
            #"{"index":0,"id":"ghost","function":{"arguments":""}}"#,
            #"{"index":1,"id":"late","function":{"arguments":""}}"#,
            #"{"index":2,"id":"a","function":{"name":"tide","arguments":"{\"port\":\"Elsin\"}"}}"#,
            #"{"index":1,"function":{"name":"wind","arguments":"{}"}}"#
        )
        #expect(outcome.response.toolCalls == [tide, ToolCall(id: "late", name: "wind", arguments: "{}")])
    }

    @Test func `calls without numbers that interleave are told apart by their ids`() throws {
        let outcome = try assemble(
            #"{"id":"a","function":{"name":"tide","arguments":"{\"po"}}"#,
            #"{"id":"b","function":{"name":"tide","arguments":"{\"po"}}"#,
            #"{"id":"a","function":{"arguments":"rt\":\"Elsin\"}"}}"#,
            #"{"id":"b","function":{"arguments":"rt\":\"Sandvar\"}"}}"#
        )
        #expect(
            outcome.response.toolCalls == [tide, ToolCall(id: "b", name: "tide", arguments: #"{"port":"Sandvar"}"#)]
        )
    }

    @Test func `pieces of several calls in one list go by their places where nothing else tells`() throws {
        let outcome = try assemble(
            #"{"id":"a","function":{"name":"tide","arguments":""}},{"id":"b","function":{"name":"tide","arguments":""}}"#,
            #"{"function":{"arguments":"{\"port\":"}},{"function":{"arguments":"{\"port\":"}}"#,
            #"{"function":{"arguments":"\"Elsin\"}"}},{"function":{"arguments":"\"Sandvar\"}"}}"#
        )
        #expect(
            outcome.response.toolCalls == [tide, ToolCall(id: "b", name: "tide", arguments: #"{"port":"Sandvar"}"#)]
        )
    }

    @Test func `an id that comes late belongs to its call`() throws {
        let outcome = try assemble(
            #"{"index":0,"function":{"name":"tide","arguments":""}}"#,
            #"{"index":0,"id":"a","function":{"arguments":"{\"port\":\"Elsin\"}"}}"#
        )
        #expect(outcome.response.toolCalls == [tide])
    }

    @Test(arguments: ["", #""id":"","#, #""id":null,"#])
    func `whole calls that all claim the first place are several`(id: String) throws {
        let outcome = try assemble(
            #"{"index":0,\#(id)"function":{"name":"tide","arguments":"{\"port\": \"Elsin\"}"}}"#,
            #"{"index":0,\#(id)"function":{"name":"wind","arguments":"{\"port\": \"Sandvar\"}"}}"#,
            #"{"index":0,\#(id)"function":{"name":"wind","arguments":"{\"port\": \"Lerwick\"}"}}"#
        )
        #expect(outcome.response.toolCalls.map(\.name) == ["tide", "wind", "wind"])
        #expect(outcome.response.toolCalls.map(\.arguments).allSatisfy { (try? JSONText($0)) != nil })
        #expect(Set(outcome.response.toolCalls.map(\.id)).count == 3)
    }

    @Test func `calls of one id are several, and get ids of their own`() throws {
        let outcome = try assemble(
            #"{"index":0,"id":"x","function":{"name":"tide","arguments":"{}"}}"#,
            #"{"index":1,"id":"x","function":{"name":"wind","arguments":"{}"}}"#
        )
        #expect(outcome.response.toolCalls.map(\.name) == ["tide", "wind"])
        #expect(Set(outcome.response.toolCalls.map(\.id)).count == 2)
    }

    @Test(arguments: [#""index":0,"#, "", #""index":null,"#, #""index":"0","#])
    func `an id that is new with every piece begins no call`(index: String) throws {
        let outcome = try assemble(
            #"{\#(index)"id":"a","function":{"name":"tide","arguments":""}}"#,
            #"{\#(index)"id":"b","function":{"arguments":"{\"port\":"}}"#,
            #"{\#(index)"id":"c","function":{"name":"","arguments":"\"Elsin\"}"}}"#
        )
        #expect(outcome.response.toolCalls == [tide])
    }

    @Test func `a name that is repeated with every piece begins no call`() throws {
        for id in [#""id":"a","#, ""] {
            let outcome = try assemble(
                #"{"index":0,\#(id)"function":{"name":"tide","arguments":""}}"#,
                #"{"index":0,\#(id)"function":{"name":"tide","arguments":"{\"port\":"}}"#,
                #"{"index":0,\#(id)"function":{"name":"tide","arguments":"\"Elsin\"}"}}"#
            )
            #expect(outcome.response.toolCalls.map(\.arguments) == [tide.arguments])
        }
    }

    @Test func `a place that is new with every piece begins no call`() throws {
        let outcome = try assemble(
            #"{"index":0,"id":"a","function":{"name":"tide","arguments":"{\"port\":"}}"#,
            #"{"index":1,"id":"a","function":{"arguments":"\"El"}}"#,
            #"{"index":2,"function":{"arguments":"sin\"}"}}"#
        )
        #expect(outcome.response.toolCalls == [tide])
    }

    @Test func `places as text tell calls apart that interleave`() throws {
        let outcome = try assemble(
            #"{"index":"0","id":"a","function":{"name":"tide","arguments":"{\"port\":"}}"#,
            #"{"index":"1","id":"b","function":{"name":"wind","arguments":"{\"port\":"}}"#,
            #"{"index":"0","function":{"arguments":"\"Elsin\"}"}}"#,
            #"{"index":"1","function":{"arguments":"\"Sandvar\"}"}}"#
        )
        #expect(
            outcome.response.toolCalls == [
                tide, ToolCall(id: "b", name: "wind", arguments: #"{"port":"Sandvar"}"#),
            ]
        )
    }

    @Test func `an empty object before the real arguments is none of them`() throws {
        for first in [#""{}""#, "{}"] {
            let outcome = try assemble(
                #"{"index":0,"id":"a","function":{"name":"tide","arguments":\#(first)}}"#,
                #"{"index":0,"function":{"arguments":"{\"port\":\"El"}}"#,
                #"{"index":0,"function":{"arguments":"sin\"}"}}"#
            )
            #expect(outcome.response.toolCalls == [tide])
        }
    }

    @Test func `an empty object alone is the arguments`() throws {
        let outcome = try assemble(
            #"{"index":0,"id":"a","function":{"name":"now","arguments":"{}"}}"#,
            #"{"index":0,"function":{"arguments":""}}"#
        )
        #expect(outcome.response.toolCalls == [ToolCall(id: "a", name: "now", arguments: "{}")])
    }

    @Test func `arguments that are repeated whole at the end are told once`() throws {
        let outcome = try assemble(
            #"{"index":0,"id":"a","function":{"name":"tide","arguments":"{\"port\":"}}"#,
            #"{"index":0,"function":{"arguments":"\"Elsin\"}"}}"#,
            #"{"index":0,"id":"a","function":{"name":"tide","arguments":"{\"port\":\"Elsin\"}"}}"#
        )
        #expect(outcome.response.toolCalls.first == tide)
    }

    @Test func `a character that is cut between two pieces of arguments is whole`() throws {
        let start = Array(
            #"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"x\":\""#
                .utf8
        )
        let middle = Array("\"}}]}}]}\n\n".utf8)
        let next = Array(
            #"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":""#.utf8
        )
        let end = Array("\\\"}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n".utf8)
        let stream = start + [0xF0, 0x9F] + middle + next + [0x8C, 0x8A] + end
        let outcome = try Replay.stream([stream], OpenAIDecoder())
        #expect(outcome.response.toolCalls == [ToolCall(id: "a", name: "f", arguments: #"{"x":"🌊"}"#)])
        #expect(Self.calls(of: outcome.events) == outcome.response.toolCalls)
    }

    @Test func `an older server's only function call is a tool call`() throws {
        let whole = try Replay.whole(
            #"{"choices":[{"message":{"content":null,"function_call":{"name":"tide","arguments":"{\"port\":\"Elsin\"}"}},"finish_reason":"function_call"}]}"#,
            OpenAIDecoder()
        )
        #expect(whole.toolCalls == [ToolCall(id: "call_1", name: "tide", arguments: tide.arguments)])
        let streamed = try Replay.stream(
            #"{"choices":[{"delta":{"function_call":{"name":"tide","arguments":""}}}]}"#,
            #"{"choices":[{"delta":{"function_call":{"arguments":"{\"port\":\"Elsin\"}"}},"finish_reason":"function_call"}]}"#,
            "[DONE]",
            decoder: OpenAIDecoder()
        )
        #expect(streamed.response.toolCalls == whole.toolCalls)
    }
}
