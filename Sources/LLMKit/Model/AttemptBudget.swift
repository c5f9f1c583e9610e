import Synchronization

/// How many upstream attempts may be made, however retries and fallbacks nest.
final class AttemptBudget: Sendable {
    private let remaining: Atomic<Int>

    init(_ attempts: Int) { remaining = Atomic(attempts) }

    /// Takes one attempt; `false` if none is left.
    func take() -> Bool {
        if remaining.subtract(1, ordering: .relaxed).newValue >= 0 { return true }
        remaining.add(1, ordering: .relaxed)
        return false
    }

    /// Gives back an attempt that was taken and not made.
    func giveBack() { remaining.add(1, ordering: .relaxed) }

    var left: Int { max(0, remaining.load(ordering: .relaxed)) }
}
