/// A conversation in which a model used tools, to its end.
public struct ToolConversation: Sendable {
    /// One turn of the model, and what was run for it.
    public struct Step: Sendable {
        public var response: ChatResponse
        /// In the order of ``ChatResponse/toolCalls``; empty for the last turn.
        public var runs: [ToolRun]
    }

    /// Every message so far, the last answer included: append a question, and go on.
    public var messages: [ChatMessage]
    /// The model's turns, in order; at least one.
    public var steps: [Step]
    /// Whether the model was kept from calling tools once more, because its rounds were used up.
    public var reachedLimit: Bool
    /// The model's last answer.
    public var response: ChatResponse

    /// What it says.
    public var text: String { response.text }
    /// The tokens of all turns.
    public var usage: Usage { steps.reduce(Usage()) { $0 + $1.response.usage } }
    /// What all turns cost; `nil` if the cost of one is unknown.
    public var cost: Money? {
        steps.reduce(Money.zero) { sum, step in
            guard let sum, let cost = step.response.cost else { return nil }
            return sum + cost
        }
    }
    /// All runs of tools, in order.
    public var runs: [ToolRun] { steps.flatMap(\.runs) }
}

/// One call of a tool, and what came of it.
public struct ToolRun: Sendable {
    public var call: ToolCall
    /// What the model read.
    public var result: ToolResult
    /// How long it took.
    public var duration: Duration
    /// Whether a deterministic tool had the result already.
    public var isRemembered: Bool
    /// Why it failed, if it did: what the tool threw is the error's ``LLMError/cause``. A copy of the reason went to the model as
    /// far as it may know, see ``ToolFailure``.
    public var error: LLMError?
}
