import LLMKit

/// What Anthropic refuses although it is well-formed, in its words.
enum AnthropicRules {
    private static let rules = RequestRules.anthropic

    static func check(_ decoded: DecodedRequest) throws(WireError) {
        let request = decoded.request
        guard decoded.cacheBreakpoints.count <= 4 else {
            throw .malformed(
                "cache_control",
                "A maximum of 4 blocks with cache_control may be provided. Found \(decoded.cacheBreakpoints.count)."
            )
        }
        let setting = RequestSetting(
            model: decoded.model,
            thinking: decoded.thinking,
            outputLimit: request.sampling.maxOutputTokens
        )
        if let problem = rules.problem(in: request, setting) { throw refusal(problem, request) }
        try checkThoughts(of: decoded)
        if case .tool(let name)? = request.toolChoice, !request.tools.contains(where: { $0.name == name }) {
            throw .malformed("tool_choice", "tool_choice: Tool '\(name)' not found in provided tools")
        }
    }

    /// Thoughts go back as they came, and those that led to a tool call must.
    private static func checkThoughts(of decoded: DecodedRequest) throws(WireError) {
        let messages = decoded.request.messages
        for (index, message) in messages.enumerated() {
            for (place, part) in message.parts.enumerated() {
                guard case .thinking(let thinking) = part, thinking.redacted == nil,
                    thinking.signature != ThoughtSignature.of(thinking.text)
                else { continue }
                throw .malformed(
                    "messages",
                    "messages.\(index).content.\(place): Invalid `signature` in `thinking` block"
                )
            }
        }
        guard case .budget? = decoded.thinking, let index = messages.lastIndex(where: { $0.role == .assistant }),
            !messages[index].toolCalls.isEmpty, let first = messages[index].parts.first
        else { return }
        if case .thinking = first { return }
        throw .malformed(
            "messages",
            "messages.\(index).content.0.type: Expected `thinking` or `redacted_thinking`, but found another block. When "
                + "`thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the "
                + "lastmost set of `tool_use` and `tool_result` blocks)."
        )
    }

    private static func refusal(_ problem: RequestProblem, _ request: ChatRequest) -> WireError {
        func path(_ index: Int) -> String { request.messages[index].role == .system ? "system" : "messages" }
        return switch problem {
        case .emptyMessage(let index):
            .malformed(
                path(index),
                "\(path(index)): all messages must have non-empty content except for the optional final assistant message"
            )
        case .blankText(let index):
            request.messages[index].parts.contains(.text(""))
                ? .malformed(path(index), "\(path(index)): text content blocks must be non-empty")
                : .malformed(path(index), "\(path(index)): text content blocks must contain non-whitespace text")
        case .trailingSpace:
            .malformed("messages", "messages: final assistant content cannot end with trailing whitespace")
        case .callID(_, let index):
            .malformed(
                "messages",
                "messages.\(index).content: tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'"
            )
        case .repeatedCallID(_, let index):
            .malformed("messages", "messages.\(index).content: `tool_use` ids must be unique")
        case .unexpectedResult(let id, let index):
            .malformed(
                "messages",
                "messages.\(index).content: unexpected `tool_use_id` found in `tool_result` blocks: \(id). Each "
                    + "`tool_result` block must have a corresponding `tool_use` block in the previous message."
            )
        case .unansweredCalls(let ids, let index):
            .malformed(
                "messages",
                "messages.\(index): `tool_use` ids were found without `tool_result` blocks immediately after: "
                    + ids.joined(separator: ", ")
            )
        case .toolName(let index):
            .malformed("tools", "tools.\(index).custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'")
        case .repeatedToolName: .malformed("tools", "tools: Tool names must be unique.")
        case .argumentSchema(.combination, let index):
            .malformed(
                "tools",
                "tools.\(index).custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level"
            )
        case .argumentSchema(_, let index):
            .malformed("tools", "tools.\(index).custom.input_schema.type: Input should be 'object'")
        case .strictTool(let problem, let index): problem.refusal(at: "tools.\(index).custom.input_schema")
        case .answerSchema(let problem): problem.refusal(at: "output_config.format.schema")
        case .blankStop:
            .malformed("stop_sequences", "stop_sequences: each stop sequence must contain non-whitespace")
        case .parameter(.topP) where request.sampling.temperature != nil:
            .malformed("top_p", "`temperature` and `top_p` cannot both be specified for this model.")
        case .parameter(.topP): .malformed("top_p", "`top_p` must be at least 0.95 when thinking is enabled.")
        case .parameter(let parameter):
            .malformed(parameter.rawValue, "`\(parameter.rawValue)` may only be set to 1 when thinking is enabled.")
        case .thinkingBudget:
            .malformed("max_tokens", "`max_tokens` must be greater than `thinking.budget_tokens`")
        case .forcedCall:
            .malformed("tool_choice", "Thinking may not be enabled when tool_choice forces tool use.")
        case .prefill:
            .malformed("messages", "messages: a final assistant message must start with a thinking block.")
        // OpenAI's.
        case .schemaName, .stopCount, .noWordJSON: .malformed("messages", "messages: Invalid input")
        }
    }
}
