/// Asks the judged model the same question again, several times, and counts how many answers agree.
///
/// The strongest signal where answers can be compared: numbers, choices, short facts, JSON. It costs ``count`` calls of the
/// judged model, made at the same time.
///
/// `confidence = agreeing samples / samples that came back` (self-consistency; Wang et al., arXiv 2203.11171). A sample in
/// which the normaliser finds no answer disagrees; one that failed or was cut off does not count; where all failed there is no
/// opinion, and it is told why. An answer in which the
/// normaliser finds nothing has confidence 0, and no sample is paid for.
public struct SampleAgreement: ConfidenceSignal {
    /// How many samples to draw beside the answer, 1 to 100.
    public var count: Int
    /// Above 0, up to 2: at 0 all samples would be the same and agree on anything.
    public var temperature: Double
    public var normalizer: AnswerNormalizer

    public init(count: Int, temperature: Double = 0.7, normalizer: AnswerNormalizer = .caseAndSpaceFolded) {
        self.count = count
        self.temperature = temperature
        self.normalizer = normalizer
    }

    public var requiredCapabilities: Capabilities { .temperature }

    public func validate() throws(LLMError) {
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

    public func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence {
        try validate()
        guard answer.toolCalls.isEmpty else { return nil }
        guard let wanted = normalizer(answer.text) else { return 0.0 }
        let votes = await withTaskGroup(of: Result<Bool?, any Error>.self) { group in
            for index in 0..<count {
                let request = sample(index, of: request)
                group.addTask {
                    do {
                        let sample = try await context.sample(request)
                        return .success(sample.state == .complete ? normalizer(sample.text) == wanted : nil)
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: (agreeing: 0, all: 0, error: (any Error)?.none)) { votes, result in
                switch result {
                case .success(let agrees?):
                    votes.all += 1
                    votes.agreeing += agrees ? 1 : 0
                case .success(nil): break
                case .failure(let error): votes.error = votes.error ?? error
                }
            }
        }
        try Task.checkCancellation()
        guard votes.all > 0 else {
            return Confidence(nil, failures: votes.error.map { ["samples": LLMError(wrapping: $0)] } ?? [:])
        }
        return Confidence(Double(votes.agreeing) / Double(votes.all))
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

extension ConfidenceSignal where Self == SampleAgreement {
    /// How many of `count` further answers to the same question agree with the one that is judged.
    public static func sampleAgreement(
        count: Int,
        temperature: Double = 0.7,
        normalizer: AnswerNormalizer = .caseAndSpaceFolded
    ) -> SampleAgreement {
        SampleAgreement(count: count, temperature: temperature, normalizer: normalizer)
    }
}
