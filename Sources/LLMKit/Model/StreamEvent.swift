/// One step of a streamed answer.
public enum StreamEvent: Hashable, Sendable {
    case text(String)
    case thinking(String)
    case toolCall(ToolCallDelta)
    /// The last event: the whole answer, with its usage, model and timing.
    ///
    /// Kept behind a reference, so that the thousands of small events before it stay small.
    indirect case end(ChatResponse)
}

/// A piece of a tool call. Calls may interleave: ``index`` tells them apart.
public struct ToolCallDelta: Hashable, Sendable {
    /// Which call of the answer this belongs to, from 0.
    public var index: Int
    /// Set on the first piece of a call.
    public var id: String?
    /// Set on the first piece of a call.
    public var name: String?
    /// The next piece of the arguments' JSON text.
    public var arguments: String

    public init(index: Int, id: String? = nil, name: String? = nil, arguments: String = "") {
        self.index = index
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
