import Foundation
import Hummingbird
import LLMKit

/// `POST /agent`: an answer that the model may look things up for.
struct AgentRoute {
    struct Question: Decodable { var message: String }
    struct Answer: Encodable, ResponseEncodable { var text: String }
    struct Tide: Decodable { var harbour: String }

    /// How often the model may ask for tools: one that never ends must be ended.
    private static let mostRounds = 6
    private static let highWater = ["Brest": "04:10", "Hamburg": "12:40", "Oban": "06:55"]

    var pipeline: Pipeline

    func add(to router: Hummingbird.Router<BasicRequestContext>) {
        router.post("agent") { request, context in
            var request = request
            let question = try await request.take(Question.self, in: context)
            let ask = ChatRequest(
                [.user(question.message)],
                tools: [
                    Tool(
                        "tide",
                        description: "Tells when the water is high in a harbour.",
                        parameters: try JSONSchema(for: Tide.self)
                    )
                ],
                caller: request.caller(for: "agent")
            )
            // Nobody pays for the rounds of a client that has left.
            return try await request.whileClientStays { Answer(text: try await converse(ask)) }
        }
    }

    private func converse(_ ask: ChatRequest) async throws -> String {
        var ask = ask
        ask.deadline = .now + .seconds(60)
        for _ in 0..<Self.mostRounds {
            let answer = try await pipeline.respond(to: ask)
            if answer.toolCalls.isEmpty { return answer.text }
            ask.messages.append(answer.message)
            for call in answer.toolCalls { ask.messages.append(Self.result(of: call)) }
        }
        throw LLMError(.attemptsExhausted, "no answer after \(Self.mostRounds) rounds of tools")
    }

    /// The model reads mistakes, too, and mends them.
    private static func result(of call: ToolCall) -> ChatMessage {
        guard call.name == "tide", let tide = try? JSONDecoder().decode(Tide.self, from: Data(call.arguments.utf8))
        else {
            return .toolResult(call.id, "there is one tool, tide, and it needs a harbour", isError: true)
        }
        guard let time = highWater[tide.harbour] else {
            return .toolResult(
                call.id,
                "known harbours: \(highWater.keys.sorted().joined(separator: ", "))",
                isError: true
            )
        }
        return .toolResult(call.id, "High water in \(tide.harbour): \(time)")
    }
}
