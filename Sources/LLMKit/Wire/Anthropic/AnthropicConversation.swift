/// A conversation in the order the Messages API wants: the system prompt apart, then turns of user and assistant in
/// alternation, in which tool results come first.
struct AnthropicConversation {
    private var system: [ChatMessage.Part] = []
    private var turns: [Turn] = []

    private struct Turn {
        var isAssistant: Bool
        var parts: [ChatMessage.Part]
    }

    /// Sorts messages into turns, and leaves out what the API would refuse.
    init(_ messages: [ChatMessage], losses: inout RequestLosses) {
        for message in messages {
            let parts = message.parts.compactMap { Self.admitted($0, losses: &losses) }
            if message.role == .system {
                system += parts
                if !turns.isEmpty { losses.insert(.systemPosition) }
                continue
            }
            let isAssistant = message.role == .assistant
            if let last = turns.indices.last, turns[last].isAssistant == isAssistant {
                turns[last].parts += parts
            } else {
                turns.append(Turn(isAssistant: isAssistant, parts: parts))
            }
        }
        turns.removeAll { $0.parts.isEmpty }
    }

    private static func admitted(_ part: ChatMessage.Part, losses: inout RequestLosses) -> ChatMessage.Part? {
        switch part {
        case .text(let text): return text.isEmpty ? nil : part
        case .image(let image):
            // The API has no such setting. Leaving it to the vendor is what it does anyway.
            if let detail = image.detail, detail != .automatic { losses.insert(.imageDetail) }
            return part
        case .toolResult: return part
        case .toolCall(let call):
            if call.extra != nil { losses.insert(.foreignPart) }
            guard call.arguments.isEmpty || call.hasObjectArguments else {
                losses.insert(.toolArguments)
                return .toolCall(ToolCall(id: call.id, name: call.name, arguments: ""))
            }
            return part
        case .thinking(let thinking):
            guard thinking.origin == AnthropicFormat.wireFormat else {
                losses.insert(.foreignThinking)
                return nil
            }
            guard thinking.signature != nil || thinking.redacted != nil else {
                losses.insert(.unsignedThinking)
                return nil
            }
            return part
        case .vendor(let block):
            guard block.origin == AnthropicFormat.wireFormat else {
                losses.insert(.foreignPart)
                return nil
            }
            return part
        }
    }

    /// Writes the members `system` and `messages`.
    func write(to json: inout JSONWriter) {
        if !system.isEmpty {
            json.key("system")
            if case .text(let only)? = system.first, system.count == 1 {
                json.string(only)
            } else {
                json.array(system) { json, part in Self.write(part, to: &json) }
            }
        }
        json.key("messages")
        json.array(turns) { json, turn in
            json.object { json in
                json.key("role")
                json.string(turn.isAssistant ? "assistant" : "user")
                json.key("content")
                if case .text(let only)? = turn.parts.first, turn.parts.count == 1 { return json.string(only) }
                let results = turn.parts.filter(\.isToolResult)
                json.array(results + turn.parts.filter { !$0.isToolResult }) { json, part in
                    Self.write(part, to: &json)
                }
            }
        }
    }

    private static func write(text: String, to json: inout JSONWriter) {
        json.object { json in
            json.key("type")
            json.string("text")
            json.key("text")
            json.string(text)
        }
    }

    static func write(_ part: ChatMessage.Part, to json: inout JSONWriter) {
        switch part {
        case .text(let text): write(text: text, to: &json)
        case .vendor(let block): json.raw(block.json)
        case .image(let image): write(image, to: &json)
        case .toolCall(let call):
            json.object { json in
                json.key("type")
                json.string("tool_use")
                json.key("id")
                json.string(call.id)
                json.key("name")
                json.string(call.name)
                json.key("input")
                if call.arguments.isEmpty {
                    json.raw(JSONText(validated: "{}"))
                } else if call.hasObjectArguments {
                    json.raw(JSONText(validated: call.arguments))
                } else {
                    // What the model wrote, as it wrote it: requests are without it by now, answers tell it.
                    json.string(call.arguments)
                }
            }
        case .toolResult(let result):
            json.object { json in
                json.key("type")
                json.string("tool_result")
                json.key("tool_use_id")
                json.string(result.callID)
                json.key("content")
                json.string(result.text)
                if result.isError {
                    json.key("is_error")
                    json.bool(true)
                }
            }
        case .thinking(let thinking): write(thinking, to: &json)
        }
    }

    private static func write(_ thinking: Thinking, to json: inout JSONWriter) {
        json.object { json in
            json.key("type")
            if let redacted = thinking.redacted {
                json.string("redacted_thinking")
                json.key("data")
                json.string(redacted)
            } else {
                json.string("thinking")
                json.key("thinking")
                json.string(thinking.text)
                json.key("signature")
                json.string(thinking.signature ?? "")
            }
        }
    }

    private static func write(_ image: ChatImage, to json: inout JSONWriter) {
        json.object { json in
            json.key("type")
            json.string("image")
            json.key("source")
            json.object { json in
                json.key("type")
                switch image.source {
                case .data(let bytes, let mediaType):
                    json.string("base64")
                    json.key("media_type")
                    json.string(mediaType)
                    json.key("data")
                    json.base64(bytes)
                case .url(let url):
                    json.string("url")
                    json.key("url")
                    json.string(url)
                }
            }
        }
    }
}

extension ChatMessage.Part {
    fileprivate var isToolResult: Bool {
        if case .toolResult = self { true } else { false }
    }
}

extension Thinking {
    /// Whether Anthropic takes it back: it does only what it has signed.
    var isAnthropic: Bool { origin == AnthropicFormat.wireFormat && (signature != nil || redacted != nil) }
}

extension ToolCall {
    /// Whether the model wrote a JSON object, as it should have.
    fileprivate var hasObjectArguments: Bool {
        arguments.utf8.first { $0 > 0x20 } == UInt8(ascii: "{") && (try? JSONText(arguments)) != nil
    }
}
