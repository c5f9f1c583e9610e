/// Judges how sure we may be of an answer.
///
/// A whole signal:
///
/// ```swift
/// struct NoHedging: ConfidenceSignal {
///     func confidence(in answer: ChatResponse, to request: ChatRequest, in context: JudgingContext) -> Confidence {
///         answer.text.contains("I'm not sure") ? 0.0 : nil
///     }
/// }
/// ```
public protocol ConfidenceSignal: Sendable {
    /// What a model must be able to do for this signal to work: checked when the pipeline is assembled.
    var requiredCapabilities: Capabilities { get }

    /// Changes a request that will be judged, such as by asking for log-probabilities; the default changes nothing.
    func prepare(_ request: ChatRequest) -> ChatRequest

    /// The confidence in an answer, 0 (none) to 1 (certain), or `nil` for no opinion.
    ///
    /// An answer on which the pipeline's signal has no opinion escalates.
    /// - Parameters:
    ///   - answer: what is judged; it is whole, never truncated.
    ///   - request: what the caller asked, without what `prepare` added.
    ///   - context: which model is judged, and how to ask it or another again, at the pipeline's expense; the cost is
    ///     booked as cost of confidence, from a share of attempts of its own.
    /// - Returns: 0 to 1 with its parts, or `nil`.
    /// - Throws: whatever kept the signal from judging; the pipeline takes it for doubt, and tells: see
    ///   ``Pipeline/onProblem``.
    func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence

    /// Checks settings that can never work; the pipeline calls it when it is assembled. The default finds nothing wrong.
    func validate() throws(LLMError)
}

extension ConfidenceSignal {
    public var requiredCapabilities: Capabilities { [] }
    public func prepare(_ request: ChatRequest) -> ChatRequest { request }
    public func validate() throws(LLMError) {}
}
