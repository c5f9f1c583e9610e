import ExampleSupport
import LLMKit
import Testing

@testable import ask

@Suite struct `Ask` {
    @Test func `parts of a document keep the order of their keys`() throws {
        let text = #" {"a" : [1, {"z": "]}", "b": 2}, "x,y"] , "s": "q\"uo:te" , "o": {} , "e": []} "#
        let document = try RawJSON(text)
        #expect(document["a"]?.elements?.map(\.text) == ["1", #"{"z": "]}", "b": 2}"#, #""x,y""#])
        #expect(document["s"]?.string == #"q"uo:te"#)
        #expect(document["o"]?["none"] == nil)
        #expect(document["e"]?.elements?.isEmpty == true)
        #expect(document["none"] == nil)
    }

    @Test(arguments: [
        (LLMError(.authentication), ask.ExitStatus.mistake), (LLMError(.noSuchModel), .mistake),
        (LLMError(.storage), .mistake), (LLMError(.network), .upstream), (LLMError(.truncated), .upstream),
        (LLMError(.server), .upstream), (LLMError(.rateLimited), .limit), (LLMError(.contextLength), .limit),
        (LLMError(.cancelled), .interrupted),
    ])
    func `every error has its exit status`(error: LLMError, status: ask.ExitStatus) {
        #expect(ask.ExitStatus(error) == status)
    }

    @Test func `a timeout is a limit only where it is ours`() {
        #expect(ask.ExitStatus(LLMError(.timeout), ownDeadlinePassed: true) == .limit)
        #expect(ask.ExitStatus(LLMError(.timeout)) == .upstream)
        #expect(ask.ExitStatus(Terminal.Failure.closed) == .closedPipe)
        #expect(ask.ExitStatus(Arguments.Mistake("typo")) == .mistake)
    }

    @Test func `arguments that are no JSON are printed as a string`() {
        let line = Output.line(ToolCall(id: "1", name: "tide", arguments: "{\"harbour\": "))
        #expect(line == "{\"tool_call\":{\"id\":\"1\",\"name\":\"tide\",\"arguments\":\"{\\\"harbour\\\": \"}}\n")
    }

    @Test(arguments: [
        ["--model"], ["--modle", "x", "Hello"], ["-v", "--stream=yes", "Hello"], ["--timeout", "soon", "Hello"],
        ["--model", "a", "--model", "b", "Hello"], [], ["a", "b"], ["--stream", "--no-stream", "Hello"],
    ])
    func `mistakes in options are named`(line: [String]) {
        #expect(throws: Arguments.Mistake.self) { try Options(line) }
    }

    @Test func `options may stand anywhere, and after two dashes there are none`() throws {
        let options = try Options(["-v", "--model=m", "--", "--help me"])
        #expect(options.text == "--help me" && options.model == "m" && options.isVerbose)
    }
}
