import Foundation
import LLMKit
import LLMKitTesting
import Testing

// What the guide on tools shows, kept compiling and true.

struct TideTable {
    var highWater: [String: String]
}

@Suite struct CallingTools {
    // BEGIN Calling-tools
    struct Place: Decodable { var harbour: String }

    func makeTools(_ tides: TideTable) throws -> [RunnableTool] {
        [
            try RunnableTool("tide", description: "Tells when the water is high in a harbour.") { (place: Place) in
                guard let time = tides.highWater[place.harbour] else {
                    // The model reads this, and may ask for another one.
                    throw ToolFailure("there is no harbour \(place.harbour)")
                }
                return "High water in \(place.harbour): \(time)"
            }
        ]
    }

    func converse(_ question: String, with pipeline: Pipeline, _ tools: [RunnableTool]) async throws -> String {
        let talk = try await pipeline.respond(to: ChatRequest(question), using: tools, maxRounds: 4)
        for run in talk.runs { print(run.call.name, run.duration, run.error?.code ?? "done") }
        print("\(talk.steps.count) turns, \(talk.usage.total) tokens, \(talk.cost?.description ?? "price unknown")")
        return talk.text
    }
    // END Calling-tools

    // BEGIN Calling-tools
    /// Asks, runs what the model wants run, and asks again, until it answers in words.
    func converseByHand(_ question: String, with pipeline: Pipeline, _ tool: Tool) async throws -> String? {
        var request = ChatRequest([.user(question)], tools: [tool])
        // A model may go on asking for ever; a conversation may not.
        for _ in 0..<8 {
            let answer = try await pipeline.respond(to: request)
            if answer.toolCalls.isEmpty { return answer.text }
            // The whole message: text, calls, thoughts and what the vendor signed.
            request.messages.append(answer.message)
            for call in answer.toolCalls {
                do {
                    let place = try call.decode(Place.self)
                    request.messages.append(.toolResult(call.id, "High water in \(place.harbour): 12:40"))
                } catch {
                    request.messages.append(.toolResult(call.id, "\(error)", isError: true))
                }
            }
        }
        return nil
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
        let tools = try makeTools(TideTable(highWater: ["Elsin": "12:40"]))
        #expect(try await converse("When is the tide?", with: pipeline, tools) == "At 12:40.")
        let results = try #require(mock.requests.last).messages.flatMap(\.parts).compactMap { part in
            if case .toolResult(let result) = part { result } else { nil }
        }
        #expect(results.map(\.callID) == ["a", "b", "c"])
        #expect(results.map(\.isError) == [false, true, true])
        #expect(results.first?.text == "High water in Elsin: 12:40")
    }

    @Test func `the loop by hand does, too, and leaves a model that never stops asking`() async throws {
        let tool = Tool("tide", description: "", parameters: try JSONSchema(for: Place.self))
        let mock = MockProvider(script: [
            asking(
                ToolCall(id: "a", name: "tide", arguments: #"{"harbour":"Elsin"}"#),
                ToolCall(id: "b", name: "tide", arguments: "{")
            ), .answer(ChatResponse("At 12:40.")),
        ])
        let pipeline = try Pipeline(router: .to("m")) { ChatModel("m", mock) }
        #expect(try await converseByHand("When is the tide?", with: pipeline, tool) == "At 12:40.")
        #expect(mock.requests.last?.messages.map(\.role) == [.user, .assistant, .tool, .tool])
        let endless = MockProvider { _, call in
            asking(ToolCall(id: "\(call)", name: "tide", arguments: #"{"harbour":"Elsin"}"#))
        }
        let other = try Pipeline(router: .to("m")) { ChatModel("m", endless) }
        #expect(try await converseByHand("When is the tide?", with: other, tool) == nil)
        #expect(endless.requests.count == 8)
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
