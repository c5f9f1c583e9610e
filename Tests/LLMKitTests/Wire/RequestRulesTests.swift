import Testing

@testable import LLMKit

@Suite struct RequestRulesTests {
    /// What a vendor is sent, by the rules of its dialect.
    static func send(
        _ request: ChatRequest,
        _ rules: RequestRules,
        thinking: AnthropicThinking? = nil,
        limit: Int? = nil,
        model: String = "m"
    ) throws(LLMError) -> (request: ChatRequest, setting: RequestSetting, losses: [String]) {
        var losses = RequestLosses(capabilities: .all, dropping: [])
        var setting = RequestSetting(model: model, thinking: thinking, outputLimit: limit)
        let mended = try rules.mended(request, &setting, vendor: "vendor", losses: &losses)
        return (mended ?? request, setting, losses.words)
    }

    static func refusal(_ request: ChatRequest, _ rules: RequestRules, thinking: AnthropicThinking? = nil) -> LLMError?
    {
        do throws(LLMError) {
            _ = try send(request, rules, thinking: thinking)
            return nil
        } catch {
            return error
        }
    }

    static func call(_ ids: String...) -> ChatMessage {
        ChatMessage(.assistant, parts: ids.map { .toolCall(ToolCall(id: $0, name: "f", arguments: "{}")) })
    }

    private static func ids(_ messages: [ChatMessage]) -> [String] {
        messages.flatMap(\.parts).compactMap { part in
            switch part {
            case .toolCall(let call): call.id
            case .toolResult(let result): result.callID
            default: nil
            }
        }
    }

    // MARK: Ids

    @Test func `an id that a vendor refuses is rewritten in call and result, and always the same`() throws {
        let long = "toolu_" + String(repeating: "x", count: 50)
        let request = ChatRequest([
            .user("?"), Self.call("call_1", long), .toolResult(long, "a"), .toolResult("call_1", "b"),
        ])
        let openAI = Self.ids(try Self.send(request, .openAI).request.messages)
        #expect(openAI[0] == "call_1" && openAI[3] == "call_1")
        #expect(openAI[1] == openAI[2] && openAI[1].utf8.count <= 40)
        let mistral = Self.ids(try Self.send(request, .mistral).request.messages)
        #expect(mistral.allSatisfy { RequestRules.mistral.callIDs.allows($0) && $0.count == 9 })
        #expect(mistral[0] == mistral[3] && mistral[1] == mistral[2] && mistral[0] != mistral[1])
        #expect(Self.ids(try Self.send(request, .mistral).request.messages) == mistral)
        #expect(Self.ids(try Self.send(request, .anthropic).request.messages) == Self.ids(request.messages))
    }

    @Test(arguments: ["functions.tide:0", "call 1", "", "ид", "a/b"])
    func `Anthropic gets ids of letters, digits, underscores and dashes`(id: String) throws {
        let ids = Self.ids(
            try Self.send(ChatRequest([.user("?"), Self.call(id), .toolResult(id, "")]), .anthropic).request.messages
        )
        #expect(ids.count == 2 && ids[0] == ids[1] && ids[0].isName(upTo: 64))
    }

    @Test func `an id that comes again stays where a vendor takes that, and is told apart where not`() throws {
        let request = ChatRequest([
            .user("?"), Self.call("c0"), .toolResult("c0", "a"), .user("And?"), Self.call("c0"), .toolResult("c0", "b"),
        ])
        #expect(Self.ids(try Self.send(request, .openAI).request.messages) == ["c0", "c0", "c0", "c0"])
        let ids = Self.ids(try Self.send(request, .anthropic).request.messages)
        #expect(ids[0] == "c0" && ids[1] == "c0" && ids[2] != "c0" && ids[2] == ids[3])
    }

    @Test(arguments: [RequestRules.openAI, .mistral, .anthropic, .compatible])
    func `calls beside each other are told apart, their results in their order`(rules: RequestRules) throws {
        let request = ChatRequest([.user("?"), Self.call("", ""), .toolResult("", "a"), .toolResult("", "b")])
        let ids = Self.ids(try Self.send(request, rules).request.messages)
        #expect(Set(ids).count == 2 && !ids.contains(""))
        #expect(ids[0] == ids[2] && ids[1] == ids[3])
    }

