/// When the pieces of an answer are sent: a wait before the first token, and a short one before each other.
struct Pace {
    private let first: Duration
    private let perToken: Duration

    init(model: SimulatedModel, hash: StableHash, scale: Double) {
        first = .milliseconds(hash.combined(with: "first token").value(in: model.firstToken) * scale)
        perToken = .milliseconds(model.perToken * scale)
    }

    func whole(_ tokens: Int) -> Duration { first + perToken * tokens }

    func chunks(_ documents: [JSONValue]) -> [Reply.Chunk] {
        let events = documents.map { "data: \($0)\n\n" } + ["data: [DONE]\n\n"]
        return events.enumerated().map { index, event in
            let isToken = index > 0 && index < documents.count - 1
            return Reply.Chunk(delay: index == 0 ? first : isToken ? perToken : .zero, bytes: Array(event.utf8))
        }
    }

    func chunks(_ events: [AnthropicWire.Event]) -> [Reply.Chunk] {
        events.enumerated().map { index, event in
            let text = "event: \(event.name)\ndata: \(event.data)\n\n"
            return Reply.Chunk(
                delay: index == 0 ? first : event.isToken ? perToken : .zero,
                bytes: Array(text.utf8)
            )
        }
    }
}
