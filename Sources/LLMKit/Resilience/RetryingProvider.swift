/// Tries a provider again after failures that tend to pass.
///
/// Made by ``ModelProvider/retrying(_:)``.
///
/// It is the only place where LLMKit retries. Every try is an attempt of its own, from a budget that the whole tree of
/// calls made for one request shares, so nested retries and fallbacks add up instead of multiplying. Without a pipeline,
/// the outermost retry brings a budget of its own ``RetryPolicy/maxAttempts``.
///
/// A stream is retried until its first event is there. What fails after it reached the reader is an error of the stream:
/// trying again would repeat text.
///
/// A class, because a call hands it to what runs later, and a chain of decorators is long to copy.
final class RetryingProvider<Base: ModelProvider>: ProviderDecorator {
    let base: Base
    let policy: RetryPolicy

    init(base: Base, policy: RetryPolicy) {
        self.base = base
        self.policy = policy
    }

    /// The base's: it changes no answer.
    var info: ProviderInfo { base.info.decoratedStoppably }

    func validate() throws(LLMError) {
        try policy.validate()
        try base.validate()
    }

    func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
        try policy.validate()
        let scope = request.scope ?? RequestScope(attempts: policy.maxAttempts, deadline: request.deadline)
        var request = request
        request.scope = scope
        var retry = 0
        while true {
            do {
                return try await next(request).opened()
            } catch {
                let error = LLMError(wrapping: error)
                guard retry + 1 < policy.maxAttempts, scope.attemptsLeft > 0, !Task.isCancelled,
                    let pause = policy.pause(
                        after: error,
                        retry: retry,
                        now: scope.time.now,
                        deadline: request.deadline
                    )
                else { throw error }
                try await sleep(for: pause, scope)
            }
            if retry == 0 { request.scope = scope.with(purpose: scope.purpose == .answer ? .retry : scope.purpose) }
            retry += 1
        }
    }

    private func sleep(for pause: Duration, _ scope: RequestScope) async throws {
        do { try await scope.sleep(for: pause) } catch {
            // Nothing was under way.
            var cancelled = LLMError(.cancelled, "the task was cancelled while it waited to try again")
            cancelled.reachedUpstream = false
            throw cancelled
        }
    }
}

extension RetryingProvider: KeepsAnswers {}

extension RetryingProvider: CustomStringConvertible {
    var description: String { "RetryingProvider(\(base), \(policy))" }
}

extension ModelProvider {
    /// Tries again after failures that tend to pass, with growing random pauses.
    ///
    /// Obeys the upstream's `retryAfter` and ``LLMError/shouldRetry``, the request's deadline, and the budget of attempts
    /// that a pipeline shares among everything it tries.
    public func retrying(_ policy: RetryPolicy = RetryPolicy()) -> some ModelProvider {
        RetryingProvider(base: self, policy: policy)
    }
}
