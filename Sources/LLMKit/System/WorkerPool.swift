import CPlatform
import Synchronization

/// A few threads for computations of more than a millisecond, which would hold up every task on the cooperative pool.
///
/// A thread begins with its first job. Jobs must end by themselves: they are not cancelled.
final class WorkerPool: Sendable {
    /// Half the processors: computing for one request must not starve the others.
    static let shared = WorkerPool(count: max(1, min(8, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 2)))

    private let workers: [SerialWorker]
    /// How many jobs each worker has.
    private let loads: Mutex<[Int]>

    /// - Parameter count: how many threads there may be, 1 or more.
    init(count: Int) {
        // Checks of nested documents call themselves; what is not used of a stack costs nothing.
        workers = (0..<count).map { _ in SerialWorker("llmkit.compute", stackSize: 4 << 20) }
        loads = Mutex(Array(repeating: 0, count: count))
    }

    /// Runs a job on the thread that has the fewest and suspends until it is done.
    func run<Value: Sendable, Failure: Error>(
        _ job: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let index = loads.withLock { loads in
            let index = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            loads[index] += 1
            return index
        }
        defer { loads.withLock { $0[index] -= 1 } }
        return try await workers[index].run(job)
    }
}
