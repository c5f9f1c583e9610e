/// Asks the judged model the same question again, several times, and counts how many answers agree.
///
/// The strongest signal where answers can be compared: numbers, choices, short facts, JSON. It costs ``count`` calls of the
/// judged model, made at the same time.
///
/// `confidence = agreeing samples / samples that came back` (self-consistency; Wang et al., arXiv 2203.11171). A sample in
/// which the normaliser finds no answer disagrees; one that failed or was cut off does not count. If all of them failed,
/// so has the signal: it has no opinion, and says why. An answer in which the normaliser finds nothing has confidence 0,
/// and no sample is paid for.
package struct SampleAgreement: ConfidenceSignal {
    /// How many samples to draw beside the answer, 1 to 100.
    package var count: Int
    /// Above 0, up to 2: at 0 all samples would be the same and agree on anything.
    package var temperature: Double
    package var normalizer: AnswerNormalizer

    package init(count: Int, temperature: Double = 0.7, normalizer: AnswerNormalizer = .caseAndSpaceFolded) {
        self.count = count
        self.temperature = temperature
        self.normalizer = normalizer
    }

    package var requiredCapabilities: Capabilities { .temperature }

    package func validate() throws(LLMError) {
        guard (1...100).contains(count) else {
            throw LLMError(.invalidConfiguration, "sampleAgreement: count is \(count); use 1 to 100 samples")
        }
        guard temperature > 0, temperature <= 2 else {
            throw LLMError(
                .invalidConfiguration,
                "sampleAgreement: temperature is \(temperature); use more than 0 (samples must differ), at most 2"
            )
        }
    }

    package func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence {
        try validate()
        guard answer.toolCalls.isEmpty else { return nil }
        guard let wanted = normalizer(answer.text) else { return 0.0 }
        let votes = await withTaskGroup(of: Result<Bool, LLMError>.self) { group in
            for index in 0..<count {
                let request = sample(index, of: request)
                group.addTask {
                    do {
                        let sample = try await context.sample(request)
                        guard sample.state == .complete else { return .failure(.truncatedAnswer(usage: sample.usage)) }
                        return .success(normalizer(sample.text) == wanted)
                    } catch {
                        return .failure(LLMError(wrapping: error))
                    }
                }
            }
            return await group.reduce(into: (agreeing: 0, all: 0, error: LLMError?.none)) { votes, sample in
                switch sample {
                case .success(let agrees):
                    votes.all += 1
                    votes.agreeing += agrees ? 1 : 0
                case .failure(let error): votes.error = error
                }
            }
        }
        try Task.checkCancellation()
        guard votes.all == 0 else { return Confidence(Double(votes.agreeing) / Double(votes.all)) }
        // Told, because otherwise a model that takes no temperature would send every answer on, and nobody knew why.
        return Confidence(nil, failures: votes.error.map { ["samples": $0] } ?? [:])
    }

    private func sample(_ index: Int, of request: ChatRequest) -> ChatRequest {
        var sample = request
        sample.sampling.temperature = temperature
        sample.sampling.logProbabilities = nil
        // The same seed would give the same answer.
        sample.sampling.seed = request.sampling.seed.map { $0 &+ index &+ 1 }
        sample.cachePolicy = .none
        return sample
    }
}

extension ConfidenceSignal where Self == BuiltInSignal {
    /// How many of `count` further answers to the same question agree with the one that is judged.
    ///
    /// The strongest signal where answers can be compared: numbers, choices, short facts, JSON. It costs `count` calls of
    /// the judged model, made at the same time. A sample in which the normaliser finds no answer disagrees; one that
    /// failed or was cut off does not count.
    /// - Parameters:
    ///   - count: how many samples to draw beside the answer, 1 to 100.
    ///   - temperature: above 0, up to 2: at 0 all samples would be the same and agree on anything.
    ///   - normalizer: brings answers that mean the same into the same form. An answer in which it finds nothing has
    ///     confidence 0, and no sample is paid for.
    /// - Returns: the signal.
    public static func sampleAgreement(
        count: Int,
        temperature: Double = 0.7,
        normalizer: AnswerNormalizer = .caseAndSpaceFolded
    ) -> BuiltInSignal {
        BuiltInSignal(SampleAgreement(count: count, temperature: temperature, normalizer: normalizer))
    }
}
