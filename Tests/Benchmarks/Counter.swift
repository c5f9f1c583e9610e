import Synchronization

/// A number that several tasks count up.
final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    /// Counts one up and returns the new number.
    @discardableResult
    func next() -> Int { count.add(1, ordering: .relaxed).newValue }

    var value: Int { count.load(ordering: .relaxed) }
}

/// Notes the CPU time at the moment when measuring begins, whichever task comes first.
final class CPUStart: Sendable {
    private let seconds = Mutex<Double?>(nil)

    func note() { seconds.withLock { $0 = $0 ?? cpuSeconds() } }
    var value: Double { seconds.withLock { $0 } ?? 0 }
}
