import Synchronization

/// What one trip through a pipeline shares between everything that is tried on its behalf.
///
/// It travels inside the request, so that nested pipelines and decorators find it without a task-local look-up.
final class CallContext: Sendable {
    /// The pipeline's own id of the request, which ties ledger rows and spans together.
    let requestID: RequestID
    let time: any TimeSource
    let attempts: AttemptBudget
    /// The span under which what happens next belongs.
    let parentSpan: SpanID?

    init(
        requestID: RequestID = .random(),
        time: any TimeSource = SystemTime(),
        attempts: AttemptBudget,
        parentSpan: SpanID? = nil
    ) {
        self.requestID = requestID
        self.time = time
        self.attempts = attempts
        self.parentSpan = parentSpan
    }
}

/// Two requests that differ only in their trip are the same request.
extension CallContext: Hashable {
    static func == (a: CallContext, b: CallContext) -> Bool { true }
    func hash(into hasher: inout Hasher) {}
}

/// How many upstream attempts one request may make in all, however retries and fallbacks nest.
final class AttemptBudget: Sendable {
    private let parent: AttemptBudget?
    private let left: Atomic<Int>
    private let made = Atomic<Int>(0)
    private let failures = Mutex<[LLMError]>([])

    init(_ attempts: Int) {
        parent = nil
        left = Atomic(attempts)
    }

    /// A view of another budget that counts its own attempts apart: one per model call.
    init(within parent: AttemptBudget) {
        self.parent = parent
        left = Atomic(0)
    }

    /// Takes one attempt; `false` if none is left.
    func take() -> Bool {
        if let parent {
            guard parent.take() else { return false }
        } else if left.subtract(1, ordering: .relaxed).newValue < 0 {
            left.add(1, ordering: .relaxed)
            return false
        }
        made.add(1, ordering: .relaxed)
        return true
    }

    /// Notes an attempt that failed and is tried again: the vendor may bill it all the same.
    func noteRetried(_ error: LLMError) { failures.withLock { $0.append(error) } }

    /// The failures of attempts that were tried again.
    var retriedFailures: [LLMError] { failures.withLock { $0 } }

    var isSpent: Bool { parent?.isSpent ?? (left.load(ordering: .relaxed) <= 0) }
    /// How many attempts were made so far.
    var count: Int { made.load(ordering: .relaxed) }
}
