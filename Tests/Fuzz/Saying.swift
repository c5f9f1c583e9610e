/// What an answer says, however its parts are ordered: the same for its events, its end, and whoever writes it again.
struct Saying: Equatable {
    private var text: [Unicode.Scalar] = []
    private var thinking: [Unicode.Scalar] = []
    private var calls: [ToolCall] = []

    init(of events: [StreamEvent]) {
        for event in events {
            switch event {
            case .text(let more): text += more.unicodeScalars
            case .thinking(let more): thinking += more.unicodeScalars
            case .toolCall(let delta):
                while calls.count <= delta.index { calls.append(ToolCall(id: "", name: "", arguments: "")) }
                if let id = delta.id { calls[delta.index].id = id }
                if let name = delta.name { calls[delta.index].name = name }
                calls[delta.index].arguments += delta.arguments
            case .end: break
            }
        }
        text.sort()
        thinking.sort()
    }

    init(of response: ChatResponse) {
        for part in response.message.parts {
            switch part {
            case .text(let more): text += more.unicodeScalars
            case .thinking(let more): thinking += more.text.unicodeScalars
            case .toolCall(let call): calls.append(ToolCall(id: call.id, name: call.name, arguments: call.arguments))
            default: break
            }
        }
        text.sort()
        thinking.sort()
    }
}
