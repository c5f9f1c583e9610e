import LLMKit

/// What Anthropic refuses although it is well-formed.
enum AnthropicRules {
    static func check(_ decoded: DecodedRequest) throws(WireError) {
        let request = decoded.request
        try checkBlanks(request.messages)
        try checkCalls(request.messages)
        try checkTools(request)
        guard request.sampling.stop.allSatisfy({ $0.contains { !$0.isWhitespace } }) else {
            throw .malformed("stop_sequences", "stop_sequences: each stop sequence must contain non-whitespace")
        }
        guard decoded.cacheBreakpoints.count <= 4 else {
            throw .malformed(
                "cache_control",
                "A maximum of 4 blocks with cache_control may be provided. Found \(decoded.cacheBreakpoints.count)."
            )
        }
        if case .budget(let budget)? = decoded.thinking, let limit = request.sampling.maxOutputTokens, limit <= budget {
            throw .malformed("max_tokens", "`max_tokens` must be greater than `thinking.budget_tokens`")
        }
        if case .jsonSchema(let schema) = request.responseFormat {
            try SchemaRules.checkStrict(schema.json, at: "output_config.format.schema", needsAllRequired: false)
        }
    }

    private static func checkBlanks(_ messages: [ChatMessage]) throws(WireError) {
        for (index, message) in messages.enumerated() {
            let path = message.role == .system ? "system" : "messages"
            let isLast = index == messages.count - 1
            guard !message.parts.isEmpty || isLast && message.role == .assistant else {
                throw .malformed(
                    path,
                    "\(path): all messages must have non-empty content except for the optional final assistant message"
                )
            }
            for case .text(let text) in message.parts {
                guard !text.isEmpty else {
                    throw .malformed(path, "\(path): text content blocks must be non-empty")
                }
                guard text.contains(where: { !$0.isWhitespace }) else {
                    throw .malformed(path, "\(path): text content blocks must contain non-whitespace text")
                }
            }
        }
        if let last = messages.last, last.role == .assistant, case .text(let text)? = last.parts.last,
            text.last?.isWhitespace ?? false
        {
            throw .malformed("messages", "messages: final assistant content cannot end with trailing whitespace")
        }
    }

    /// Each call is answered in the turn right behind it, and nothing else is. Turns of one side count as one.
    private static func checkCalls(_ messages: [ChatMessage]) throws(WireError) {
        var open: [String] = []
        var seen: Set<String> = []
        for (index, message) in messages.enumerated() where message.role != .system {
            switch message.role {
            case .assistant:
                if index > 0, messages[index - 1].role != .assistant { try checkAnswered(open, before: index) }
                for call in message.toolCalls {
                    guard SchemaRules.isName(call.id, upTo: .max) else {
                        throw .malformed(
                            "messages",
                            "messages.\(index).content: tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'"
                        )
                    }
                    guard seen.insert(call.id).inserted else {
                        throw .malformed("messages", "messages.\(index).content: `tool_use` ids must be unique")
                    }
                    open.append(call.id)
                }
            case .tool:
                for case .toolResult(let result) in message.parts {
                    guard let place = open.firstIndex(of: result.callID) else {
                        throw .malformed(
                            "messages",
                            "messages.\(index).content: unexpected `tool_use_id` found in `tool_result` blocks: "
                                + "\(result.callID). Each `tool_result` block must have a corresponding `tool_use` "
                                + "block in the previous message."
                        )
                    }
                    open.remove(at: place)
                }
                try checkAnswered(open, before: index)
            case .user: try checkAnswered(open, before: index)
            case .system: break
            }
        }
        try checkAnswered(open, before: messages.count)
    }

    private static func checkAnswered(_ open: [String], before index: Int) throws(WireError) {
        guard !open.isEmpty else { return }
        throw .malformed(
            "messages",
            "messages.\(index): `tool_use` ids were found without `tool_result` blocks immediately after: "
                + open.joined(separator: ", ")
        )
    }

    private static func checkTools(_ request: ChatRequest) throws(WireError) {
        var names: Set<String> = []
        for (index, tool) in request.tools.enumerated() {
            guard SchemaRules.isName(tool.name, upTo: 128) else {
                throw .malformed(
                    "tools",
                    "tools.\(index).custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"
                )
            }
            guard names.insert(tool.name).inserted else {
                throw .malformed("tools", "tools: Tool names must be unique.")
            }
            let path = "tools.\(index).custom.input_schema"
            guard let schema = try? JSONValue(parsing: tool.parameters.json.description),
                schema["type"]?.text == "object"
            else { throw .malformed("tools", "\(path).type: Input should be 'object'") }
            guard tool.isStrict == true else { continue }
            try SchemaRules.checkStrict(tool.parameters.json, at: path, needsAllRequired: false)
        }
        if case .tool(let name)? = request.toolChoice, !names.contains(name) {
            throw .malformed("tool_choice", "tool_choice: Tool '\(name)' not found in provided tools")
        }
    }
}
