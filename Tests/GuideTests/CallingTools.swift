import Foundation
import LLMKit
import LLMKitTesting
import Testing

// What the guide on tools shows, kept compiling and true.

@Suite struct CallingTools {
    // BEGIN Calling-tools
    struct Tide: Decodable { var harbour: String }
    struct NoEnd: Error {}

    /// Asks, runs what the model wants run, and asks again, until it answers in words.
    func converse(_ question: String, with pipeline: Pipeline) async throws -> String {
        let tide = Tool(
            "tide",
            description: "Tells when the water is high in a harbour.",
            parameters: try JSONSchema(for: Tide.self)
        )
        var request = ChatRequest([.user(question)], tools: [tide])
        // A model may go on asking for ever; a conversation may not.
        for _ in 0..<8 {
            let answer = try await pipeline.respond(to: request)
            if answer.toolCalls.isEmpty { return answer.text }
            // The whole message: text, calls, thoughts and what the vendor signed.
            request.messages.append(answer.message)
            for call in answer.toolCalls { request.messages.append(result(of: call)) }
        }
        throw NoEnd()
    }

    /// What is sent back for a call. The model reads mistakes, too, and mends them.
    func result(of call: ToolCall) -> ChatMessage {
        guard call.name == "tide" else {
            return .toolResult(call.id, "there is no tool \(call.name)", isError: true)
        }
        do {
            let tide = try JSONDecoder().decode(Tide.self, from: Data(call.arguments.utf8))
            return .toolResult(call.id, "High water in \(tide.harbour): 12:40")
        } catch {
            return .toolResult(call.id, "the arguments need a harbour", isError: true)
        }
    }
    // END Calling-tools

    private func asking(_ calls: ToolCall...) -> MockOutcome {
        let parts = [ChatMessage.Part.text("I will look.")] + calls.map { .toolCall($0) }
        return .answer(ChatResponse(ChatMessage(.assistant, parts: parts), finish: .toolCalls))
    }

    @Test func `the loop answers every call, mistakes among them, and ends with the model's words`() async throws {
        let mock = MockProvider(script: [
            asking(
                ToolCall(id: "a", name: "tide", arguments: #"{"harbour":"Elsin"}"#),
                ToolCall(id: "b", name: "tide", arguments: "{")
            ),
            asking(ToolCall(id: "c", name: "moon", arguments: "{}")), .answer(ChatResponse("At 12:40.")),
        ])
        let pipeline = try Pipeline(router: .to("m")) { ChatModel("m", mock) }
        #expect(try await converse("When is the tide?", with: pipeline) == "At 12:40.")
        let last = try #require(mock.requests.last)
        #expect(last.messages.map(\.role) == [.user, .assistant, .tool, .tool, .assistant, .tool])
        let results = last.messages.flatMap(\.parts).compactMap { part in
            if case .toolResult(let result) = part { result } else { nil }
        }
        #expect(results.map(\.callID) == ["a", "b", "c"])
        #expect(results.map(\.isError) == [false, true, true])
        #expect(results.first?.text == "High water in Elsin: 12:40")
    }

    @Test func `a model that never stops asking is left`() async throws {
        let mock = MockProvider { _, call in
            asking(ToolCall(id: "\(call)", name: "tide", arguments: #"{"harbour":"Elsin"}"#))
        }
        let pipeline = try Pipeline(router: .to("m")) { ChatModel("m", mock) }
        await #expect(throws: NoEnd.self) { try await converse("When is the tide?", with: pipeline) }
        #expect(mock.requests.count == 8)
    }

    @Test func `a message with signed thoughts survives being kept as JSON`() throws {
        let thought = Thinking("Elsin has tides.", signature: "EqQB/+=", origin: "anthropic.messages")
        let message = ChatMessage(
            .assistant,
            parts: [.thinking(thought), .toolCall(ToolCall(id: "a", name: "tide", arguments: "{ }"))]
        )
        #expect(try JSONDecoder().decode(ChatMessage.self, from: JSONEncoder().encode(message)) == message)
    }
}
