/// Why a vendor would refuse a request that is well-formed.
package enum RequestProblem: Hashable, Sendable {
    /// A message has nothing in it.
    case emptyMessage(at: Int)
    case blankText(at: Int)
    /// The model shall go on from a text that ends in white space.
    case trailingSpace
    case callID(String, at: Int)
    case repeatedCallID(String, at: Int)
    case unansweredCalls([String], before: Int)
    case unexpectedResult(String, at: Int)
    case toolName(at: Int)
    case repeatedToolName(at: Int)
    case argumentSchema(ArgumentSchema.Problem, at: Int)
    case strictTool(StrictSchemaProblem, at: Int)
    case schemaName
    case answerSchema(StrictSchemaProblem)
    case stopCount
    case blankStop
    /// Free JSON is asked for, and no message says so.
    case noWordJSON
    /// A parameter that the model does not take, or not beside the others.
    case parameter(RequestParameter)
    /// The model may think for as long as it may answer.
    case thinkingBudget
    /// A call is demanded of a model that thinks first.
    case forcedCall
    /// The model shall go on from a text, but thinks first.
    case prefill
}

extension RequestProblem {
    /// What to tell the app, which names what is wrong and what to do.
    func error(_ vendor: String, _ request: ChatRequest) -> LLMError {
        func tool(_ index: Int) -> String { "the tool \"\(request.tools[index].name)\"" }
        func mistake(_ message: String) -> LLMError { LLMError(.invalidRequest, message) }
        // What another vendor may take.
        func limit(_ message: String) -> LLMError { LLMError(.unsupported, "\(vendor) does not take \(message)") }
        switch self {
        case .emptyMessage(let index), .blankText(let index): return mistake("message \(index) is blank")
        case .trailingSpace: return mistake("the last answer ends in white space")
        case .callID(let id, let index): return mistake("message \(index) has a tool call with the id \"\(id)\"")
        case .repeatedCallID(let id, let index):
            return mistake("message \(index) has a tool call with the id \"\(id)\", which another call has")
        case .unansweredCalls(let ids, let index):
            return mistake(
                "no result follows for \(ids.count == 1 ? "the tool call" : "the tool calls") "
                    + "\(ids.map { "\"\($0)\"" }.joined(separator: ", ")): \(vendor) wants each call's result right "
                    + "behind it\(index < request.messages.count ? ", before message \(index)" : ""); add it, such as "
                    + "ChatMessage.toolResult(_:_:isError:)"
            )
        case .unexpectedResult(let id, let index):
            return mistake(
                "message \(index) has a result for \"\(id)\", but the model's message in front of it has no such call, or "
                    + "has its result already; keep call and result together when you shorten a conversation"
            )
        case .toolName(let index):
            return limit("\(tool(index)) by that name: use letters, digits, _ and -")
        case .repeatedToolName(let index): return mistake("\(tool(index)) is there twice")
        case .argumentSchema(.combination(let keyword), let index):
            return limit(
                "\"\(keyword)\" at the root of the arguments' schema of \(tool(index)); move it into a property"
            )
        case .argumentSchema(_, let index):
            return mistake(
                "the arguments' schema of \(tool(index)) is not an object's; make it {\"type\":\"object\",…} and what it "
                    + "is now a property of that"
            )
        case .strictTool(let problem, let index):
            return limit("the schema of \(tool(index)) as strict: \(problem.description)")
        case .schemaName: return mistake("the name of the answer's schema is empty")
        case .answerSchema(let problem): return limit("the answer's schema: \(problem.description)")
        case .stopCount: return limit("so many stop texts (\(request.sampling.stop.count))")
        case .blankStop: return limit("stop texts of white space")
        case .noWordJSON:
            return mistake(
                "\(vendor) gives free JSON only where a message says \"JSON\"; say so, or give a JSON schema"
            )
        case .parameter(let parameter): return limit("\(parameter.rawValue) here")
        case .thinkingBudget:
            return mistake("maxOutputTokens is below the model's thinking budget, which counts as output")
        case .forcedCall: return limit("a tool choice that demands a call of a model that thinks")
        case .prefill:
            return limit(
                "a conversation that ends in an answer to go on from, while the model thinks; end it with a user message, "
                    + "or set the reasoning effort to none"
            )
        }
    }
}