    // MARK: Calls and results

    @Test(arguments: [RequestRules.openAI, .azureOpenAI, .mistral, .deepSeek, .anthropic])
    func `a call without its result, or a result without its call, is named before anything is sent`(
        rules: RequestRules
    ) {
        let open = [
            [.user("?"), Self.call("callNo001")], [.user("?"), Self.call("callNo001"), .user("And?")],
            [.user("?"), Self.call("callNo001", "callNo002"), .toolResult("callNo002", "b"), .user("And?")],
            [.user("?"), Self.call("callNo001"), .user("And?"), Self.call("callNo002"), .toolResult("callNo002", "")],
            [.user("?"), .toolResult("callNo001", "a")],
            [.user("?"), Self.call("callNo002"), .toolResult("callNo002", ""), .toolResult("callNo001", "a")],
        ]
        for messages in open {
            let error = Self.refusal(ChatRequest(messages), rules)
            #expect(error?.code == .invalidRequest)
            #expect(error?.message.contains("callNo001") == true)
        }
    }

    @Test func `where results may stand is each vendor's own`() {
        let apart = ChatRequest([
            .user("?"), Self.call("a"),
            ChatMessage(.user, parts: [.text("By the way"), .toolResult(.init(callID: "a", text: ""))]),
        ])
        let behind = ChatRequest([.user("?"), Self.call("a"), .user("By the way"), .toolResult("a", "")])
        let twice = ChatRequest([.user("?"), Self.call("a"), .assistant("So"), .toolResult("a", "")])
        for (request, openAI) in [(apart, true), (behind, false), (twice, false)] {
            #expect((Self.refusal(request, .openAI) == nil) == openAI)
            #expect(Self.refusal(request, .anthropic) == nil)
            #expect(Self.refusal(request, .local) == nil)
        }
    }

    // MARK: Blanks

    @Test func `blank texts go nowhere where they are refused, and the rest stays`() throws {
        let request = ChatRequest([
            .system(" "), .user("?"), ChatMessage(.assistant, parts: [.text("\n\n"), .text("A")]), .assistant("\t"),
            ChatMessage(.user, parts: []), .user("And?"),
        ])
        let (sent, _, losses) = try Self.send(request, .anthropic)
        #expect(sent.messages == [.user("?"), .assistant("A"), .user("And?")])
        #expect(losses.isEmpty)
        #expect(try Self.send(request, .openAI).request == request)
        let empty = ChatRequest([.user("?"), .assistant(""), .user("And?")])
        for rules in [RequestRules.mistral, .xAI] {
            #expect(try Self.send(empty, rules).request.messages == [.user("?"), .user("And?")])
        }
    }

    @Test func `a text to go on from ends without white space`() throws {
        let request = ChatRequest([.user("Count"), .assistant("1, 2, \n")])
        #expect(try Self.send(request, .anthropic).request.messages.last == .assistant("1, 2,"))
        #expect(try Self.send(request, .openAI).request == request)
    }

    // MARK: Tools

    private static func tool(_ schema: String, isStrict: Bool? = nil) -> ChatRequest {
        let schema = JSONSchema(JSONText(validated: schema))
        return ChatRequest([.user("?")], tools: [Tool("now", description: "", parameters: schema, isStrict: isStrict)])
    }

