/// Reads the `messages` of a Messages request.
enum AnthropicMessageDecoder {
    /// Messages, and where the sender wants them kept in the prompt cache.
    struct Conversation {
        var messages: [ChatMessage] = []
        var breakpoints: [(message: Int, part: Int, isOneHour: Bool)] = []
    }

    static func decode(
        _ json: inout JSONReader,
        losses decoded: inout DecodedRequest
    ) throws(WireError) -> Conversation {
        var conversation = Conversation()
        try RequestReading.elements(of: &json, at: "messages") { (path, json) throws(WireError) in
            var role = ""
            var content: JSONReader?
            try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
                switch name {
                case "role": role = try json.string(at: "\(path).role")
                case "content": content = try json.place(at: "\(path).content")
                default: throw .malformed("\(path).\(name)", "\(path).\(name): Extra inputs are not permitted")
                }
            }
            guard let known = ChatMessage.Role(rawValue: role), known != .tool else {
                throw .malformed("\(path).role", "\(path).role: Input should be 'user' or 'assistant'")
            }
            guard var content else { throw .malformed("\(path).content", "\(path).content: Field required") }
            try read(&content, of: known, at: "\(path).content", into: &conversation, losses: &decoded)
        }
        return conversation
    }

    /// Results of tools become a message of their own, in front of whatever else the turn holds.
    private static func read(
        _ json: inout JSONReader,
        of role: ChatMessage.Role,
        at path: String,
        into conversation: inout Conversation,
        losses decoded: inout DecodedRequest
    ) throws(WireError) {
        if try json.kind(at: path) == .string {
            conversation.messages.append(ChatMessage(role, try json.string(at: path)))
            return
        }
        var (results, others) = ([AnthropicRequestBlock](), [AnthropicRequestBlock]())
        try RequestReading.elements(of: &json, at: path) { (path, json) throws(WireError) in
            let block = try AnthropicRequestBlock.read(&json, at: path, losses: &decoded)
            guard block.part?.belongs(to: role) ?? true else {
                throw .malformed(path, "\(path): `\(block.type)` blocks are not allowed in `\(role)` messages")
            }
            if case .toolResult? = block.part { results.append(block) } else { others.append(block) }
        }
        for (role, blocks) in [(ChatMessage.Role.tool, results), (role, others)] where !blocks.isEmpty {
            var message = ChatMessage(role, parts: [])
            for block in blocks {
                if let isOneHour = block.cacheForOneHour {
                    conversation.breakpoints.append((conversation.messages.count, message.parts.count, isOneHour))
                }
                if let part = block.part { message.parts.append(part) }
            }
            conversation.messages.append(message)
        }
        if results.isEmpty, others.isEmpty { conversation.messages.append(ChatMessage(role, parts: [])) }
    }

    /// Reads a `cache_control`.
    /// - Returns: whether it asks for an hour, rather than five minutes.
    static func isOneHour(_ json: inout JSONReader, at path: String) throws(WireError) -> Bool {
        var lifetime = "5m"
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            guard name == "ttl" else { return try json.skip(at: path) }
            lifetime = try json.string(at: "\(path).ttl")
        }
        guard lifetime == "5m" || lifetime == "1h" else {
            throw .malformed("\(path).ttl", "\(path).ttl: Input should be '5m' or '1h'")
        }
        return lifetime == "1h"
    }
}

extension ChatMessage.Part {
    fileprivate func belongs(to role: ChatMessage.Role) -> Bool {
        switch self {
        case .text, .vendor: true
        case .image, .toolResult: role == .user
        case .toolCall, .thinking: role == .assistant
        }
    }
}
