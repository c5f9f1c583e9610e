import Hummingbird
import LLMKit

/// `POST /agent`: an answer that the model may look things up for.
struct AgentRoute {
    struct Question: Decodable { var message: String }
    struct Answer: Encodable, ResponseEncodable {
        var text: String
        /// The tools that were run for it.
        var tools: [String]
        var cost: String?
    }
    struct Place: Decodable { var harbour: String }

    private static let highWater = ["Brest": "04:10", "Hamburg": "12:40", "Oban": "06:55"]

    let pipeline: Pipeline
    let tools: [RunnableTool]

    init(pipeline: Pipeline) throws(LLMError) {
        self.pipeline = pipeline
        let description = "Tells when the water is high in a harbour."
        let tide = try RunnableTool("tide", description: description, isDeterministic: true) { (place: Place) in
            guard let time = Self.highWater[place.harbour] else {
                throw ToolFailure("known harbours: \(Self.highWater.keys.sorted().joined(separator: ", "))")
            }
            return "High water in \(place.harbour): \(time)"
        }
        tools = [tide]
    }

    func add(to router: Hummingbird.Router<BasicRequestContext>) {
        router.post("agent") { request, context in
            var request = request
            let question = try await request.take(Question.self, in: context)
            var ask = ChatRequest(question.message, caller: request.caller(for: "agent"))
            ask.deadline = .now + .seconds(60)
            // Nobody pays for the rounds of a client that has left.
            return try await request.whileClientStays { [ask] in
                let talk = try await pipeline.respond(to: ask, using: tools, maxRounds: 6)
                return Answer(
                    text: talk.text,
                    tools: talk.runs.map(\.call.name),
                    cost: talk.cost?.description
                )
            }.response(from: request, context: context).closingConnection()
        }
    }
}
