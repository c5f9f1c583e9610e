/// A parameter of a request that a model may have to do without.
///
/// Reasoning models refuse some that their vendor's format has; list those as `dropping:` and they are left out. Each
/// one that a request had set is then reported in ``ChatResponse/losses`` by its raw value.
public enum RequestParameter: String, Hashable, Sendable, CaseIterable {
    case temperature
    case topP = "top_p"
    case stop
    case seed
    case logProbabilities = "logprobs"
    case reasoningEffort = "reasoning_effort"
    case parallelToolCalls = "parallel_tool_calls"

    /// What a wire format must be capable of to carry the parameter; empty if all are.
    var capability: Capabilities {
        switch self {
        case .temperature, .topP: .temperature
        case .stop: .stop
        case .seed: .seed
        case .logProbabilities: .logProbabilities
        case .reasoningEffort: .reasoningEffort
        case .parallelToolCalls: []
        }
    }
}

/// What of a request could not be sent, in the words that ``ChatResponse/losses`` uses.
struct RequestLosses: Sendable {
    private(set) var words: [String] = []
    /// The parameters that are left out whenever a request sets them.
    let unsupported: Set<RequestParameter>

    init(capabilities: Capabilities, dropping: Set<RequestParameter>) {
        unsupported = dropping.union(RequestParameter.allCases.filter { !capabilities.isSuperset(of: $0.capability) })
    }

    /// The losses that are not parameters.
    enum Content: String {
        /// Reasoning that another vendor wrote, and signed.
        case foreignThinking = "thinking of another vendor"
        /// Reasoning that the vendor does not take back.
        case thinking
        case unsignedThinking = "thinking without signature"
        case foreignPart = "content of another vendor"
        /// How closely to look at an image.
        case imageDetail = "detail of an image"
        /// A system message in the middle of the conversation went to its beginning.
        case systemPosition = "position of a system message"
        case toolErrorMark = "error mark of a tool result"
        /// A tool call whose arguments are not a JSON object went back without them.
        case toolArguments = "malformed tool arguments"
        /// Reasoning could only be switched on or off.
        case effortLevel = "level of reasoning effort"
        /// The model thinks within a smaller budget, or not at all, as the limit on output left no room for it.
        case thinkingBudget = "thinking budget"
        /// The model does not think, since a call is demanded of it.
        case thinkingBesideForcedCall = "thinking beside a demanded tool call"
        /// Nothing holds the model to the schema of the answer, which the vendor cannot make binding.
        case answerStrictness = "strictness of the answer's schema"
        /// Nothing holds the model to the schema of a tool that was to be strict.
        case toolStrictness = "strictness of a tool's schema"
        /// Bounds of a schema, such as `minimum`, were only told to the model.
        case schemaBounds = "bounds of a schema"
    }

    mutating func insert(_ loss: Content) { insert(loss.rawValue) }

    /// Notes a parameter that has to be left out of this request.
    mutating func leaveOut(_ parameter: RequestParameter) { insert(parameter.rawValue) }

    private mutating func insert(_ word: String) {
        if !words.contains(word) { words.append(word) }
    }

    /// The value, unless the parameter must be left out: then `nil`, and a loss if there was a value.
    mutating func admit<Value>(_ value: Value?, as parameter: RequestParameter) -> Value? {
        guard value != nil, unsupported.contains(parameter) else { return value }
        insert(parameter.rawValue)
        return nil
    }
}

extension Capabilities {
    /// What is left if parameters are dropped.
    func subtracting(_ parameters: Set<RequestParameter>) -> Capabilities {
        var rest = self
        // Without top-p alone, the temperature can still be set.
        for parameter in parameters where parameter != .topP { rest.subtract(parameter.capability) }
        return rest
    }
}
