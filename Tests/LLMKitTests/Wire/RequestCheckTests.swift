import Testing

@testable import LLMKit

@Suite struct RequestCheckTests {
    private func code(
        _ request: ChatRequest,
        _ capabilities: Capabilities = .all,
        takesSystemAlone: Bool = true
    ) -> LLMError.Code? {
        do {
            try RequestCheck(vendor: "vendor", capabilities: capabilities, takesSystemAlone: takesSystemAlone)(request)
            return nil
        } catch {
            return error.code
        }
    }

    private static let tool = Tool("f", description: "", parameters: JSONSchema(JSONText(validated: "{}")))

    @Test func `a request without messages is the caller's mistake`() {
        #expect(code(ChatRequest([])) == .invalidRequest)
    }

    @Test(arguments: [
        [ChatMessage.system("Be brief.")], [.user(" \n")], [.system("Be brief."), .user("")],
        [ChatMessage(.user, parts: [.vendor(VendorPart(origin: "another", json: JSONText(validated: "{}")))])],
        [ChatMessage(.assistant, parts: [.thinking(Thinking("Hm."))])],
    ])
    func `a conversation in which nobody says anything is the caller's mistake`(messages: [ChatMessage]) {
        #expect(code(ChatRequest(messages), takesSystemAlone: false) == .invalidRequest)
        // Others answer a system message alone.
        let isInstructed = messages.first?.role == .system
        #expect(code(ChatRequest(messages)) == (isInstructed ? nil : .invalidRequest))
    }

    @Test func `what would change the meaning is unsupported`() throws {
        let schema = JSONSchema(JSONText(validated: "{}"))
        let picture = ChatMessage(.user, parts: [.image(ChatImage(.data([1], mediaType: "image/png")))])
        let address = ChatMessage(.user, parts: [.image(ChatImage(.url("https://a.example/b.png")))])
        #expect(code(ChatRequest([.user("?")], tools: [Self.tool]), []) == .unsupported)
        #expect(code(ChatRequest([.user("?")], responseFormat: .json), []) == .unsupported)
        #expect(code(ChatRequest([.user("?")], responseFormat: .jsonSchema(schema)), [.json]) == .unsupported)
        #expect(code(ChatRequest([picture]), []) == .unsupported)
        #expect(code(ChatRequest([address]), [.images]) == .unsupported)
        #expect(code(ChatRequest([picture]), [.images]) == nil)
        #expect(code(ChatRequest([.user("?")], responseFormat: .jsonSchema(schema)), [.jsonSchema]) == nil)
    }

    @Test func `parts must stand in messages that can hold them`() {
        let call = ChatMessage.Part.toolCall(ToolCall(id: "a", name: "f", arguments: "{}"))
        #expect(code(ChatRequest([ChatMessage(.user, parts: [call])])) == .invalidRequest)
        #expect(code(ChatRequest([ChatMessage(.tool, "text")])) == .invalidRequest)
        #expect(code(ChatRequest([ChatMessage(.system, parts: [.image(ChatImage(.url("u")))])])) == .invalidRequest)
    }

    @Test func `numbers out of range are named`() {
        func request(_ change: (inout Sampling) -> Void) -> ChatRequest {
            var request: ChatRequest = "?"
            change(&request.sampling)
            return request
        }
        #expect(code(request { $0.temperature = .nan }) == .invalidRequest)
        #expect(code(request { $0.topP = .infinity }) == .invalidRequest)
        #expect(code(request { $0.temperature = 2.1 }) == .invalidRequest)
        #expect(code(request { $0.topP = -0.1 }) == .invalidRequest)
        #expect(code(request { $0.maxOutputTokens = 0 }) == .invalidRequest)
        #expect(code(request { $0.logProbabilities = .init(top: 21) }) == .invalidRequest)
        #expect(code(request { $0.temperature = 0 }) == nil)
    }

    @Test func `the table alone says how hot a server may run`() throws {
        var request: ChatRequest = "?"
        request.sampling.temperature = 5
        for (dialect, isTaken) in [(OpenAIDialect.ollama, true), (.vLLM, true), (.openAI, false), (.mistral, false)] {
            let check = RequestCheck(
                vendor: dialect.name,
                capabilities: .all,
                highestTemperature: max(2, dialect.rules.temperatures.upperBound)
            )
            #expect(((try? check(request)) != nil) == isTaken)
            #expect((dialect.rules.problem(in: request, RequestSetting(model: "m")) == nil) == isTaken)
        }
        request.sampling.temperature = .infinity
        let check = RequestCheck(
            vendor: "ollama",
            capabilities: .all,
            highestTemperature: RequestRules.local.temperatures.upperBound
        )
        #expect(throws: LLMError.self) { try check(request) }
    }

    @Test func `a tool choice needs its tools`() {
        #expect(code(ChatRequest([.user("?")], toolChoice: .required)) == .invalidRequest)
        #expect(code(ChatRequest([.user("?")], tools: [Self.tool], toolChoice: .tool("g"))) == .invalidRequest)
        #expect(code(ChatRequest([.user("?")], tools: [Self.tool], toolChoice: .tool("f"))) == nil)
        #expect(code(ChatRequest([.user("?")], toolChoice: .automatic)) == nil)
    }
}
