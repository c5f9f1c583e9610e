/// One step of a streamed conversation with tools.
public enum ToolEvent: Sendable {
    /// Something of the model's turn: text to show, pieces of calls, and at the end of each turn ``StreamEvent/end(_:)`` with its
    /// whole answer.
    case answer(StreamEvent)
    /// A tool is about to run.
    case started(ToolCall)
    /// A tool has run. Those of one round are told when all of it have, in the order of their calls.
    case finished(ToolRun)
    /// The last event.
    indirect case end(ToolConversation)
}
