/// OpenAI Chat Completions, from the vendor's side of the wire.
enum OpenAIWire {
    static func read(_ body: JSONValue) throws(VendorFailure) -> Conversation {
        guard let model = body["model"]?.string else {
            throw VendorFailure(.malformed, "you must provide a model parameter", parameter: "model")
        }
        guard let messages = body["messages"]?.array, !messages.isEmpty else {
            throw VendorFailure(.malformed, "'messages' must be a non-empty array", parameter: "messages")
        }
        var conversation = Conversation()
        conversation.model = model
        conversation.tools = try (body["tools"]?.array ?? []).map(readTool)
        for tool in body["tools"]?.array ?? [] { conversation.read(tool.description) }
        for message in messages { try read(message, into: &conversation) }
        conversation.toolChoice = toolChoice(body["tool_choice"])
        conversation.schema = schema(body["response_format"])
        conversation.maxTokens = body["max_completion_tokens"]?.int ?? body["max_tokens"]?.int
        conversation.stop = body["stop"]?.array?.compactMap(\.string) ?? body["stop"]?.string.map { [$0] } ?? []
        conversation.isStream = body["stream"]?.bool ?? false
        conversation.wantsUsage = body["stream_options"]?["include_usage"]?.bool ?? false
        if body["logprobs"]?.bool == true { conversation.logProbabilities = body["top_logprobs"]?.int ?? 0 }
        return conversation
    }

    private static func read(_ message: JSONValue, into conversation: inout Conversation) throws(VendorFailure) {
        guard let role = message["role"]?.string else {
            throw VendorFailure(.malformed, "every message needs a role", parameter: "messages")
        }
        conversation.read(role + "\n")
        var text = message["content"]?.string ?? ""
        for part in message["content"]?.array ?? [] {
            switch part["type"]?.string {
            case "text": text += part["text"]?.string ?? ""
            case "image_url": conversation.images += 1
            default: throw VendorFailure(.malformed, "unknown type of content part", parameter: "messages")
            }
        }
        conversation.read(text + "\n")
        for call in message["tool_calls"]?.array ?? [] { conversation.read(call.description) }
        conversation.toolResult = nil
        switch role {
        case "system", "developer": conversation.system += conversation.system.isEmpty ? text : "\n" + text
        case "user": conversation.ask(text)
        case "tool": conversation.toolResult = text
        case "assistant": break
        default: throw VendorFailure(.malformed, "'\(role)' is not one of the roles", parameter: "messages")
        }
    }

    private static func readTool(_ tool: JSONValue) throws(VendorFailure) -> Conversation.ToolOffer {
        guard let name = tool["function"]?["name"]?.string else {
            throw VendorFailure(.malformed, "every tool needs a function with a name", parameter: "tools")
        }
        return Conversation.ToolOffer(
            name: name,
            description: tool["function"]?["description"]?.string ?? "",
            schema: tool["function"]?["parameters"] ?? [:]
        )
    }

    private static func toolChoice(_ choice: JSONValue?) -> Conversation.ToolChoice {
        if let name = choice?["function"]?["name"]?.string { return .named(name) }
        return switch choice?.string {
        case "none": .none
        case "required": .required
        default: .automatic
        }
    }

    private static func schema(_ format: JSONValue?) -> JSONValue? {
        switch format?["type"]?.string {
        case "json_schema": format?["json_schema"]?["schema"] ?? ["type": "object"]
        case "json_object": ["type": "object", "properties": ["answer": ["type": "string"]]]
        default: nil
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
        case .overloaded: 503
        }
    }

    static func error(_ failure: VendorFailure) -> JSONValue {
        let type: JSONValue
        let code: JSONValue
        switch failure.kind {
        case .malformed, .missingKey, .wrongMethod: (type, code) = ("invalid_request_error", nil)
        case .unknownPath: (type, code) = ("invalid_request_error", "unknown_url")
        case .wrongKey: (type, code) = ("invalid_request_error", "invalid_api_key")
        case .unknownModel: (type, code) = ("invalid_request_error", "model_not_found")
        case .contextLength: (type, code) = ("invalid_request_error", "context_length_exceeded")
        case .rateLimited: (type, code) = ("requests", "rate_limit_exceeded")
        case .server: (type, code) = ("server_error", nil)
        case .overloaded: (type, code) = ("server_error", "overloaded")
        }
        let parameter = failure.parameter.map(JSONValue.string) ?? .null
        return ["error": ["message": .string(failure.message), "type": type, "param": parameter, "code": code]]
    }
}
