import Synchronization

/// The queue between requests and everything slow outside: files, databases, collectors.
///
/// Appending never suspends, never blocks on what is slow, and never fails. Elements are gathered for a moment and handed
/// over in batches on a thread of their own, because one write costs many times what an element does. What cannot be
/// delivered goes back to the front and is tried again. A queue with a capacity drops the newest elements beyond it, and
/// counts them; one without never drops anything.
final class BatchQueue<Element: Sendable>: FlushesAtExit {
    /// What a queue is like. All fields have sensible values for files.
    struct Options: Sendable {
        /// How many elements may wait, those being delivered included; `nil` for as many as come.
        var capacity: Int?
        /// How long to gather elements, unless half a batch is there sooner.
        var delay = Duration.milliseconds(100)
        /// How many elements to hand over at once, at most.
        var batch = 1024
        /// How long the end of the process may wait for what is left.
        var exitLimit = Duration.seconds(2)
    }

    private struct State {
        var pending: [Element] = []
        /// An empty buffer, to be filled while ``pending`` is delivered: growing one costs more than filling it.
        var spare: [Element] = []
        /// How many elements have left ``pending`` and are not delivered yet.
        var delivering = 0
        /// Whether a job that drains the queue is on its way.
        var isScheduled = false
        /// Whether that job need not be hurried any more.
        var isHurried = false
        /// Whether a job that tries again after a failure is on its way.
        var isRetrying = false
        var isClosed = false
        var dropped = 0
        /// Whether the operator knows that elements are being dropped.
        var isDropping = false
        /// How many deliveries have failed in a row.
        var failures = 0
        var lastError: (any Error)?
    }

    /// What an element that comes in calls for.
    private enum Action { case none, soon, now, tellOfDrops }

    private let state = Mutex(State())
    private let name: String
    private let options: Options
    /// At how many elements the worker is told to hurry: half full leaves it as much time as filling took.
    private let hurryCount: Int
    private let worker: SerialWorker
    private let diagnostics: Diagnostics
    private let deliver: @Sendable (ArraySlice<Element>) -> BatchDelivery

    /// - Parameters:
    ///   - name: what notices call it, in a word.
    ///   - options: capacity, delay, batches.
    ///   - worker: whose thread delivers.
    ///   - diagnostics: told when deliveries begin to fail, and when something is lost.
    ///   - deliver: brings a batch out, on the worker's thread, which it may block.
    init(
        _ name: String,
        _ options: Options = Options(),
        worker: SerialWorker,
        diagnostics: Diagnostics,
        deliver: @escaping @Sendable (ArraySlice<Element>) -> BatchDelivery
    ) {
        self.name = name
        self.options = options
        hurryCount = min(options.batch / 2, options.capacity.map { ($0 + 1) / 2 } ?? .max)
        self.worker = worker
        self.diagnostics = diagnostics
        self.deliver = deliver
    }

    /// How many elements are not out yet.
    var pendingCount: Int { state.withLock { $0.pending.count + $0.delivering } }
    /// How many elements were lost: beyond the capacity, after the end, or in a delivery.
    var droppedCount: Int { state.withLock { $0.dropped } }
    /// Why the last delivery failed, wholly or in part; `nil` after one that did not.
    var lastError: (any Error)? { state.withLock { $0.lastError } }

    // MARK: Coming in

    func append(_ element: Element) {
        let action: Action = state.withLock { state in
            if let capacity = options.capacity,
                state.isClosed || state.pending.count + state.delivering >= capacity
            {
                state.dropped += 1
                defer { state.isDropping = true }
                return state.isDropping ? .none : .tellOfDrops
            }
            state.pending.append(element)
            if !state.isScheduled { ExitHook.add(self) }
            if state.isClosed {
                state.isScheduled = true
                state.lastError = BatchQueueClosed()
                return .none
            }
            if state.pending.count >= hurryCount, !state.isHurried {
                state.isHurried = true
                state.isScheduled = true
                return .now
            }
            defer { state.isScheduled = true }
            return state.isScheduled ? .none : .soon
        }
        switch action {
        case .none: break
        case .soon: worker.enqueue(after: options.delay) { self.drain() }
        case .now: worker.enqueue { self.drain() }
        case .tellOfDrops:
            diagnostics.report(
                .warning,
                name,
                "the queue is full or closed, so the newest entries are dropped: see how many with droppedCount"
            )
        }
    }

    // MARK: Going out

    /// Delivers everything appended so far, and says whether all of it got out.
    ///
    /// After a failed delivery the rest stays queued, and is tried again later.
    /// - Parameter deadline: how long to wait; what is not out by then still goes out afterwards. `nil` waits for as long
    ///   as one attempt takes.
    func flush(deadline: ContinuousClock.Instant? = nil) async -> Bool {
        await finish(closing: false, deadline: deadline)
    }

