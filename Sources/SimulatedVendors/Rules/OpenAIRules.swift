import LLMKit

/// What OpenAI refuses although it is well-formed, in its words.
enum OpenAIRules {
    private static let rules = RequestRules.openAI

    static func check(_ decoded: DecodedRequest) throws(WireError) {
        let request = decoded.request
        if request.toolChoice != nil, request.tools.isEmpty {
            throw .malformed("tool_choice", "'tool_choice' is only allowed when 'tools' are specified.")
        }
        if case .tool(let name)? = request.toolChoice, !request.tools.contains(where: { $0.name == name }) {
            throw .malformed("tool_choice", "Tool choice '\(name)' not found in 'tools' parameter.")
        }
        let isStrict = !decoded.losses.contains("response_format.json_schema.strict")
        let setting = RequestSetting(model: decoded.model, isAnswerStrict: isStrict)
        if let problem = rules.problem(in: request, setting) { throw refusal(problem, request) }
    }

    private static func refusal(_ problem: RequestProblem, _ request: ChatRequest) -> WireError {
        switch problem {
        case .toolName(let index), .repeatedToolName(let index): name("tools[\(index)].function.name")
        case .schemaName: name("response_format.json_schema.name")
        case .argumentSchema(_, let index):
            .malformed(
                "tools[\(index)].function.parameters",
                "Invalid schema for function '\(request.tools[index].name)': schema must be a JSON Schema of 'type: "
                    + "\"object\"' with 'properties', and without 'oneOf', 'anyOf', 'allOf', 'enum' or 'not' at the top "
                    + "level.",
                name: "invalid_function_parameters"
            )
        case .strictTool(let problem, let index): problem.refusal(at: "tools[\(index)].function.parameters")
        case .answerSchema(let problem): problem.refusal(at: "response_format")
        case .callID(let id, let index):
            .malformed(
                "messages[\(index)].tool_calls",
                "Invalid 'messages[\(index)].tool_calls[0].id': expected a string with 1 to 40 characters, but got a "
                    + "string with length \(id.utf8.count) instead.",
                name: "string_above_max_length"
            )
        case .repeatedCallID(let id, let index):
            .malformed("messages[\(index)].tool_calls", "Duplicate tool call id '\(id)'.")
        case .unexpectedResult(_, let index):
            .malformed(
                "messages[\(index)].role",
                "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
            )
        case .unansweredCalls(let ids, let index):
            .malformed(
                "messages[\(index)].role",
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
                    + "'tool_call_id'. The following tool_call_ids did not have response messages: "
                    + ids.joined(separator: ", ")
            )
        case .stopCount:
            .malformed("stop", "Invalid 'stop': array too long. Expected an array with maximum length 4.")
        case .noWordJSON:
            .malformed(
                "messages",
                "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
            )
        case .parameter(let parameter):
            .malformed(
                parameter.rawValue,
                "Unsupported parameter: '\(parameter.rawValue)' is not supported with this model.",
                name: "unsupported_parameter"
            )
        // Anthropic's.
        case .emptyMessage, .blankText, .trailingSpace, .blankStop, .thinkingBudget, .forcedCall, .prefill:
            .malformed("messages", "Invalid 'messages'.")
        }
    }

    private static func name(_ path: String) -> WireError {
        .malformed(
            path,
            "Invalid '\(path)': expected a string that matches the pattern '^[a-zA-Z0-9_-]{1,64}$'.",
            name: "invalid_value"
        )
    }
}
