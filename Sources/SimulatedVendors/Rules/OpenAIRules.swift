import LLMKit

/// What OpenAI refuses although it is well-formed.
enum OpenAIRules {
    static func check(_ decoded: DecodedRequest) throws(WireError) {
        let request = decoded.request
        try checkTools(request)
        try checkCalls(request.messages)
        guard request.sampling.stop.count <= 4 else {
            throw .malformed("stop", "Invalid 'stop': array too long. Expected an array with maximum length 4.")
        }
        switch request.responseFormat {
        case .text: break
        case .json:
            guard request.messages.contains(where: { $0.text.lowercased().contains("json") }) else {
                throw .malformed(
                    "messages",
                    "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
                        + "'json_object'."
                )
            }
        case .jsonSchema(let schema):
            let path = "response_format.json_schema"
            try checkName(schema.name, at: "\(path).name", length: 64)
            guard !decoded.losses.contains("\(path).strict") else { break }
            try SchemaRules.checkStrict(schema.json, at: "response_format", needsAllRequired: true)
        }
    }

    private static func checkTools(_ request: ChatRequest) throws(WireError) {
        for (index, tool) in request.tools.enumerated() {
            let path = "tools[\(index)].function"
            try checkName(tool.name, at: "\(path).name", length: 64)
            guard tool.isStrict == true else { continue }
            try SchemaRules.checkStrict(tool.parameters.json, at: "\(path).parameters", needsAllRequired: true)
        }
        guard let choice = request.toolChoice else { return }
        guard !request.tools.isEmpty else {
            throw .malformed("tool_choice", "'tool_choice' is only allowed when 'tools' are specified.")
        }
        if case .tool(let name) = choice, !request.tools.contains(where: { $0.name == name }) {
            throw .malformed("tool_choice", "Tool choice '\(name)' not found in 'tools' parameter.")
        }
    }

    /// Names of tools and schemas: `^[a-zA-Z0-9_-]{1,64}$`.
    private static func checkName(_ name: String, at path: String, length: Int) throws(WireError) {
        guard SchemaRules.isName(name, upTo: length) else {
            throw .malformed(
                path,
                "Invalid '\(path)': expected a string that matches the pattern '^[a-zA-Z0-9_-]{1,\(length)}$'.",
                name: "invalid_value"
            )
        }
    }

    /// Each call is answered by the messages right behind it, and nothing else is.
    private static func checkCalls(_ messages: [ChatMessage]) throws(WireError) {
        var open: [String] = []
        for (index, message) in messages.enumerated() {
            if message.role == .tool {
                for case .toolResult(let result) in message.parts {
                    guard let place = open.firstIndex(of: result.callID) else {
                        throw .malformed(
                            "messages[\(index)].role",
                            "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
                        )
                    }
                    open.remove(at: place)
                }
                continue
            }
            try checkAnswered(open, before: index)
            open = message.toolCalls.map(\.id)
        }
        try checkAnswered(open, before: messages.count)
    }

    private static func checkAnswered(_ open: [String], before index: Int) throws(WireError) {
        guard !open.isEmpty else { return }
        throw .malformed(
            "messages[\(index)].role",
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                + "'tool_call_id'. The following tool_call_ids did not have response messages: "
                + open.joined(separator: ", ")
        )
    }
}
