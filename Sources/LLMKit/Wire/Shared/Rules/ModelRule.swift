/// Parameters that some models of a vendor's do not take.
package struct ModelRule: Hashable, Sendable {
    /// How the names of the models begin.
    var prefixes: [String]
    var refused: Set<RequestParameter>
    /// Whether they are only refused while the model reasons, which it does if it is told to.
    var isWhileReasoning = false

    func fits(_ model: String) -> Bool { prefixes.contains { model.hasPrefix($0) } }

    /// The parameter of a request that the model does not take.
    func problem(in request: ChatRequest) -> RequestParameter? {
        if isWhileReasoning, request.reasoningEffort == nil || request.reasoningEffort == ReasoningEffort.none {
            return nil
        }
        // The one temperature that these models have may be said.
        if let value = request.sampling.temperature, value != 1, refused.contains(.temperature) { return .temperature }
        if request.sampling.topP != nil, refused.contains(.topP) { return .topP }
        if request.sampling.logProbabilities != nil, refused.contains(.logProbabilities) { return .logProbabilities }
        if !request.sampling.stop.isEmpty, refused.contains(.stop) { return .stop }
        return nil
    }

    /// What models that reason refuse at OpenAI.
    private static let sampling: Set<RequestParameter> = [.temperature, .topP, .logProbabilities]

    /// OpenAI's reasoning models, behind those of the same family that only chat.
    static let openAI = [
        ModelRule(prefixes: ["gpt-5-chat", "gpt-5.1-chat", "gpt-5.2-chat", "gpt-5.3-chat"], refused: []),
        ModelRule(prefixes: ["gpt-5."], refused: sampling, isWhileReasoning: true),
        ModelRule(prefixes: ["gpt-5", "o1"], refused: sampling),
        ModelRule(prefixes: ["o3", "o4"], refused: sampling.union([.stop])),
    ]
}

extension RequestRules {
    /// What a model never takes.
    func refused(by model: String) -> Set<RequestParameter> {
        guard let rule = models.first(where: { $0.fits(model) }), !rule.isWhileReasoning else { return [] }
        return rule.refused
    }
}
