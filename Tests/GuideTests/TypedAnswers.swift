import LLMKit
import LLMKitTesting
import Testing

// What the guide on typed answers shows, kept compiling and true.

@Suite struct TypedAnswers {
    // BEGIN Typed-answers
    struct Order: Decodable, Sendable {
        enum Urgency: String, Decodable, CaseIterable, Sendable { case low, normal, high }
        var item: String
        var quantity: Int
        var urgency: Urgency
        /// May be `null` in the answer, but is asked for.
        var note: String?
    }

    func readOrder(_ mail: String, with pipeline: Pipeline) async throws -> (order: Order, cost: Money?) {
        let request = ChatRequest([.system("Read the order from the mail."), .user(mail)])
        do {
            let order = try await pipeline.typedResponse(to: request, as: Order.self)
            return (order.answer, order.response.cost)
        } catch {
            // What the model wrote, and where it does not fit, for a log that may hold content.
            if let invalid = error.cause as? InvalidAnswer { print(invalid.path, invalid.reason) }
            throw error
        }
    }
    // END Typed-answers

    @Test func `an order comes with what it cost`() async throws {
        let mock = MockProvider(#"{"item":"rope","quantity":2,"urgency":"high","note":null}"#)
        let pipeline = try Pipeline(router: .to("m")) { ChatModel("m", mock, price: .free) }
        let (order, cost) = try await readOrder("Two ropes, now!", with: pipeline)
        #expect(order.item == "rope" && order.quantity == 2 && order.urgency == .high && order.note == nil)
        #expect(cost == .zero)
    }

    @Test func `an answer that does not fit is an error that says where`() async throws {
        let pipeline = try Pipeline(router: .to("m")) {
            ChatModel("m", MockProvider(#"{"item":"rope","quantity":2,"urgency":"soon"}"#))
        }
        let error = await #expect(throws: LLMError.self) { try await readOrder("Two ropes!", with: pipeline) }
        #expect((error?.cause as? InvalidAnswer)?.path == "urgency")
    }
}
