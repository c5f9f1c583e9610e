/// Lets only so many calls of a provider run at a time.
///
/// Made by ``ModelProvider/concurrencyLimit(_:queue:)``.
///
/// The place is held until the answer is there; of a stream, until it has ended, failed or been let go.
///
/// A class, because a call hands it to what runs later, and a chain of decorators is long to copy.
final class ConcurrencyLimitedProvider<Base: ModelProvider>: ProviderDecorator {
    let base: Base
    let semaphore: AsyncSemaphore

    /// The base's: it changes no answer.
    var info: ProviderInfo { base.info.decorated }

    init(base: Base, limit: Int, queue: Int) {
        self.base = base
        semaphore = AsyncSemaphore(permits: limit, queueLimit: queue)
    }

    func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
        let permit = try await permit(for: request)
        return try await next(request).onEnd { _ in withExtendedLifetime(permit) {} }
    }

    func validate() throws(LLMError) {
        guard semaphore.permits >= 1 else {
            throw LLMError(
                .invalidConfiguration,
                "concurrencyLimit: a limit of \(semaphore.permits) lets no call through; use 1 or more"
            )
        }
        guard semaphore.queueLimit >= 0 else {
            throw LLMError(.invalidConfiguration, "concurrencyLimit: the queue's length must not be negative")
        }
        try base.validate()
    }

    private func permit(for request: ChatRequest) async throws -> AsyncSemaphore.Permit {
        guard semaphore.permits >= 1 else {
            try validate()
            throw LLMError(.invalidConfiguration, "concurrencyLimit: lets no call through")
        }
        return try await semaphore.acquire(deadline: request.deadline, time: request.time)
    }
}

extension ConcurrencyLimitedProvider: KeepsAnswers {}

extension ConcurrencyLimitedProvider: CustomStringConvertible {
    var description: String { "ConcurrencyLimitedProvider(\(base), \(semaphore.permits))" }
}

extension ModelProvider {
    /// Lets at most `limit` calls run at a time; others wait in the order they came, no longer than their deadline.
    ///
    /// Copies of the returned provider share one limit.
    /// - Parameters:
    ///   - limit: calls at a time, at least 1.
    ///   - queue: how many may wait. A call beyond that fails at once, with code `overloaded`, instead of growing the
    ///     queue faster than it drains.
    /// - Returns: the provider with its limit.
    public func concurrencyLimit(_ limit: Int, queue: Int = .max) -> some ModelProvider {
        ConcurrencyLimitedProvider(base: self, limit: limit, queue: queue)
    }
}
