/// Finds what no vendor could make sense of, before anything is sent.
struct RequestCheck {
    /// What the error calls the vendor.
    let vendor: String
    let capabilities: Capabilities
    /// The wire format, whose own parts are content.
    var origin = ""
    /// Whether the vendor answers a system message alone.
    var takesSystemAlone = true
    /// The highest that is not refused as a mistake; what the vendor takes less of is brought down to that.
    var highestTemperature = 2.0

    /// - Throws: ``LLMError`` with code `invalidRequest` for what is wrong with the request itself, and `unsupported`
    ///   for what this vendor's format cannot express and leaving out would change the meaning of.
    func callAsFunction(_ request: ChatRequest) throws(LLMError) {
        guard !request.messages.isEmpty else { throw LLMError(.invalidRequest, "the request has no messages") }
        for (index, message) in request.messages.enumerated() { try check(message, at: index) }
        guard request.messages.contains(where: { (takesSystemAlone || $0.role != .system) && hasContent($0) }) else {
            throw LLMError(.invalidRequest, "the conversation is empty: it needs a user message that is not blank")
        }
        try check(request.sampling)
        try checkTools(of: request)
        switch request.responseFormat {
        case .text: break
        case .json: try need(.json, "free JSON answers; give a JSON schema or ask another model")
        case .jsonSchema: try need(.jsonSchema, "JSON schemas for answers; ask for plain JSON or ask another model")
        }
    }

    private func hasContent(_ message: ChatMessage) -> Bool {
        message.parts.contains { part in
            switch part {
            case .text(let text): !text.isBlank
            case .image, .toolCall, .toolResult: true
            case .thinking: false
            case .vendor(let block): block.origin == origin
            }
        }
    }

    private func need(_ capability: Capabilities, _ what: String) throws(LLMError) {
        guard capabilities.contains(capability) else {
            throw LLMError(.unsupported, "\(vendor) does not take \(what)")
        }
    }

    private func check(_ message: ChatMessage, at index: Int) throws(LLMError) {
        for part in message.parts {
            let allowed: [ChatMessage.Role]
            let name: String
            switch part {
            case .text: (name, allowed) = ("text", [.system, .user, .assistant])
            case .image(let image):
                (name, allowed) = ("an image", [.user])
                try need(.images, "images")
                if case .url = image.source { try need(.imageURLs, "image addresses; send the image's bytes") }
            case .toolCall: (name, allowed) = ("a tool call", [.assistant])
            case .toolResult: (name, allowed) = ("a tool result", [.tool, .user])
            case .thinking: (name, allowed) = ("thinking", [.assistant])
            case .vendor: continue
            }
            guard allowed.contains(message.role) else {
                throw LLMError(
                    .invalidRequest,
                    "message \(index) is a \(message.role) message and holds \(name): "
                        + "that belongs to \(allowed.map(\.rawValue).joined(separator: " or ")) messages"
                )
            }
        }
    }

    private func check(_ sampling: Sampling) throws(LLMError) {
        for (name, value, limit) in [
            ("temperature", sampling.temperature, highestTemperature), ("topP", sampling.topP, 1),
        ] {
            guard let value, !(0...limit).contains(value) else { continue }
            let range = limit < 100 ? "0 to \(Int(limit))" : "0 or more"
            throw LLMError(.invalidRequest, "sampling.\(name) is \(value): it must be \(range)")
        }
        if let limit = sampling.maxOutputTokens, limit < 1 {
            throw LLMError(.invalidRequest, "sampling.maxOutputTokens is \(limit): it must be at least 1")
        }
        if let top = sampling.logProbabilities?.top, top < 0 || top > 20 {
            throw LLMError(.invalidRequest, "sampling.logProbabilities.top is \(top): it must be 0 to 20")
        }
    }

    private func checkTools(of request: ChatRequest) throws(LLMError) {
        if !request.tools.isEmpty { try need(.tools, "tools") }
        switch request.toolChoice {
        case .required where request.tools.isEmpty:
            throw LLMError(.invalidRequest, "the tool choice requires a call, but the request has no tools")
        case .tool(let name) where !request.tools.contains { $0.name == name }:
            let known = request.tools.isEmpty ? "it has none" : request.tools.map(\.name).joined(separator: ", ")
            throw LLMError(
                .invalidRequest,
                "the tool choice names '\(name)', which is no tool of the request: \(known)"
            )
        default: break
        }
    }
}

extension ChatRequest {
    /// The UTF-8 bytes of everything a model reads of the request as text: what input tokens are estimated from when a
    /// vendor does not report them. Images are not counted.
    var textByteCount: Int {
        var count = 0
        for message in messages {
            for part in message.parts {
                switch part {
                case .text(let text): count += text.utf8.count
                case .toolCall(let call): count += call.name.utf8.count + call.arguments.utf8.count
                case .toolResult(let result): count += result.text.utf8.count
                case .thinking(let thinking): count += thinking.text.utf8.count
                case .image, .vendor: break
                }
            }
        }
        for tool in tools {
            count += tool.name.utf8.count + tool.description.utf8.count + tool.parameters.json.description.utf8.count
        }
        return count
    }
}
