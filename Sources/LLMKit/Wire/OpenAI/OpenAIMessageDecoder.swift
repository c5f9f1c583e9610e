/// Reads the `messages` of a Chat Completions request.
struct OpenAIMessageDecoder {
    private let path: String
    private var role: String?
    private var content: [ChatMessage.Part] = []
    private var hasContent = false
    private var calls: [ChatMessage.Part] = []
    private var thinking: String?
    private var callID: String?

    private init(at path: String) { self.path = path }

    static func decode(
        _ json: inout JSONReader,
        losses decoded: inout DecodedRequest
    ) throws(WireError) -> [ChatMessage] {
        var messages: [ChatMessage] = []
        try RequestReading.elements(of: &json, at: "messages") { (path, json) throws(WireError) in
            var decoder = OpenAIMessageDecoder(at: path)
            try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
                try decoder.take(name, &json, &decoded)
            }
            messages.append(try decoder.message())
        }
        return messages
    }

    private mutating func take(
        _ name: String,
        _ json: inout JSONReader,
        _ decoded: inout DecodedRequest
    ) throws(WireError) {
        switch name {
        case "role": role = try json.string(at: "\(path).role")
        case "content":
            hasContent = true
            try readContent(&json)
        case "refusal":
            hasContent = true
            content.append(.text(try json.string(at: "\(path).refusal")))
        case "reasoning_content":
            // Empty where a vendor wants it back and there was none.
            let text = try json.string(at: "\(path).reasoning_content")
            thinking = text.isEmpty ? nil : text
        case "tool_calls": try readCalls(&json)
        case "tool_call_id": callID = try json.string(at: "\(path).tool_call_id")
        case "name", "audio", "annotations", "function_call":
            decoded.lose("messages.\(name)")
            try json.skip(at: path)
        default: throw .malformed("\(path).\(name)", "Unknown parameter: '\(path).\(name)'.", name: "unknown_parameter")
        }
    }

    private func message() throws(WireError) -> ChatMessage {
        guard let role else {
            throw .malformed("\(path).role", "Missing required parameter: '\(path).role'.")
        }
        guard hasContent || role == "assistant" && !calls.isEmpty else {
            throw .malformed("\(path).content", "Invalid value for 'content': expected a string, got null.")
        }
        guard calls.isEmpty || role == "assistant" else {
            throw .malformed("\(path).tool_calls", "'tool_calls' is only allowed in messages of role 'assistant'.")
        }
        switch role {
        case "system", "developer": return ChatMessage(.system, parts: content)
        case "user": return ChatMessage(.user, parts: content)
        case "assistant":
            let thought = thinking.map {
                ChatMessage.Part.thinking(Thinking($0, origin: OpenAIDialect.wireFormat))
            }
            return ChatMessage(.assistant, parts: [thought].compactMap { $0 } + content + calls)
        case "tool":
            guard let callID else {
                throw .malformed("\(path).tool_call_id", "Missing required parameter: '\(path).tool_call_id'.")
            }
            return .toolResult(callID, ChatMessage(.user, parts: content).text)
        default:
            throw .malformed(
                "\(path).role",
                "Invalid value: '\(role)'. Supported values are: 'system', 'developer', 'user', 'assistant', and 'tool'.",
                name: "invalid_value"
            )
        }
    }

    private mutating func readContent(_ json: inout JSONReader) throws(WireError) {
        let path = "\(path).content"
        if try json.kind(at: path) == .string { return content.append(.text(try json.string(at: path))) }
        var parts: [ChatMessage.Part] = []
        try RequestReading.elements(of: &json, at: path) { (path, json) throws(WireError) in
            parts.append(try Self.part(&json, at: path))
        }
        content += parts
    }

    private static func part(_ json: inout JSONReader, at path: String) throws(WireError) -> ChatMessage.Part {
        var start = json
        var type = ""
        var text: String?
        var image: JSONReader?
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            switch name {
            case "type": type = try json.string(at: "\(path).type")
            case "text", "refusal": text = try json.string(at: "\(path).\(name)")
            case "image_url": image = try json.place(at: "\(path).image_url")
            default: try json.skip(at: path)
            }
        }
        switch type {
        case "text", "refusal":
            guard let text else { throw .malformed("\(path).text", "Missing required parameter: '\(path).text'.") }
            return .text(text)
        case "image_url":
            guard var image else {
                throw .malformed("\(path).image_url", "Missing required parameter: '\(path).image_url'.")
            }
            return .image(try self.image(&image, at: "\(path).image_url"))
        case "input_audio", "file":
            return .vendor(VendorPart(origin: OpenAIDialect.wireFormat, json: try start.raw(at: path)))
        default:
            throw .malformed(
                "\(path).type",
                "Invalid value: '\(type)'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', and 'file'.",
                name: "invalid_value"
            )
        }
    }

    private static func image(_ json: inout JSONReader, at path: String) throws(WireError) -> ChatImage {
        var url: String?
        var detail: ChatImage.Detail?
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            switch name {
            case "url": url = try json.string(at: "\(path).url")
            case "detail":
                let word = try json.string(at: "\(path).detail")
                detail = ChatImage.Detail(rawValue: word)
                guard detail != nil else { throw .malformed("\(path).detail", "Invalid value: '\(word)'.") }
            default: throw .malformed("\(path).\(name)", "Unknown parameter: '\(path).\(name)'.")
            }
        }
        guard let url else { throw .malformed("\(path).url", "Missing required parameter: '\(path).url'.") }
        guard url.hasPrefix("data:") else { return ChatImage(.url(url), detail: detail) }
        guard let comma = url.firstIndex(of: ","), url[..<comma].hasSuffix(";base64") else {
            throw .malformed("\(path).url", "Invalid data URL: expected 'data:<type>;base64,<data>'.")
        }
        let type = String(url[..<comma].dropFirst("data:".count).dropLast(";base64".count))
        let bytes = try RequestReading.base64(url[url.index(after: comma)...], at: "\(path).url")
        return ChatImage(.data(bytes, mediaType: type), detail: detail)
    }

    private mutating func readCalls(_ json: inout JSONReader) throws(WireError) {
        var found: [ChatMessage.Part] = []
        try RequestReading.elements(of: &json, at: "\(path).tool_calls") { (path, json) throws(WireError) in
            var call = ToolCall(id: "", name: "", arguments: "")
            try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
                switch name {
                case "id": call.id = try json.string(at: "\(path).id")
                case "function":
                    try RequestReading.members(of: &json, at: "\(path).function") { (name, json) throws(WireError) in
                        switch name {
                        case "name": call.name = try json.string(at: "\(path).function.name")
                        case "arguments": call.arguments = try json.string(at: "\(path).function.arguments")
                        default: try json.skip(at: path)
                        }
                    }
                default: try json.skip(at: path)
                }
            }
            for (name, value) in [("id", call.id), ("function.name", call.name)] where value.isEmpty {
                throw .malformed("\(path).\(name)", "Missing required parameter: '\(path).\(name)'.")
            }
            found.append(.toolCall(call))
        }
        calls += found
    }
}