    /// Delivers everything, and takes nothing any more; says whether all of it got out.
    ///
    /// If not, the queue stays open. What comes afterwards is dropped and counted, or, where nothing may be dropped, kept
    /// without being delivered.
    func close(deadline: ContinuousClock.Instant? = nil) async -> Bool {
        await finish(closing: true, deadline: deadline)
    }

    private func finish(closing: Bool, deadline: ContinuousClock.Instant?) async -> Bool {
        guard let deadline else { return await worker.run { self.drain(closing: closing) } }
        return await withCheckedContinuation { continuation in
            let answer = FirstAnswer(continuation)
            let timer = Task {
                try? await Task.sleep(until: deadline, clock: .continuous)
                answer.give(false)
            }
            worker.enqueue {
                answer.give(self.drain(closing: closing))
                timer.cancel()
            }
        }
    }

    /// Delivers the queue, on the worker's thread; says whether all of it got out.
    @discardableResult
    private func drain(closing: Bool = false) -> Bool {
        var elements = take()
        guard !elements.isEmpty else { return settle(closing: closing) }
        var next = 0
        var lost = 0
        var failure: (any Error)?
        var isStuck = false
        while next < elements.count, !isStuck {
            let end = min(next + options.batch, elements.count)
            switch deliver(elements[next..<end]) {
            case .delivered: next = end
            case .lost(let count, let error): (next, lost, failure) = (end, lost + count, error)
            case .failed(let error): (isStuck, failure) = (true, error)
            }
            state.withLock { $0.delivering = elements.count - next }
        }
        if isStuck { elements.removeFirst(next) } else { elements.removeAll(keepingCapacity: isWorthKeeping(elements)) }
        let wasFailing = state.withLock { state in
            defer { state.failures = failure == nil ? 0 : min(state.failures + 1, 10) }
            state.delivering = 0
            state.dropped += lost
            state.lastError = failure
            if failure == nil { state.isDropping = false }
            if isStuck { state.pending.insert(contentsOf: elements, at: 0) } else { state.spare = elements }
            return state.failures > 0
        }
        if isStuck { retryLater() }
        report(failure, lost: lost, isStuck: isStuck, wasFailing: wasFailing)
        return settle(closing: closing && failure == nil) && failure == nil
    }

    /// One burst must not hold its memory forever.
    private func isWorthKeeping(_ buffer: [Element]) -> Bool { buffer.capacity <= 8 * options.batch }

    private func take() -> [Element] {
        state.withLock { state in
            state.isScheduled = false
            state.isHurried = false
            guard !state.isClosed else { return [] }
            var elements: [Element] = []
            swap(&elements, &state.pending)
            swap(&state.pending, &state.spare)
            state.delivering = elements.count
            return elements
        }
    }

    /// Lets go of what only a queue with something in it needs; says whether nothing is left to wait for.
    private func settle(closing: Bool) -> Bool {
        state.withLock { state in
            guard state.pending.isEmpty else { return !state.isClosed && !closing }
            if closing { state.isClosed = true }
            ExitHook.remove(self)
            return true
        }
    }

    /// Waits longer after every failure, up to five seconds; what comes meanwhile waits, too.
    private func retryLater() {
        let wait: Duration? = state.withLock { state in
            state.isScheduled = true
            state.isHurried = true
            guard !state.isRetrying else { return nil }
            state.isRetrying = true
            return min(.milliseconds(50 << state.failures), .seconds(5))
        }
        guard let wait else { return }
        worker.enqueue(after: wait) {
            self.state.withLock { $0.isRetrying = false }
            self.drain()
        }
    }

    /// Tells the operator of the first failure in a row, and of its end.
    private func report(_ failure: (any Error)?, lost: Int, isStuck: Bool, wasFailing: Bool) {
        guard let failure else {
            if wasFailing { diagnostics.report(.info, name, "entries can be written again") }
            return
        }
        guard !wasFailing else { return }
        let message =
            isStuck
            ? "entries cannot be written: they wait in memory, and writing is tried again"
            : "\(lost) entries could not be written and are lost"
        diagnostics.report(.error, name, message, cause: failure)
    }

    func flushAtExit() {
        worker.runBlocking(limit: options.exitLimit) { self.drain() }
        let (count, error) = state.withLock { ($0.pending.count + $0.delivering, $0.lastError) }
        guard count > 0 else { return }
        // There is no caller left to whom the loss could be told.
        let message = "\(count) entries are lost at the end of the process" + (error == nil ? ": no time left" : "")
        diagnostics.report(.error, name, message, cause: error)
    }
}

/// Resumes whoever waits with what comes first.
private final class FirstAnswer: Sendable {
    private let waiter: Mutex<CheckedContinuation<Bool, Never>?>

    init(_ continuation: CheckedContinuation<Bool, Never>) { waiter = Mutex(continuation) }

    func give(_ answer: Bool) {
        let waiter = waiter.withLock { waiter in
            defer { waiter = nil }
            return waiter
        }
        waiter?.resume(returning: answer)
    }
}
