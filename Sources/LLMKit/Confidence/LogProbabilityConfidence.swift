import CPlatform

/// Judges an answer by how likely the model found its own tokens.
///
/// Costs nothing, where the vendor reports log-probabilities.
///
/// Has no opinion on answers without them.
package struct LogProbabilityConfidence: ConfidenceSignal {
    package typealias Aggregate = LogProbabilityAggregate

    package var aggregate: Aggregate

    package init(_ aggregate: Aggregate = .meanProbability) { self.aggregate = aggregate }

    package var requiredCapabilities: Capabilities { .logProbabilities }

    package func prepare(_ request: ChatRequest) -> ChatRequest {
        var request = request
        // The chosen token is itself among the top ones as a rule, so two show the best alternative.
        let top = max(request.sampling.logProbabilities?.top ?? 0, aggregate == .margin ? 2 : 0)
        request.sampling.logProbabilities = Sampling.LogProbabilities(top: top)
        return request
    }

    package func validate() throws(LLMError) {
        guard case .quantile(let share) = aggregate, !(0...1).contains(share) else { return }
        throw LLMError(.invalidConfiguration, "logProbabilities: the quantile \(share) is not between 0 and 1")
    }

    package func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence {
        try validate()
        guard let tokens = answer.logProbabilities, !tokens.isEmpty,
            !tokens.contains(where: { $0.logProbability.isNaN })
        else { return nil }
        return Confidence(value(of: tokens)).bounded
    }

    private func value(of tokens: [TokenLogProbability]) -> Double? {
        let probabilities = tokens.map { probability($0.logProbability) }
        let count = Double(tokens.count)
        switch aggregate {
        case .meanProbability: return exp(tokens.reduce(0) { $0 + min(0, $1.logProbability) } / count)
        case .minimumProbability: return probabilities.min()
        case .firstToken: return probabilities.first
        case .margin:
            let margins = tokens.map { token in
                let others = token.top.filter { $0.token != token.token }.map { probability($0.logProbability) }
                return max(0, probability(token.logProbability) - (others.max() ?? 0))
            }
            return margins.reduce(0, +) / count
        case .quantile(let share):
            let sorted = probabilities.sorted()
            let place = share * Double(sorted.count - 1)
            let low = sorted[Int(place)]
            let high = sorted[min(Int(place) + 1, sorted.count - 1)]
            return low + (high - low) * (place - place.rounded(.down))
        }
    }
}

private func probability(_ logProbability: Double) -> Double { exp(min(0, logProbability)) }

/// How the tokens of an answer become one number. With `p_i = exp(logprob_i)`:
public enum LogProbabilityAggregate: Hashable, Sendable {
    /// `exp(mean logprob_i)`, the inverse of perplexity (Jelinek et al., JASA 62, 1977): does not fall with the length
    /// of the answer as the product does, but hides one bad token among many good ones.
    case meanProbability
    /// `min p_i`: the least likely token decides (Manakul et al., SelfCheckGPT, arXiv 2303.08896).
    case minimumProbability
    /// `p_1`, for answers that are one choice, such as a letter or yes and no.
    case firstToken
    /// The mean of `max(0, p_i − q_i)`, where `q_i` is the likeliest alternative to token i (margin sampling; Scheffer
    /// et al., IDA 2001). Tokens without an alternative count `p_i`.
    case margin
    /// The value below which this share (0 to 1) of the `p_i` lies, interpolated. Quantiles predict better than means
    /// whether a larger model is needed (Gupta et al., arXiv 2404.10136).
    case quantile(Double)
}

extension ConfidenceSignal where Self == BuiltInSignal {
    /// How likely the model found its own tokens, on the whole.
    ///
    /// Costs nothing, where the vendor reports log-probabilities; has no opinion on answers without them.
    public static var logProbabilities: BuiltInSignal { .logProbabilities(.meanProbability) }

    /// How likely the model found its own tokens.
    /// - Parameter aggregate: how the tokens become one number.
    /// - Returns: the signal.
    public static func logProbabilities(_ aggregate: LogProbabilityAggregate) -> BuiltInSignal {
        BuiltInSignal(LogProbabilityConfidence(aggregate))
    }
}
