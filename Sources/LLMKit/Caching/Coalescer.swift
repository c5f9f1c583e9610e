import Synchronization

/// Lets identical requests in flight share one call: the first leads, the others wait for its answer.
final class Coalescer: Sendable {
    /// One call that several requests wait for.
    final class SharedAnswer: Sendable {
        private typealias Waiter = CheckedContinuation<Result<ChatResponse, LLMError>, Never>

        private struct State {
            var waiting: [Int: Waiter] = [:]
            var result: Result<ChatResponse, LLMError>?
            var tickets = 0
        }

        private let state = Mutex(State())
        private let onResult: @Sendable (SharedAnswer) -> Void

        init(onResult: @escaping @Sendable (SharedAnswer) -> Void) { self.onResult = onResult }

        /// Waits for the leader's answer; ends early with `cancelled` if the waiting task is cancelled.
        func wait() async -> Result<ChatResponse, LLMError> {
            let ticket = state.withLock { state in
                state.tickets += 1
                return state.tickets
            }
            return await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let known: Result<ChatResponse, LLMError>? = state.withLock { state in
                        if let result = state.result { return result }
                        if Task.isCancelled { return .failure(LLMError(.cancelled, "the task was cancelled")) }
                        state.waiting[ticket] = continuation
                        return nil
                    }
                    if let known { continuation.resume(returning: known) }
                }
            } onCancel: {
                let continuation = state.withLock { $0.waiting.removeValue(forKey: ticket) }
                continuation?.resume(returning: .failure(LLMError(.cancelled, "the task was cancelled")))
            }
        }

        var waiting: Int { state.withLock { $0.waiting.count } }

        /// Hands the leader's result to everybody who waits, and to those who still come.
        func resolve(_ result: Result<ChatResponse, LLMError>) {
            onResult(self)
            let waiting: [Waiter] = state.withLock { state in
                guard state.result == nil else { return [] }
                state.result = result
                defer { state.waiting = [:] }
                return Array(state.waiting.values)
            }
            for continuation in waiting { continuation.resume(returning: result) }
        }
    }

    private let answers = Mutex<[Fingerprint: SharedAnswer]>([:])

    /// The answer under way to this already.
    func answer(to fingerprint: Fingerprint) -> SharedAnswer? { answers.withLock { $0[fingerprint] } }

    /// A new one for others to join; `nil` if another was quicker.
    func lead(_ fingerprint: Fingerprint) -> SharedAnswer? {
        answers.withLock { answers in
            guard answers[fingerprint] == nil else { return nil }
            let answer = SharedAnswer { [weak self] answer in self?.remove(answer, fingerprint) }
            answers[fingerprint] = answer
            return answer
        }
    }

    /// How many requests wait for another's answer.
    var waiting: Int { answers.withLock { $0.values.reduce(0) { $0 + $1.waiting } } }

    private func remove(_ answer: SharedAnswer, _ fingerprint: Fingerprint) {
        answers.withLock { answers in
            if answers[fingerprint] === answer { answers[fingerprint] = nil }
        }
    }
}
