import Synchronization

/// What one trip through a pipeline shares between everything that is tried on its behalf.
///
/// It travels inside the request, so that nested pipelines and decorators find it without a task-local look-up.
final class CallContext: Sendable {
    /// The pipeline's own id of the request, which ties ledger rows and spans together.
    let requestID: RequestID
    let time: any TimeSource
    let attempts: AttemptBudget

    init(requestID: RequestID = .random(), time: any TimeSource = SystemTime(), attempts: AttemptBudget) {
        self.requestID = requestID
        self.time = time
        self.attempts = attempts
    }
}

/// Two requests that differ only in their trip are the same request.
extension CallContext: Hashable {
    static func == (a: CallContext, b: CallContext) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
}

/// How many upstream attempts one request may make in all, however retries and fallbacks nest.
final class AttemptBudget: Sendable {
    private let left: Atomic<Int>
    private let made = Atomic<Int>(0)

    init(_ attempts: Int) { left = Atomic(attempts) }

    /// Takes one attempt; `false` if none is left.
    func take() -> Bool {
        guard left.subtract(1, ordering: .relaxed).newValue >= 0 else {
            left.add(1, ordering: .relaxed)
            return false
        }
        made.add(1, ordering: .relaxed)
        return true
    }

    var isSpent: Bool { left.load(ordering: .relaxed) <= 0 }
    /// How many attempts were made so far.
    var count: Int { made.load(ordering: .relaxed) }
}
