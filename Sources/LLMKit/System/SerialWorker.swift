/// Runs jobs one after the other on a thread of its own.
///
/// SQLite and files block, and a blocked thread of the cooperative pool stalls every task of the process. Callers cross
/// over by continuation (``run(_:)``) or do not wait at all (``enqueue(_:)``).
///
/// Dropping the last reference ends the thread after the jobs that are queued, the delayed ones included.
final class SerialWorker: Sendable {
    typealias Job = @Sendable () -> Void

    private let queue: JobQueue

    /// - Parameters:
    ///   - name: what debuggers and profilers call the thread.
    ///   - stackSize: of the thread, in bytes.
    init(_ name: StaticString, stackSize: Int = 512 << 10) {
        queue = JobQueue(name, stackSize: stackSize)
    }

    deinit { queue.close() }

    /// Appends a job.
    func enqueue(_ job: @escaping Job) { queue.append(job, at: nil) }

    /// Appends a job that waits for `delay` first, without holding up the others.
    func enqueue(after delay: Duration, _ job: @escaping Job) {
        queue.append(job, at: MonotonicTime.now() + max(0, delay.nanoseconds))
    }

    /// Runs a job and suspends until it is done.
    func run<Value: Sendable, Failure: Error>(
        _ job: @escaping @Sendable () throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
            enqueue { continuation.resume(returning: Result(catching: job)) }
        }
        return try result.get()
    }

    /// Runs a job and blocks the calling thread until it is done, at most for `limit`: for the end of the process only,
    /// when nothing can suspend any more. Returns whether the job was done in time.
    @discardableResult
    func runBlocking(limit: Duration, _ job: @escaping Job) -> Bool {
        let done = Signal()
        enqueue {
            job()
            done.set()
        }
        return done.wait(until: MonotonicTime.now() + limit.nanoseconds)
    }
}

/// The jobs of a worker, and the thread that takes them.
///
/// Unchecked: everything below `signal` is only touched while its mutex is held.
private final class JobQueue: @unchecked Sendable {
    private let signal = Signal()
    private var ready: [SerialWorker.Job] = []
    private var delayed: [(time: Int64, job: SerialWorker.Job)] = []
    private var isClosed = false
    private var hasThread = false
    private let name: StaticString
    private let stackSize: Int

    init(_ name: StaticString, stackSize: Int) {
        self.name = name
        self.stackSize = stackSize
    }

    func append(_ job: @escaping SerialWorker.Job, at time: Int64?) {
        signal.locked {
            if let time { delayed.append((time, job)) } else { ready.append(job) }
            // The first job brings the thread. A process at its limit of threads keeps its jobs until the next one.
            if !hasThread { hasThread = DetachedThread.start(name, stackSize: stackSize) { [self] in work() } }
            signal.wake()
        }
    }

    func close() {
        signal.locked {
            isClosed = true
            signal.wake()
        }
    }

    private func work() {
        while let jobs = next() {
            for job in jobs { job() }
        }
    }

    /// Waits for jobs that are due; `nil` once the worker is gone and nothing is left.
    private func next() -> [SerialWorker.Job]? {
        signal.locked {
            while true {
                if !delayed.isEmpty {
                    let now = MonotonicTime.now()
                    for entry in delayed where isClosed || entry.time <= now { ready.append(entry.job) }
                    delayed.removeAll { isClosed || $0.time <= now }
                }
                if !ready.isEmpty {
                    defer { ready = [] }
                    return ready
                }
                if isClosed { return nil }
                signal.sleep(until: delayed.map(\.time).min())
            }
        }
    }
}
