import CPlatform
import Synchronization

/// A reference that any thread reads without ever waiting, while a writer replaces it.
///
/// A reader counts itself in, takes the object and counts itself out, some nanoseconds later. The writer swaps the
/// reference and then waits until it has seen every counter at zero: whoever comes later takes the new object, so the old
/// one can be let go. Writers must come one at a time.
struct PublishedReference<Object: AnyObject & Sendable>: ~Copyable, Sendable {
    private let current: Atomic<Unmanaged<Object>>

    init(_ object: Object) { current = Atomic(Unmanaged.passRetained(object)) }

    deinit { current.load(ordering: .acquiring).release() }

    /// The object of this moment.
    var object: Object {
        let counter = readerCounters.ofThisThread
        counter.value.add(1, ordering: .sequentiallyConsistent)
        defer { counter.value.subtract(1, ordering: .sequentiallyConsistent) }
        return Self.retained(current.load(ordering: .sequentiallyConsistent))
    }

    /// A call of its own, so that the retain cannot be moved behind the counting out.
    @inline(never)
    private static func retained(_ reference: Unmanaged<Object>) -> Object { reference.takeUnretainedValue() }

    func replace(with object: Object) {
        let old = current.exchange(Unmanaged.passRetained(object), ordering: .sequentiallyConsistent)
        readerCounters.waitForZeros()
        old.release()
    }
}

private let readerCounters = ReaderCounters()

/// How many readers are between counting in and counting out: several counters, so that they seldom meet on one.
private struct ReaderCounters: Sendable {
    final class Counter: Sendable {
        let value = Atomic(0)
        // Keeps the next counter off the cache line.
        let padding: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)
    }

    private let counters = (0..<16).map { _ in Counter() }

    var ofThisThread: Counter { counters[llmkit_thread_number() % 16] }

    func waitForZeros() {
        for counter in counters {
            while counter.value.load(ordering: .sequentiallyConsistent) != 0 { yieldProcessor() }
        }
    }
}
