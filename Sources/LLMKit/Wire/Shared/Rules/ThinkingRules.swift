/// What a model that thinks does not take.
package struct ThinkingRules: Hashable, Sendable {
    /// The one temperature that is taken.
    var temperature = 1.0
    var topP = 0.95...1.0
    /// The smallest budget.
    var minimumBudget = 1_024

    /// What excludes thinking in a request.
    func problem(in request: ChatRequest, _ setting: RequestSetting) -> RequestProblem? {
        guard setting.isThinking else { return nil }
        if let value = request.sampling.temperature, value != temperature { return .parameter(.temperature) }
        if let value = request.sampling.topP, !topP.contains(value) { return .parameter(.topP) }
        switch request.toolChoice {
        case .required, .tool: return .forcedCall
        default: break
        }
        if case .budget(let budget)? = setting.thinking, let limit = setting.outputLimit, limit <= budget {
            return .thinkingBudget
        }
        return request.endsInPrefill ? .prefill : nil
    }

    /// Takes out what gives way to thinking, and thinking where it gives way.
    func mend(_ request: inout ChatRequest, _ setting: inout RequestSetting, _ losses: inout RequestLosses) {
        guard setting.isThinking else { return }
        switch request.toolChoice {
        // That a tool is called is what the app asked for; thinking is a setting of the provider's.
        case .required, .tool:
            losses.insert(.thinkingBesideForcedCall)
            setting.thinking = .disabled
            return
        default: break
        }
        if case .budget(let budget)? = setting.thinking, let limit = setting.outputLimit, limit <= budget {
            losses.insert(.thinkingBudget)
            // Half of what there is leaves as much for the answer.
            setting.thinking = limit > minimumBudget ? .budget(max(minimumBudget, limit / 2)) : .disabled
            guard setting.isThinking else { return }
        }
        if let value = request.sampling.temperature, value != temperature {
            losses.leaveOut(.temperature)
            request.sampling.temperature = nil
        }
        if let value = request.sampling.topP, !topP.contains(value) {
            losses.leaveOut(.topP)
            request.sampling.topP = nil
        }
    }
}

extension ChatRequest {
    /// Whether the model shall go on from a text of its own.
    fileprivate var endsInPrefill: Bool {
        guard let last = messages.last(where: { $0.role != .system }), last.role == .assistant else { return false }
        return last.parts.contains { if case .text = $0 { true } else { false } }
            && last.parts.allSatisfy { part in
                switch part {
                case .text: true
                // What does not go back to its vendor does not stand in front of the text.
                case .thinking(let thinking): !thinking.isAnthropic
                default: false
                }
            }
    }
}
