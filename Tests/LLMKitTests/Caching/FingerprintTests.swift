import Testing

@testable import LLMKit

@Suite struct FingerprintTests {
    private func print(_ request: ChatRequest) -> String { Fingerprint(of: request).description }

    /// A request that sets everything there is.
    private static func full() throws -> ChatRequest {
        var request = ChatRequest(
            [
                .system("Be brief."),
                ChatMessage(
                    .user,
                    parts: [
                        .text("What is this?"),
                        .image(ChatImage(.data([1, 2, 3], mediaType: "image/png"), detail: .low)),
                        .image(ChatImage(.url("https://example.com/a.png"))),
                    ]
                ),
                ChatMessage(
                    .assistant,
                    parts: [
                        .thinking(Thinking("hm", signature: "sig", redacted: "red", origin: "a.chat")),
                        .vendor(VendorPart(origin: "a.chat", json: try JSONText("{}"))), .text("Let me look."),
                        .toolCall(ToolCall(id: "c1", name: "look", arguments: "{\"at\":1}")),
                    ]
                ),
                .toolResult("c1", "a harbour"),
            ],
            model: "large",
            tools: [Tool("look", description: "Looks.", parameters: try JSONSchema("{}"), isStrict: true)],
            toolChoice: .tool("look"),
            responseFormat: .jsonSchema(try JSONSchema(name: "thing", "{\"type\":\"object\"}")),
            sampling: Sampling(
                temperature: 0.5,
                topP: 0.9,
                maxOutputTokens: 100,
                stop: ["END"],
                seed: 7,
                logProbabilities: .init(top: 2)
            ),
            reasoningEffort: .low,
            caller: Caller(tenant: "harbour")
        )
        request.allowsParallelToolCalls = true
        return request
    }

    private typealias Change = @Sendable (inout ChatRequest) throws -> Void

    private static func part(_ message: Int, _ index: Int, _ part: ChatMessage.Part) -> Change {
        { $0.messages[message].parts[index] = part }
    }

    private static let changes: [Change] = [
        { $0.caller.tenant = nil }, { $0.caller.tenant = "harbor" }, { $0.model = nil }, { $0.model = "small" },
        { $0.messages[0].role = .user }, { $0.messages.removeLast() }, { $0.messages.swapAt(0, 1) },
        { $0.messages.append(.user("")) }, { $0.messages[1].parts.swapAt(1, 2) },
        part(0, 0, .text("Be brief")), part(1, 0, .text("What is this? ")),
        part(1, 1, .image(ChatImage(.data([1, 2, 4], mediaType: "image/png"), detail: .low))),
        part(1, 1, .image(ChatImage(.data([1, 2, 3], mediaType: "image/gif"), detail: .low))),
        part(1, 1, .image(ChatImage(.data([1, 2, 3], mediaType: "image/png"), detail: .high))),
        part(1, 1, .image(ChatImage(.data([1, 2, 3], mediaType: "image/png")))),
        part(1, 2, .image(ChatImage(.url("https://example.com/b.png")))),
        part(2, 0, .thinking(Thinking("hmm", signature: "sig", redacted: "red", origin: "a.chat"))),
        part(2, 0, .thinking(Thinking("hm", signature: "sag", redacted: "red", origin: "a.chat"))),
        part(2, 0, .thinking(Thinking("hm", signature: "sig", redacted: nil, origin: "a.chat"))),
        part(2, 0, .thinking(Thinking("hm", signature: nil, redacted: "sig", origin: "a.chat"))),
        part(2, 0, .thinking(Thinking("hm", signature: "sig", redacted: "red", origin: "b.chat"))),
        { $0.messages[2].parts[1] = .vendor(VendorPart(origin: "b.chat", json: try JSONText("{}"))) },
        { $0.messages[2].parts[1] = .vendor(VendorPart(origin: "a.chat", json: try JSONText("[]"))) },
        part(2, 3, .toolCall(ToolCall(id: "c2", name: "look", arguments: "{\"at\":1}"))),
        part(2, 3, .toolCall(ToolCall(id: "c1", name: "see", arguments: "{\"at\":1}"))),
        part(2, 3, .toolCall(ToolCall(id: "c1", name: "look", arguments: "{\"at\":2}"))),
        part(3, 0, .toolResult(ToolResult(callID: "c2", text: "a harbour"))),
        part(3, 0, .toolResult(ToolResult(callID: "c1", text: "a boat"))),
        part(3, 0, .toolResult(ToolResult(callID: "c1", text: "a harbour", isError: true))),
        { $0.tools[0].name = "see" }, { $0.tools[0].description = "Sees." }, { $0.tools[0].isStrict = false },
        { $0.tools[0].isStrict = nil }, { $0.tools[0].parameters = try JSONSchema("[]") },
        { $0.tools[0].parameters.name = "other" }, { $0.tools.append($0.tools[0]) }, { $0.tools = [] },
        { $0.toolChoice = nil }, { $0.toolChoice = .automatic }, { $0.toolChoice = ToolChoice.none },
        { $0.toolChoice = .required }, { $0.toolChoice = .tool("see") },
        { $0.allowsParallelToolCalls = false }, { $0.allowsParallelToolCalls = nil },
        { $0.responseFormat = .text }, { $0.responseFormat = .json },
        { $0.responseFormat = .jsonSchema(try JSONSchema(name: "other", "{\"type\":\"object\"}")) },
        { $0.responseFormat = .jsonSchema(try JSONSchema(name: "thing", "{}")) },
        { $0.sampling.temperature = nil }, { $0.sampling.temperature = 0.9 }, { $0.sampling.topP = 0.5 },
        { ($0.sampling.temperature, $0.sampling.topP) = (0.9, 0.5) }, { $0.sampling.maxOutputTokens = 101 },
        { $0.sampling.maxOutputTokens = nil }, { $0.sampling.stop = [] }, { $0.sampling.stop = ["EN", "D"] },
        { $0.sampling.stop.append("") }, { $0.sampling.seed = nil }, { $0.sampling.seed = -7 },
        { $0.sampling.logProbabilities = nil }, { $0.sampling.logProbabilities = .init(top: 0) },
        { $0.reasoningEffort = nil }, { $0.reasoningEffort = .high },
    ]

