/// Several signals as one.
///
/// Signals without an opinion are left out; if none has one, neither has the combination. They are asked in the given order
/// and only as far as needed, so put the cheap ones first.
package struct CombinedConfidence: ConfidenceSignal {
    enum Rule: Sendable {
        case all
        case any
        case weighted([Double])

        /// Whether a signal that failed leaves nothing to be said.
        var needsAll: Bool { if case .any = self { false } else { true } }
    }

    let signals: [any ConfidenceSignal]
    let rule: Rule

    package var requiredCapabilities: Capabilities {
        signals.reduce(into: []) { $0.formUnion($1.requiredCapabilities) }
    }

    package func prepare(_ request: ChatRequest) -> ChatRequest {
        signals.reduce(request) { request, signal in signal.prepare(request) }
    }

    package func validate() throws(LLMError) {
        guard !signals.isEmpty else {
            throw LLMError(.invalidConfiguration, "a combination of signals needs at least one signal")
        }
        if case .weighted(let weights) = rule, let bad = weights.first(where: { !($0 > 0 && $0.isFinite) }) {
            throw LLMError(.invalidConfiguration, "weighted: the weight \(bad) is not above 0; leave that signal out")
        }
        for signal in signals { try signal.validate() }
    }

    package func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence {
        try validate()
        var opinions: [Double?] = []
        var combined = Confidence(nil)
        for (index, signal) in signals.enumerated() {
            let name = name(of: signal, index)
            var opinion: Double?
            do {
                let confidence = try await signal.confidence(in: answer, to: request, in: context)
                opinion = boundedConfidence(confidence.value)
                for (part, value) in confidence.parts { combined.parts["\(name).\(part)"] = value }
                for (part, error) in confidence.failures { combined.failures["\(name).\(part)"] = error }
            } catch {
                // One that failed has no opinion; the others may have. It is told with the answer.
                if Task.isCancelled { throw error }
                combined.failures[name] = LLMError(wrapping: error)
            }
            if let opinion { combined.parts[name] = opinion }
            opinions.append(opinion)
            if isDecided(by: opinion) { break }
        }
        // Where all must agree, one that could not be asked is a doubt, not a consent.
        combined.value = rule.needsAll && !combined.failures.isEmpty ? nil : value(of: opinions)
        return combined
    }

    private func value(of opinions: [Double?]) -> Double? {
        switch rule {
        case .all: return opinions.compactMap { $0 }.min()
        case .any: return opinions.compactMap { $0 }.max()
        case .weighted(let weights):
            var (sum, total) = (0.0, 0.0)
            for case (let weight, let opinion?) in zip(weights, opinions) {
                sum += weight * opinion
                total += weight
            }
            return total == 0 ? nil : boundedConfidence(sum / total)
        }
    }

    /// A signal's kind, numbered where there are several of one.
    private func name(of signal: any ConfidenceSignal, _ index: Int) -> String {
        let name = kind(of: signal)
        let same = signals[..<index].count { kind(of: $0) == name }
        return same == 0 ? name : "\(name)#\(same + 1)"
    }

    private func kind(of signal: any ConfidenceSignal) -> String {
        "\(type(of: (signal as? BuiltInSignal)?.base ?? signal))"
    }

    /// Whether no further opinion can change the outcome.
    private func isDecided(by opinion: Double?) -> Bool {
        switch rule {
        case .all: opinion == 0
        case .any: opinion == 1
        case .weighted: false
        }
    }
}

extension ConfidenceSignal where Self == BuiltInSignal {
    /// As sure as the least sure of these: `min`.
    ///
    /// Stops asking at the first 0.
    public static func all(_ signals: any ConfidenceSignal...) -> BuiltInSignal {
        BuiltInSignal(CombinedConfidence(signals: signals, rule: .all))
    }

    /// As sure as the surest of these: `max`.
    ///
    /// Stops asking at the first 1.
    public static func any(_ signals: any ConfidenceSignal...) -> BuiltInSignal {
        BuiltInSignal(CombinedConfidence(signals: signals, rule: .any))
    }

    /// The weighted mean of those that have an opinion: `Σ w·c / Σ w`.
    ///
    /// Every weight must be above 0; only their ratios matter.
    public static func weighted(_ parts: [(signal: any ConfidenceSignal, weight: Double)]) -> BuiltInSignal {
        BuiltInSignal(CombinedConfidence(signals: parts.map(\.signal), rule: .weighted(parts.map(\.weight))))
    }
}
