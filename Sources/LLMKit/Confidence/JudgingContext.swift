/// What a confidence signal may use besides the answer and the request.
public struct JudgingContext: Sendable {
    /// The pipeline's name of the model whose answer is judged.
    public let judged: ModelName
    /// The request's scope: its clock and deadline, and the pipeline's models.
    public let scope: RequestScope

    package init(judged: ModelName, scope: RequestScope) {
        self.judged = judged
        self.scope = scope
    }

    /// A context without a pipeline, for tests of a signal.
    /// - Parameter sample: answers what the signal asks, whichever model it asks.
    public init(
        judged: ModelName = "judged",
        _ sample: @escaping @Sendable (ChatRequest) async throws -> ChatResponse
    ) {
        self.init(judged: judged, scope: RequestScope(attempts: 128) { _, request, _ in try await sample(request) })
    }

    /// Another answer of the judged model to the same question, at the pipeline's expense.
    public func sample(_ request: ChatRequest) async throws -> ChatResponse {
        try await scope.ask(judged, request, for: .sample)
    }

    /// The judged model's answer to a question about its own.
    public func ask(_ request: ChatRequest) async throws -> ChatResponse {
        try await scope.ask(judged, request, for: .confidence)
    }
}