    @Test func `every change that can change the answer changes the fingerprint`() throws {
        let original = try Self.full()
        var prints: Set<String> = [print(original)]
        for (index, change) in Self.changes.enumerated() {
            var request = original
            try change(&request)
            #expect(prints.insert(print(request)).inserted, "change \(index) makes no difference")
        }
    }

    @Test func `what does not change the answer does not change the fingerprint`() throws {
        let original = try Self.full()
        var request = original
        request.caller.user = "u"
        request.caller.feature = "f"
        request.caller.conversation = "c"
        request.caller.tags = ["a": "b"]
        request.deadline = .now
        request.timeouts = Timeouts(connect: .seconds(1))
        request.cachePolicy = .none
        request.scope = RequestScope(attempts: 3)
        request.trace = TraceContext(traceID: .random(), spanID: .random())
        #expect(print(request) == print(original))
        request.sampling.temperature = 0
        var other = request
        other.sampling.temperature = -0.0
        #expect(print(request) == print(other))
    }

    @Test func `texts that join to the same are kept apart`() {
        let pairs: [([ChatMessage], [ChatMessage])] = [
            ([.user("ab"), .user("c")], [.user("a"), .user("bc")]),
            (
                [ChatMessage(.user, parts: [.text("ab"), .text("c")])],
                [ChatMessage(.user, parts: [.text("a"), .text("bc")])]
            ),
            ([ChatMessage(.user, parts: [.text("ab"), .text("")])], [ChatMessage(.user, parts: [.text("ab")])]),
            ([.user("a"), .user("b")], [ChatMessage(.user, parts: [.text("a"), .text("b")])]),
            ([.user("a"), .assistant("b")], [.user("a"), .user("b")]),
        ]
        for (a, b) in pairs { #expect(print(ChatRequest(a)) != print(ChatRequest(b))) }
        // The same letters in another normal form: the model sees other tokens.
        #expect(print("\u{E9}") != print("e\u{301}"))
    }

    @Test func `random requests collide only if they are the same`() {
        var generator = SeededGenerator(seed: 11)
        var known: [String: ChatRequest] = [:]
        for _ in 0..<3000 {
            let messages = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                ChatMessage(
                    [.user, .assistant].randomElement(using: &generator) ?? .user,
                    parts: (0..<Int.random(in: 0...2, using: &generator)).map { _ in
                        let text = ["", "a", "b", "ab"].randomElement(using: &generator) ?? ""
                        return Bool.random(using: &generator)
                            ? .text(text) : .toolResult(ToolResult(callID: text, text: "a"))
                    }
                )
            }
            let request = ChatRequest(messages, sampling: Sampling(stop: Bool.random(using: &generator) ? ["a"] : []))
            if let other = known.updateValue(request, forKey: print(request)) { #expect(other == request) }
        }
        #expect(known.count > 100)
    }

    @Test func `the fingerprint is the same in every process, forever`() throws {
        // If this fails, every stored answer is out of reach: raise FingerprintEncoder.version, and note it as a change.
        #expect(print("Hello") == "5003c33d2c644f480885a50e1883707b3f802af0279aad083efb3943b5623215")
        var request: ChatRequest = "Hi"
        request.model = "small"
        request.caller.tenant = "t1"
        request.sampling = Sampling(temperature: 0.5, maxOutputTokens: 10)
        #expect(print(request) == "2c13440752b951b8a352858fba696c010bb4bea1fbf8a4696f849a6f799f4862")
    }

    @Test func `bytes and digits say the same`() throws {
        let print = Fingerprint(of: "Hello")
        #expect(print.bytes.count == 32)
        #expect(Fingerprint(bytes: print.bytes) == print)
        #expect(Fingerprint(bytes: [1, 2, 3]) == nil)
        #expect(print.description.hasPrefix(String(print.a, radix: 16).prefix(8)))
    }

    @Test func `a query computes its fingerprint once`() {
        let query = CacheContext("Hello")
        #expect(query.fingerprint == Fingerprint(of: "Hello"))
        #expect(query.fingerprint == query.fingerprint)
    }
}
