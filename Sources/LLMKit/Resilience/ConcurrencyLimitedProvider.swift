import Synchronization

/// Lets only so many calls of a provider run at a time.
///
/// Made by ``ModelProvider/concurrencyLimit(_:queue:)``.
public struct ConcurrencyLimitedProvider<Base: ModelProvider>: ModelProvider {
    public let info: ProviderInfo
    let base: Base
    let semaphore: AsyncSemaphore

    init(base: Base, limit: Int, queue: Int) {
        self.base = base
        info = base.info
        semaphore = AsyncSemaphore(permits: limit, queueLimit: queue)
    }

    public func respond(to request: ChatRequest) async throws -> ChatResponse {
        let permit = try await permit(for: request)
        defer { withExtendedLifetime(permit) {} }
        return try await base.respond(to: request)
    }

    /// The place is held until the stream has ended, failed or been let go.
    public func stream(_ request: ChatRequest) async throws -> ResponseStream {
        let permit = try await permit(for: request)
        return ResponseStream(PermittedSource(try await base.stream(request).source, permit))
    }

    public func validate() throws(LLMError) {
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

extension ModelProvider {
    /// Lets at most `limit` calls run at a time; others wait in the order they came, no longer than their deadline.
    ///
    /// Copies of the returned provider share one limit.
    /// - Parameters:
    ///   - limit: calls at a time, at least 1.
    ///   - queue: how many may wait. A call beyond that fails at once, with code `overloaded`, instead of growing the
    ///     queue faster than it drains.
    /// - Returns: the provider with its limit.
    public func concurrencyLimit(_ limit: Int, queue: Int = .max) -> ConcurrencyLimitedProvider<Self> {
        ConcurrencyLimitedProvider(base: self, limit: limit, queue: queue)
    }
}

/// Events of a call that holds a place; both are let go when nothing more comes.
private final class PermittedSource: EventSource {
    private let state: Mutex<(source: any EventSource, permit: AsyncSemaphore.Permit)?>

    init(_ source: any EventSource, _ permit: AsyncSemaphore.Permit) { state = Mutex((source, permit)) }

    func next() async throws -> StreamEvent? {
        guard let source = state.withLock({ $0?.source }) else { return nil }
        do {
            let event = try await source.next()
            if event.isLast { letGo() }
            return event
        } catch {
            letGo()
            throw error
        }
    }

    private func letGo() {
        let last = state.withLock { $0.take() }
        // Outside the lock: giving the place back wakes the next caller.
        withExtendedLifetime(last) {}
    }
}
