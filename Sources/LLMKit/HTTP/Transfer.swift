import Synchronization

/// One request under way: what the task that waits for it and the loop that runs it share.
final class Transfer: Sendable {
    /// What a reader waits for.
    enum Want: Sendable {
        case head
        case bytes
        case end
    }

    typealias Waiter = UnsafeContinuation<Void, Never>

    let request: HTTPRequest
    /// Whether the body is kept until it is whole, rather than handed out as it arrives.
    let isWhole: Bool
    let clocks: TransferClocks
    private let state = Mutex(State())

    /// A stream whose reader lags this many bytes behind is paused until it has caught up.
    static let pauseThreshold = 256 << 10
    /// Buffers larger than this are not used again.
    private static let keptCapacity = 64 << 10

    private struct State {
        var head: HTTPResponseHead?
        var connect = Duration.zero
        var buffer: [UInt8] = []
        /// How many bytes of the body have arrived so far.
        var received = 0
        /// What the reader got last; once it has let go of it, its memory is used for the next bytes.
        var lent: [UInt8] = []
        var isPaused = false
        var isDone = false
        var failure: LLMError?
        var waiter: Waiter?
        var want = Want.end
        var progress = TransferClocks.Progress()

        func has(_ want: Want) -> Bool {
            if isDone { return true }
            switch want {
            case .head: return head != nil
            case .bytes: return !buffer.isEmpty
            case .end: return false
            }
        }

        /// Takes the reader out if it has what it waits for, to be resumed when the batch is done and no lock is held.
        mutating func satisfied(_ needsWaits: Bool) -> Waiter? {
            guard waiter != nil, has(want) else { return nil }
            if needsWaits, let since = progress.waitingSince { progress.waited += MonotonicTime.now() - since }
            progress.waitingSince = nil
            defer { waiter = nil }
            return waiter
        }
    }

    /// - Parameter defaults: the clocks that run where the request sets none.
    init(_ request: HTTPRequest, isWhole: Bool, defaults: Timeouts = Timeouts()) throws(LLMError) {
        try request.validate()
        self.request = request
        self.isWhole = isWhole
        clocks = TransferClocks(request.timeouts.filled(from: defaults), deadline: request.deadline)
    }
}

// MARK: The reader's side

extension Transfer {
    /// Suspends the one reader until there is what it wants, or an end.
    func wait(for want: Want, loop: TransferLoop) async {
        guard !state.withLock({ $0.has(want) }) else { return }
        await withTaskCancellationHandler {
            // Unsafe, because the checked kind allocates: the waiter is taken out of the state under its lock by the
            // one who resumes it, so it is resumed once.
            await withUnsafeContinuation { (waiter: Waiter) in
                let verdict = state.withLock { state -> Verdict in
                    if state.has(want) { return .ready }
                    guard state.waiter == nil else { return .hopeless(TransferFailure.twoReaders) }
                    if clocks.needsWaits {
                        let now = MonotonicTime.now()
                        state.progress.waitingSince = now
                        if let error = clocks.expired(at: now, state.progress) { return .hopeless(error) }
                    }
                    state.waiter = waiter
                    state.want = want
                    return .waiting
                }
                switch verdict {
                case .waiting: return
                case .ready: break
                case .hopeless(let error):
                    fail(error)
                    loop.send(.stop(self))
                }
                waiter.resume()
            }
        } onCancel: {
            loop.send(.stop(self))
        }
    }

    private enum Verdict {
        case waiting
        case ready
        case hopeless(LLMError)
    }

    /// The answer's head; throws what went wrong, unless that was on the way of a body that is read piece by piece.
    func takeHead() throws(LLMError) -> (HTTPResponseHead, connect: Duration) {
        let (head, connect, failure) = state.withLock { ($0.head, $0.connect, $0.failure) }
        if let failure, isWhole || head == nil { throw failure }
        guard let head else { throw LLMError(.network, "\(request.origin): no answer") }
        return (head, connect)
    }

    /// The whole body, once it is there.
    func takeBody() -> [UInt8] {
        state.withLock { state in
            var body: [UInt8] = []
            swap(&body, &state.buffer)
            return body
        }
    }

    /// What has arrived since the last call; an empty array if that is nothing, `nil` after the end.
    func takeBytes() throws(LLMError) -> (bytes: [UInt8], wasPaused: Bool)? {
        try state.withLock { (state) throws(LLMError) in
            guard !state.buffer.isEmpty else {
                guard state.isDone else { return ([], false) }
                if let failure = state.failure { throw failure }
                return nil
            }
            swap(&state.buffer, &state.lent)
            state.buffer.removeAll(keepingCapacity: state.buffer.capacity <= Self.keptCapacity)
            defer { state.isPaused = false }
            return (state.lent, state.isPaused)
        }
    }

    func tokenArrived() {
        state.withLock { state in
            state.progress.hasToken = true
            state.progress.waited = 0
        }
    }

    var isDone: Bool { state.withLock { $0.isDone } }
}

// MARK: The loop's side

extension Transfer {
    func receive(_ head: HTTPResponseHead, connect: Duration) -> Waiter? {
        state.withLock { state in
            state.head = head
            state.connect = connect
            return state.satisfied(clocks.needsWaits)
        }
    }

    enum Reception {
        case taken(Waiter?)
        /// The reader lags behind: the same bytes must be offered again after ``Transfer/takeBytes()``.
        case paused
        case tooLarge
    }

    func receive(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int, expecting length: Int) -> Reception {
        state.withLock { state in
            guard bytes.count <= limit - state.received else { return .tooLarge }
            if isWhole {
                if state.buffer.isEmpty { state.buffer.reserveCapacity(length) }
            } else if state.buffer.count >= Self.pauseThreshold {
                state.isPaused = true
                return .paused
            }
            state.received += bytes.count
            state.buffer.append(contentsOf: bytes)
            return .taken(state.satisfied(clocks.needsWaits))
        }
    }

    /// Marks the end of the transfer, good or bad; only the first counts.
    func finish(_ failure: LLMError?) -> Waiter? {
        state.withLock { state in
            guard !state.isDone else { return state.satisfied(false) }
            state.isDone = true
            state.failure = failure
            if failure != nil, isWhole { state.buffer = [] }
            return state.satisfied(clocks.needsWaits)
        }
    }

    private func fail(_ failure: LLMError) { finish(failure)?.resume() }

    /// The clock that has run out by now, else when one may do so at the earliest.
    func checkClocks(at now: Int64) -> (expired: LLMError?, next: Int64) {
        let progress = state.withLock { $0.progress }
        if let error = clocks.expired(at: now, progress) { return (error, .max) }
        return (nil, clocks.earliestExpiry(at: now, progress))
    }
}
