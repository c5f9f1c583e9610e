import Synchronization

/// Spans that wait for the tracer's thread, at most so many.
final class SpanQueue: FlushesAtExit {
    private struct State {
        var pending: [TraceSpan] = []
        var isScheduled = false
        var isHurried = false
        var dropped = 0
        var lastError: LLMError?
    }

    private let state = Mutex(State())
    /// Locked by the tracer's thread alone, while it writes: recording never waits for it.
    private let file: Mutex<RotatingFile>
    private let capacity: Int
    private let worker: SerialWorker

    init(_ file: consuming sending RotatingFile, capacity: Int, worker: SerialWorker) {
        self.file = Mutex(file)
        self.capacity = capacity
        self.worker = worker
    }

    var droppedCount: Int { state.withLock { $0.dropped } }
    var lastError: LLMError? { state.withLock { $0.lastError } }

    func append(_ span: TraceSpan) {
        enum Action { case none, soon, now }
        let action: Action = state.withLock { state in
            guard state.pending.count < capacity else {
                state.dropped += 1
                return .none
            }
            state.pending.append(span)
            // Half full leaves the thread as much time as filling took.
            if state.pending.count >= min(512, (capacity + 1) / 2), !state.isHurried {
                state.isHurried = true
                return .now
            }
            guard !state.isScheduled else { return .none }
            state.isScheduled = true
            ExitHook.add(self)
            return .soon
        }
        switch action {
        case .none: break
        case .soon: worker.enqueue(after: .milliseconds(100)) { self.drain() }
        case .now: worker.enqueue { self.drain() }
        }
    }

    /// Writes what waits, on the tracer's thread.
    func drain() {
        let spans = state.withLock { state in
            defer { state.pending = [] }
            state.isScheduled = false
            state.isHurried = false
            if state.pending.isEmpty { ExitHook.remove(self) }
            return state.pending
        }
        guard !spans.isEmpty else { return }
        let (written, error) = file.withLock { $0.append(spans) }
        state.withLock { state in
            state.dropped += spans.count - written
            state.lastError = error
            if state.pending.isEmpty { ExitHook.remove(self) }
        }
    }

    func flushAtExit() {
        worker.runBlocking(limit: .seconds(2)) { self.drain() }
    }
}
