/// Anthropic Messages, from the vendor's side of the wire.
enum AnthropicWire {
    static func read(_ body: JSONValue) throws(VendorFailure) -> Conversation {
        guard let model = body["model"]?.string else { throw VendorFailure(.malformed, "model: Field required") }
        guard let maxTokens = body["max_tokens"]?.int, maxTokens >= 0 else {
            throw VendorFailure(.malformed, "max_tokens: Field required")
        }
        guard let messages = body["messages"]?.array, !messages.isEmpty else {
            throw VendorFailure(.malformed, "messages: at least one message is required")
        }
        var conversation = Conversation()
        conversation.model = model
        conversation.maxTokens = maxTokens
        for tool in body["tools"]?.array ?? [] {
            guard let name = tool["name"]?.string else { throw VendorFailure(.malformed, "tools.name: Field required") }
            let description = tool["description"]?.string ?? ""
            conversation.tools.append(.init(name: name, description: description, schema: tool["input_schema"] ?? [:]))
            conversation.read(tool.description)
            markBreakpoint(tool, in: &conversation)
        }
        readSystem(body["system"], into: &conversation)
        for message in messages { try read(message, into: &conversation) }
        // At the top, it marks the last block there is.
        markBreakpoint(body, in: &conversation)
        conversation.toolChoice = toolChoice(body["tool_choice"])
        conversation.schema = body["output_config"]?["format"]?["schema"]
        conversation.stop = body["stop_sequences"]?.array?.compactMap(\.string) ?? []
        conversation.isStream = body["stream"]?.bool ?? false
        return conversation
    }

    private static func readSystem(_ system: JSONValue?, into conversation: inout Conversation) {
        if let text = system?.string {
            conversation.system = text
            conversation.read(text + "\n")
        }
        for block in system?.array ?? [] {
            let text = block["text"]?.string ?? ""
            conversation.system += conversation.system.isEmpty ? text : "\n" + text
            conversation.read(text + "\n")
            markBreakpoint(block, in: &conversation)
        }
    }

    private static func read(_ message: JSONValue, into conversation: inout Conversation) throws(VendorFailure) {
        guard let role = message["role"]?.string, role == "user" || role == "assistant" || role == "system" else {
            throw VendorFailure(.malformed, "messages.role: Input should be 'user' or 'assistant'")
        }
        conversation.read(role + "\n")
        conversation.toolResult = nil
        var text = message["content"]?.string ?? ""
        conversation.read(text)
        for block in message["content"]?.array ?? [] {
            switch block["type"]?.string {
            case "text":
                text += block["text"]?.string ?? ""
                conversation.read(block["text"]?.string ?? "")
            case "image": conversation.images += 1
            case "tool_result":
                let result = block["content"]?.string ?? block["content"]?.array?.first?["text"]?.string ?? ""
                conversation.toolResult = result
                conversation.read(result)
            case "tool_use", "thinking", "redacted_thinking": conversation.read(block.description)
            default:
                throw VendorFailure(.malformed, "messages.content: Input tag does not match any of the expected tags")
            }
            markBreakpoint(block, in: &conversation)
        }
        conversation.read("\n")
        if role == "user", !text.isEmpty { conversation.ask(text) }
    }

    private static func markBreakpoint(_ block: JSONValue, in conversation: inout Conversation) {
        guard let control = block["cache_control"], control != .null else { return }
        let point = Conversation.CacheBreakpoint(
            bytes: conversation.prompt.count,
            isOneHour: control["ttl"]?.string == "1h"
        )
        conversation.breakpoints.append(point)
    }

    private static func toolChoice(_ choice: JSONValue?) -> Conversation.ToolChoice {
        switch choice?["type"]?.string {
        case "none": .none
        case "any": .required
        case "tool": .named(choice?["name"]?.string ?? "")
        default: .automatic
        }
    }

    // MARK: Errors

    static func status(of kind: VendorFailure.Kind) -> Int {
        switch kind {
        case .malformed, .contextLength: 400
        case .missingKey, .wrongKey: 401
        case .unknownModel, .unknownPath: 404
        case .wrongMethod: 405
        case .rateLimited: 429
        case .server: 500
        case .overloaded: 529
        }
    }

    static func error(_ failure: VendorFailure, requestID: String) -> JSONValue {
        let type: JSONValue =
            switch failure.kind {
            case .malformed, .contextLength, .wrongMethod: "invalid_request_error"
            case .missingKey, .wrongKey: "authentication_error"
            case .unknownModel, .unknownPath: "not_found_error"
            case .rateLimited: "rate_limit_error"
            case .server: "api_error"
            case .overloaded: "overloaded_error"
            }
        return [
            "type": "error",
            "error": ["type": type, "message": .string(failure.message)],
            "request_id": .string(requestID),
        ]
    }
}
