import Synchronization

/// Lets so many tasks in at a time; the others wait in the order they came.
final class AsyncSemaphore: Sendable {
    private typealias Waiter = CheckedContinuation<Void, any Error>

    private struct State {
        var free: Int
        var waiters: [UInt64: Waiter] = [:]
        /// Tickets in order of arrival.
        ///
        /// Those that are gone from `waiters` gave up and are passed over.
        var queue: [UInt64] = []
        var head = 0

        mutating func enqueue(_ waiter: Waiter, _ ticket: UInt64) {
            if queue.count > 2 * waiters.count + 64 {
                queue = queue[head...].filter { waiters[$0] != nil }
                head = 0
            }
            waiters[ticket] = waiter
            queue.append(ticket)
        }

        mutating func dequeue() -> Waiter? {
            while head < queue.count {
                head += 1
                if let waiter = waiters.removeValue(forKey: queue[head - 1]) { return waiter }
            }
            return nil
        }
    }

    /// The right to be inside; letting go of it lets the next one in.
    final class Permit: Sendable {
        private let semaphore: AsyncSemaphore
        fileprivate init(_ semaphore: AsyncSemaphore) { self.semaphore = semaphore }
        deinit { semaphore.release() }
    }

    let permits: Int
    let queueLimit: Int
    private let state: Mutex<State>
    private let lastTicket = Atomic<UInt64>(0)

    init(permits: Int, queueLimit: Int = .max) {
        self.permits = permits
        self.queueLimit = queueLimit
        state = Mutex(State(free: permits))
    }

    /// How many wait at the moment.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// Waits for a permit.
    /// - Throws: ``LLMError`` with code `overloaded` if too many wait already, `timeout` when the deadline passes, or
    ///   `cancelled`.
    func acquire(deadline: ContinuousClock.Instant?, time: any TimeSource) async throws -> Permit {
        try Task.checkCancellation()
        if takeFree() { return Permit(self) }
        let ticket = lastTicket.add(1, ordering: .relaxed).newValue
        let timer = deadline.map { deadline in
            Task {
                guard (try? await time.sleep(until: deadline)) != nil else { return }
                self.fail(ticket, Self.late)
            }
        }
        defer { timer?.cancel() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                enter(waiter, ticket)
                // The handler and the timer find nothing if they come before the waiter is in the queue.
                if Task.isCancelled { fail(ticket, Self.cancelled) }
                if let deadline, deadline <= time.now { fail(ticket, Self.late) }
            }
        } onCancel: {
            fail(ticket, Self.cancelled)
        }
        return Permit(self)
    }

    private static let late = unsent(.timeout, "the request's deadline passed while it waited for a free place")
    private static let cancelled = unsent(.cancelled, "the task was cancelled while it waited for a free place")

    /// Who only waited has nothing to pay for.
    private static func unsent(_ code: LLMError.Code, _ message: String) -> LLMError {
        var error = LLMError(code, message)
        error.reachedUpstream = false
        return error
    }

    private func takeFree() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    private func enter(_ waiter: Waiter, _ ticket: UInt64) {
        let outcome: Result<Void, any Error>? = state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return .success(())
            }
            guard state.waiters.count < queueLimit else { return .failure(full) }
            state.enqueue(waiter, ticket)
            return nil
        }
        if let outcome { waiter.resume(with: outcome) }
    }

    private var full: LLMError {
        LLMError(
            .overloaded,
            "the concurrency limit is reached: \(permits) calls are running and \(queueLimit) wait; raise the limit or "
                + "the queue, or try again later"
        )
    }

    private func fail(_ ticket: UInt64, _ error: any Error) {
        state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume(throwing: error)
    }

    private func release() {
        let next: Waiter? = state.withLock { state in
            if let next = state.dequeue() { return next }
            state.free += 1
            return nil
        }
        next?.resume()
    }
}
