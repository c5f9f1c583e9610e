import Hummingbird
import LLMKit

/// `POST /extract`: what a text says about an order, as JSON of one type.
struct ExtractRoute {
    struct Text: Decodable { var text: String }

    /// What the model is held to, and what the client gets.
    struct Order: Codable, ResponseEncodable {
        enum Urgency: String, Codable, CaseIterable { case low, normal, high }
        var item: String
        var quantity: Int
        var urgency: Urgency
    }

    var pipeline: Pipeline

    func add(to router: Hummingbird.Router<BasicRequestContext>) {
        router.post("extract") { request, context in
            var request = request
            let text = try await request.take(Text.self, in: context).text
            var ask = ChatRequest(
                [.system("Read the order from the text."), .user(text)],
                caller: request.caller(for: "extract")
            )
            ask.deadline = .now + .seconds(30)
            return try await request.whileClientStays { [ask] in
                try await pipeline.respond(to: ask, as: Order.self)
            }.response(from: request, context: context).closingConnection()
        }
    }
}
