import LLMKit

/// One of the answers to a request: what the model says, and how it is told.
struct Choice: Sendable {
    var answer: Answer
    var response: ChatResponse

    init(
        _ answer: Answer,
        to conversation: Conversation,
        from model: SimulatedModel,
        usage: Usage,
        id: String,
        hash: StableHash
    ) {
        self.answer = answer
        let calls = answer.calls.map { ChatMessage.Part.toolCall($0) }
        let tokens = conversation.logProbabilities.flatMap { top in
            calls.isEmpty ? answer.logProbabilities(top: top, hash: hash) : nil
        }
        response = ChatResponse(
            ChatMessage(
                .assistant,
                parts: (answer.thinking.map { [.thinking($0)] } ?? []) + (calls.isEmpty ? [.text(answer.text)] : calls)
            ),
            finish: answer.finish,
            usage: usage,
            servedModel: model.servedID,
            id: id,
            logProbabilities: tokens
        )
    }
}
