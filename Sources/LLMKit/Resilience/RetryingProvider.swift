/// Tries a provider again after failures that tend to pass.
///
/// Made by ``ModelProvider/retrying(_:)``.
///
/// It is the only place where LLMKit retries. Every upstream call takes one attempt from a budget that the whole tree of
/// calls made for one request shares, so nested retries and fallbacks add up instead of multiplying. Without a pipeline,
/// the outermost retry brings a budget of its own ``RetryPolicy/maxAttempts``.
public struct RetryingProvider<Base: ModelProvider>: ModelProvider {
    public let info: ProviderInfo
    let base: Base
    let policy: RetryPolicy
    /// Only the innermost retry counts: further out, one call may be many upstream.
    private let takesAttempts: Bool

    init(base: Base, policy: RetryPolicy) {
        self.base = base
        self.policy = policy
        var info = base.info
        takesAttempts = !info.countsAttempts
        info.countsAttempts = true
        self.info = info
    }

    public func respond(to request: ChatRequest) async throws -> ChatResponse {
        try await attempt(request) { request in try await base.respond(to: request) }
    }

    /// Retries until the first event is there.
    ///
    /// What fails after it reached the reader is an error of the stream: trying again would repeat text.
    public func stream(_ request: ChatRequest) async throws -> ResponseStream {
        try await attempt(request) { request in
            let source = try await base.stream(request).source
            guard let first = try await source.next() else {
                throw LLMError(.truncated, "the stream stopped before its first event")
            }
            return ResponseStream(PeekedSource(first, source))
        }
    }

    public func validate() throws(LLMError) {
        try policy.validate()
        try base.validate()
    }

    private func attempt<Answer: Sendable>(
        _ request: ChatRequest,
        _ call: (ChatRequest) async throws -> Answer
    ) async throws -> Answer {
        try policy.validate()
        var request = request
        let context = request.context ?? CallContext(attempts: AttemptBudget(policy.maxAttempts))
        request.context = context
        var failure: LLMError?
        for retry in 0..<policy.maxAttempts {
            guard !takesAttempts || context.attempts.take() else { break }
            do {
                return try await call(request)
            } catch {
                let error = LLMError(wrapping: error)
                failure = error
                let now = context.time.now
                guard retry + 1 < policy.maxAttempts, !context.attempts.isSpent, !Task.isCancelled,
                    let pause = policy.pause(after: error, retry: retry, now: now, deadline: request.deadline)
                else { throw error }
                context.attempts.noteRetried(error)
                do { try await context.time.sleep(for: pause) } catch {
                    // Nothing was under way.
                    var cancelled = LLMError(.cancelled, "the task was cancelled while it waited to try again")
                    cancelled.reachedUpstream = false
                    throw cancelled
                }
            }
        }
        let made = context.attempts.count
        throw failure ?? LLMError(.attemptsExhausted, "the request has used up its upstream attempts (\(made) made)")
    }
}

extension ModelProvider {
    /// Tries again after failures that tend to pass, with growing random pauses.
    ///
    /// Obeys the upstream's `retryAfter` and ``LLMError/shouldRetry``, the request's deadline, and the budget of attempts
    /// that a pipeline shares among everything it tries.
    public func retrying(_ policy: RetryPolicy = RetryPolicy()) -> RetryingProvider<Self> {
        RetryingProvider(base: self, policy: policy)
    }
}