    @Test(arguments: ["{}", "true", #"{"description":"none"}"#, #"{"type":["object","null"],"properties":{}}"#])
    func `a tool's schema that says nothing of an object is made to`(schema: String) throws {
        for rules in [RequestRules.openAI, .compatible, .local, .anthropic] {
            let sent = try Self.send(Self.tool(schema), rules).request.tools[0].parameters.json.description
            #expect(sent.hasPrefix(#"{"type":"object","#) && sent.contains(#""properties":{}"#))
        }
    }

    @Test(arguments: [#"{"type":"array","items":{}}"#, #"{"type":"string"}"#, "false", #"{"type":["string","null"]}"#])
    func `a tool's schema of another type is refused by the tool's name`(schema: String) {
        for rules in [RequestRules.openAI, .local, .anthropic] {
            let error = Self.refusal(Self.tool(schema), rules)
            #expect(error?.code == .invalidRequest)
            #expect(error?.message.contains("\"now\"") == true)
        }
    }

    @Test func `alternatives at the root of a tool's schema are refused where a vendor does`() {
        let request = Self.tool(#"{"type":"object","properties":{},"anyOf":[{"required":["a"]}]}"#)
        #expect(Self.refusal(request, .openAI)?.code == .unsupported)
        #expect(Self.refusal(request, .anthropic)?.code == .unsupported)
        #expect(Self.refusal(request, .compatible) == nil)
    }

    @Test func `a strict tool is closed, or sent as one that is not strict`() throws {
        let all = #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#
        let closed = try Self.send(Self.tool(all, isStrict: true), .openAI)
        #expect(closed.request.tools[0].isStrict == true && closed.losses.isEmpty)
        #expect(closed.request.tools[0].parameters.json.description.hasSuffix(#""additionalProperties":false}"#))
        let some = #"{"type":"object","properties":{"a":{"type":"string"}}}"#
        let loose = try Self.send(Self.tool(some, isStrict: true), .openAI)
        #expect(loose.request.tools[0].isStrict == false)
        #expect(loose.request.tools[0].parameters.json.description == some)
        #expect(loose.losses == ["strictness of a tool's schema"])
        #expect(try Self.send(Self.tool(some, isStrict: true), .anthropic).losses.isEmpty)
        #expect(try Self.send(Self.tool(some), .openAI).request == Self.tool(some))
    }

    @Test func `names that a vendor refuses are refused`() {
        var request = Self.tool(#"{"type":"object","properties":{}}"#)
        request.tools[0].name = "what time"
        #expect(Self.refusal(request, .openAI)?.message.contains("what time") == true)
        #expect(Self.refusal(request, .anthropic)?.code == .unsupported)
        #expect(Self.refusal(request, .local) == nil)
    }

    // MARK: Answers

    private static func answer(_ schema: String, name: String = "answer") -> ChatRequest {
        ChatRequest([.user("?")], responseFormat: .jsonSchema(JSONSchema(name: name, JSONText(validated: schema))))
    }

    @Test func `an answer's schema binds where the vendor can be bound by it, and is a wish otherwise`() throws {
        let some = #"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["a"]}"#
        let openAI = try Self.send(Self.answer(some), .openAI)
        #expect(!openAI.setting.isAnswerStrict)
        #expect(openAI.losses == ["strictness of the answer's schema"])
        #expect(openAI.request == Self.answer(some))
        let local = try Self.send(Self.answer(some), .local)
        #expect(local.setting.isAnswerStrict && local.losses.isEmpty)
        let claude = try Self.send(Self.answer(some), .anthropic)
        #expect(claude.request == Self.answer(some.dropLast() + #","additionalProperties":false}"#))
        #expect(claude.losses.isEmpty)
        #expect(Self.refusal(Self.answer(#"{"type":"object"}"#), .anthropic)?.code == .unsupported)
        #expect(Self.refusal(Self.answer("5"), .openAI)?.code == .unsupported)
    }

    @Test func `the name of an answer's schema is spelled as the vendor wants it`() throws {
        let schema = #"{"type":"object","properties":{},"additionalProperties":false}"#
        #expect(
            try Self.send(Self.answer(schema, name: "Tide (é)"), .openAI).request
                == Self.answer(schema, name: "Tide____")
        )
    }

    @Test func `free JSON needs the word at OpenAI`() {
        #expect(Self.refusal(ChatRequest([.user("?")], responseFormat: .json), .openAI)?.code == .invalidRequest)
        #expect(Self.refusal(ChatRequest([.user("As json")], responseFormat: .json), .openAI) == nil)
    }
}
