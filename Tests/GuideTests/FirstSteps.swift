import LLMKit
import LLMKitTesting
import Testing

// What First steps shows besides the smallest program, kept compiling and true.

@Suite struct FirstSteps {
    // BEGIN First-steps
    struct Trip: Decodable { var city: String, days: Int, hotel: String? }

    func plan(_ wish: String, at address: String, ledger: Ledger) async throws -> Trip {
        let pipeline = try Pipeline(router: .to("local"), meter: ledger) {
            // Any server that speaks Chat Completions: vLLM, llama.cpp, Ollama, LM Studio, a proxy.
            ChatModel(
                "local",
                .openAICompatible("qwen3-8b", at: address),
                price: .free
            )
        }
        var request: ChatRequest = "Plan a trip."
        request.messages.append(.user(wish))
        request.deadline = .now + .seconds(30)
        // The model is held to the type's JSON schema, and the answer decoded.
        return try await pipeline.respond(to: request, as: Trip.self)
    }
    // END First-steps

    @Test func `the example asks a server at an address of one's own, and decodes what it says`() async throws {
        let server = try LoopbackServer { _, responder in
            let answer = #"{\"city\":\"Lyon\",\"days\":2}"#
            responder.respond(
                headers: ["Content-Type": "application/json"],
                body: #"{"choices":[{"message":{"content":"\#(answer)"},"finish_reason":"stop"}]}"#
            )
        }
        let ledger = try Ledger(path: ":memory:")
        let trip = try await plan("Two days in Lyon.", at: server.url, ledger: ledger)
        #expect(trip.city == "Lyon" && trip.days == 2 && trip.hotel == nil)
        await ledger.flush()
        let rows = try await ledger.summary(groupedBy: .model)
        #expect(rows.count == 1)
    }
}
