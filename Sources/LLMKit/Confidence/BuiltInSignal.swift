/// A signal that LLMKit brings along, made by its leading-dot name.
///
/// | name | judges by |
/// |---|---|
/// | ``ConfidenceSignal/logProbabilities`` | how likely the model found its own tokens |
/// | ``ConfidenceSignal/sampleAgreement(count:temperature:normalizer:)`` | how many further answers agree |
/// | ``ConfidenceSignal/selfReport(question:maxOutputTokens:temperature:)`` | how sure the model says it is |
/// | ``ConfidenceSignal/all(_:)``, ``ConfidenceSignal/any(_:)``, ``ConfidenceSignal/weighted(_:)`` | several signals |
///
/// What can be checked is checked by a ``Verifier``.
public struct BuiltInSignal: ConfidenceSignal {
    let base: any ConfidenceSignal

    init(_ base: some ConfidenceSignal) { self.base = base }

    public var requiredCapabilities: Capabilities { base.requiredCapabilities }

    public func prepare(_ request: ChatRequest) -> ChatRequest { base.prepare(request) }

    public func validate() throws(LLMError) { try base.validate() }

    public func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence {
        try await base.confidence(in: answer, to: request, in: context)
    }
}
