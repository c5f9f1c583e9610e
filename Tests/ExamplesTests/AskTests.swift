import CPlatform
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
        #expect(ask.ExitStatus(Terminal.Failure.system(ENOSPC)) == .output)
        #expect("\(Terminal.Failure.system(ENOSPC))" == "cannot write standard output: No space left on device")
        #expect(ask.ExitStatus(Arguments.Mistake("typo")) == .mistake)
    }

    @Test func `arguments that are no JSON are printed as a string`() {
        let line = Output.line(ToolCall(id: "1", name: "tide", arguments: "{\"harbour\": "))
        #expect(line == "{\"tool_call\":{\"id\":\"1\",\"name\":\"tide\",\"arguments\":\"{\\\"harbour\\\": \"}}\n")
    }

    @Test func `a call is one line however its arguments are laid out`() {
        let arguments = "{\r\n  \"b\" : [ 1.50,\t1e2 ],\n\n  \"a\": \"two  words: {\\\" , }\",\n \"a\": -0\n}\n"
        let line = Output.line(ToolCall(id: "a/1", name: "tide", arguments: arguments))
        #expect(
            line == #"{"tool_call":{"id":"a/1","name":"tide","arguments":"#
                + #"{"b":[1.50,1e2],"a":"two  words: {\" , }","a":-0}}}"# + "\n"
        )
    }

    @Test(arguments: ["\u{85}", "\u{2028}", "\u{2029}", "\n", "\r\n", "\u{0B}", "\u{0C}"])
    func `no character of a call ends its line`(separator: String) throws {
        for arguments in ["{\"a\":\"x\(separator)y\"}", "no JSON:\(separator){"] {
            let line = Output.line(ToolCall(id: separator, name: separator, arguments: arguments))
            #expect(line.split(whereSeparator: \.isNewline).count == 1)
            #expect(line.hasSuffix("}}\n"))
            #expect(try RawJSON(line)["tool_call"]?["name"]?.string == separator)
        }
    }

    @Test func `a document is printed whole or not at all`() async throws {
        let schema = try JSONSchema(#"{"type":"object","properties":{"port":{"type":"string"}}}"#)
        func document(_ response: ChatResponse) async throws -> String { try await Command.document(response, schema) }
        #expect(try await document(ChatResponse("```json\n{\"port\":\"Elsin\"}\n```")) == #"{"port":"Elsin"}"#)
        #expect(try await document(ChatResponse("<think>hm</think>\n{\"port\":\"Elsin\"}")) == #"{"port":"Elsin"}"#)
        #expect(try await document(ChatResponse(.assistant(#"{"port"#), finish: .length)) == "")
        let call = ChatMessage.Part.toolCall(ToolCall(id: "1", name: "tide", arguments: "{}"))
        let asking = ChatMessage(.assistant, parts: [.text("I will look."), call])
        #expect(try await document(ChatResponse(asking, finish: .toolCalls)) == "")
        await #expect(throws: LLMError.self) { try await document(ChatResponse("Elsin")) }
        await #expect(throws: LLMError.self) { try await document(ChatResponse(.assistant("No."), finish: .refusal)) }
        let broken = await #expect(throws: LLMError.self) { try await document(ChatResponse(#"{"port":1}"#)) }
        #expect(broken.map { ask.ExitStatus($0) } == .upstream)
        // A keyword that only the vendor may know keeps nothing from being printed.
        let odd = try JSONSchema(#"{"type":"object","vendorKeyword":1}"#)
        #expect(try await Command.document(ChatResponse("{}"), odd) == "{}")
    }

    @Test func `notes tell of an uncertain end and of what was left out, each once`() {
        #expect(Output.notes(ChatResponse("Hi.")) == [])
        var response = ChatResponse(.assistant("Hi."), finish: .other("unknown"))
        #expect(Output.notes(response) == ["the server did not say why the answer ended"])
        #expect(Output.notes(ChatResponse("")) == ["the answer is empty"])
        let thinking = ChatMessage(.assistant, parts: [.thinking(Thinking("Hm."))])
        #expect(Output.notes(ChatResponse(thinking)) == ["the model only thought, and answered nothing"])
        response.losses = ["seed", "stop"]
        response.finish = .other("pause_turn")
        let notes = Output.notes(response)
        #expect(notes.count == 2)
        #expect(notes.first?.hasSuffix(": pause_turn") == true)
        #expect(notes.last == "this vendor has no place for it, so it was left out: seed, stop")
        response.finish = .stop
        response.losses = ["seed", "citations"]
        #expect(Output.notes(response).last == "the vendor sent it, but there is no place for it here: citations")
        #expect(Output.notes(response).count == 2)
    }

    @Test func `a server of one's own gets a key only by its variable or by option`() throws {
        let set = ["OPENAI_COMPATIBLE_API_KEY": "a", "GPU_KEY": "b", "EMPTY": ""]
        func key(_ line: String..., in environment: [String: String]) throws -> String? {
            try Options(line + ["Hello"]).key(in: environment).map { "\($0)" }
        }
        #expect(try key("--vendor", "openai-compatible", in: [:]) == nil)
        #expect(try key("--vendor", "vllm", in: set) == nil)
        #expect(try key("--vendor", "openai", in: set) == nil)
        #expect(
            try key("--vendor", "openai-compatible", in: set) == "APIKey(environment: OPENAI_COMPATIBLE_API_KEY)"
        )
        let named = try key("--vendor", "openai-compatible", "--key-variable", "GPU_KEY", in: set)
        #expect(named == "APIKey(environment: GPU_KEY)")
        #expect(throws: Arguments.Mistake.self) { try key("--key-variable", "EMPTY", in: set) }
    }

    @Test func `a key given in place of its variable is not repeated`() throws {
        let options = try Options(["--key-variable", "sk-secret", "Hello"])
        let mistake = #expect(throws: Arguments.Mistake.self) { try options.key(in: [:]) }
        #expect(mistake?.description.contains("sk-secret") == false)
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
