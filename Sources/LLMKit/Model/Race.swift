import Synchronization

/// Runs `work` in a task of its own and waits for it no longer than `limit`.
///
/// A task group would wait for the loser, so that a provider which ignores cancellation could hold its caller for ever.
/// Here the loser is cancelled and left behind.
/// - Parameters:
///   - late: gets what `work` gives when nobody waits for it any more.
///   - stop: what else may end the wait.
/// - Throws: what `work` throws, the limit's error, or `CancellationError` as soon as the calling task is cancelled or the
///   wait is stopped.
package func withTimeLimit<Value: Sendable>(
    _ limit: TimeLimit?,
    _ time: any TimeSource,
    late: (@Sendable (Value) -> Void)? = nil,
    stop: WaitStop? = nil,
    _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    if limit == nil, stop == nil { return try await work() }
    if let limit, limit.instant <= time.now { throw limit.error }
    let race = Race<Value>()
    stop?.set { race.finish(.failure(CancellationError())) }
    let worker = Task {
        do {
            let value = try await work()
            if !race.finish(.success(value)) { late?(value) }
        } catch {
            race.finish(.failure(error))
        }
    }
    let timer = limit.map { limit in
        Task {
            // Fails only by cancellation, and that means the race is over.
            guard (try? await time.sleep(until: limit.instant)) != nil else { return }
            race.finish(.failure(limit.error))
        }
    }
    defer {
        worker.cancel()
        timer?.cancel()
        stop?.set(nil)
    }
    return try await withTaskCancellationHandler {
        try await race.value()
    } onCancel: {
        race.finish(.failure(CancellationError()))
    }
}

/// Ends a wait from outside of the task that waits.
package final class WaitStop: Sendable {
    private struct State {
        var isStopped = false
        var end: (@Sendable () -> Void)?
    }
    private let state = Mutex(State())

    package init() {}

    fileprivate func set(_ end: (@Sendable () -> Void)?) {
        let isStopped = state.withLock { state in
            state.end = end
            return state.isStopped
        }
        if isStopped { end?() }
    }

    /// Ends the wait that is going on, and all that come.
    package func now() {
        let end = state.withLock { state in
            state.isStopped = true
            return state.end.take()
        }
        end?()
    }
}

/// A result that several tasks may give and one awaits: the first one counts.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case running
        case awaited(CheckedContinuation<Value, any Error>)
        case finished(Result<Value, any Error>)
    }

    private let state = Mutex(State.running)

    /// - Returns: whether it was the first.
    @discardableResult
    func finish(_ result: Result<Value, any Error>) -> Bool {
        let (isFirst, waiting): (Bool, CheckedContinuation<Value, any Error>?) = state.withLock { state in
            switch state {
            case .finished: return (false, nil)
            case .running:
                state = .finished(result)
                return (true, nil)
            case .awaited(let continuation):
                state = .finished(result)
                return (true, continuation)
            }
        }
        waiting?.resume(with: result)
        return isFirst
    }

    func value() async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let result: Result<Value, any Error>? = state.withLock { state in
                if case .finished(let result) = state { return result }
                state = .awaited(continuation)
                return nil
            }
            if let result { continuation.resume(with: result) }
        }
    }
}
