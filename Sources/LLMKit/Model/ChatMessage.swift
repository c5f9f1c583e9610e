/// One message of a conversation: who speaks, and the typed parts of what is said.
///
/// Parts keep what plain text loses: images, tool calls and their results, and thinking whose vendor signature must go
/// back byte for byte.
public struct ChatMessage: Hashable, Sendable, Codable {
    /// Who speaks. OpenAI's `developer` and Anthropic's top-level system prompt are both ``system``.
    public enum Role: String, Hashable, Sendable, Codable {
        case system, user, assistant, tool
    }

    public var role: Role
    public var parts: [Part]

    public init(_ role: Role, parts: [Part]) {
        self.role = role
        self.parts = parts
    }

    package init(_ role: Role, _ text: String) {
        self.init(role, parts: [.text(text)])
    }

    public static func system(_ text: String) -> ChatMessage { ChatMessage(.system, text) }
    public static func user(_ text: String) -> ChatMessage { ChatMessage(.user, text) }
    public static func assistant(_ text: String) -> ChatMessage { ChatMessage(.assistant, text) }

    /// The answer of a tool to the call with this id, to be sent back to the model.
    public static func toolResult(_ callID: String, _ text: String, isError: Bool = false) -> ChatMessage {
        ChatMessage(.tool, parts: [.toolResult(ToolResult(callID: callID, text: text, isError: isError))])
    }

    /// The text parts, joined. Images, tool traffic and thinking are left out.
    public var text: String {
        if case .text(let only)? = parts.first, parts.count == 1 { return only }
        return parts.reduce(into: "") { text, part in
            if case .text(let more) = part { text += more }
        }
    }

    /// The tool calls of this message, in order.
    public var toolCalls: [ToolCall] {
        parts.compactMap { part in
            if case .toolCall(let call) = part { call } else { nil }
        }
    }
}
