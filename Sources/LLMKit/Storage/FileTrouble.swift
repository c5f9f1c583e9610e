import Synchronization

/// What is wrong with a file: to be told once for each cause, and again after all was well.
///
/// It is noted where the file is worked on, and told where somebody listens.
final class FileTrouble: Sendable {
    private struct State {
        var error: LLMError?
        var isUntold = false
    }

    private let state = Mutex(State())

    /// What is wrong; `nil` if nothing is.
    var error: LLMError? { state.withLock { $0.error } }
    /// Whether something is wrong that nobody has been told of.
    var isUntold: Bool { state.withLock { $0.isUntold } }

    /// - Parameter error: what is wrong now; `nil` if nothing is.
    /// - Returns: whether something was wrong before, and is not any more.
    @discardableResult
    func note(_ error: LLMError?) -> Bool {
        state.withLock { state in
            defer { state.error = error }
            guard let error else {
                state.isUntold = false
                return state.error != nil
            }
            if state.error?.message != error.message { state.isUntold = true }
            return false
        }
    }

    /// Tells it, if nobody has been told yet.
    func tell(_ report: (LLMError) -> Void) {
        let error: LLMError? = state.withLock { state in
            defer { state.isUntold = false }
            return state.isUntold ? state.error : nil
        }
        if let error { report(error) }
    }
}
