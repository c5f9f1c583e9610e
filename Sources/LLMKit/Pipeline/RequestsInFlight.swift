import Synchronization

/// What the copies of one pipeline share: the requests under way, and all that runs beside them, so that a drain can wait
/// for them and a shutdown can end them.
final class RequestsInFlight: Sendable {
    private struct State {
        /// New requests are refused.
        var isDraining = false
        /// Everything is over.
        var isClosed = false
        var executions: [ObjectIdentifier: RequestExecution] = [:]
        /// The ids that callers have chosen.
        var claimedIDs: Set<RequestID> = []
        var besideCalls: [ObjectIdentifier: ModelCall] = [:]
        var tasks: [Int: Task<Void, Never>] = [:]
        /// Tasks that ended before they were written down.
        var endedEarly: Set<Int> = []
        var lastTask = 0
        var droppedShadows = 0
        var waiters: [CheckedContinuation<Void, Never>] = []

        var isIdle: Bool { executions.isEmpty && besideCalls.isEmpty && tasks.isEmpty }
    }

    private let state = Mutex(State())
    let coalescer = Coalescer()

    /// Shadows and checks beyond this many under way are not sent: a slow one must not pile up copies of the traffic.
    static let besideLimit = 256

    var isClosed: Bool { state.withLock { $0.isClosed } }
    var isIdle: Bool { state.withLock { $0.isIdle } }
    var droppedShadows: Int { state.withLock { $0.droppedShadows } }

    // MARK: Requests

    /// Takes an id for a request, for as long as it is under way; `nil` if another has it.
    func claim(_ id: RequestID?) -> RequestID? {
        guard let id else { return nil }
        return state.withLock { $0.claimedIDs.insert(id).inserted } ? id : nil
    }

    func enter(_ execution: RequestExecution) throws(LLMError) {
        let isRefused = state.withLock { state in
            // What a request under way asks of its own pipeline, nested in itself, still belongs to it.
            let isRefused = state.isClosed || (state.isDraining && !execution.isNested)
            if isRefused {
                if execution.hasClaimedID { state.claimedIDs.remove(execution.requestID) }
            } else {
                state.executions[ObjectIdentifier(execution)] = execution
            }
            return isRefused
        }
        guard isRefused else { return }
        var refusal = LLMError(.shuttingDown, "the pipeline was shut down; assemble a new one to go on")
        refusal.requestID = execution.requestID
        throw refusal
    }

    func leave(_ execution: RequestExecution) {
        wake { state in
            // Who ends and who has run may both be last.
            guard state.executions.removeValue(forKey: ObjectIdentifier(execution)) != nil else { return }
            if execution.hasClaimedID { state.claimedIDs.remove(execution.requestID) }
        }
    }

    // MARK: Beside requests

    /// Takes a place for a call beside its request; `false` if there is none.
    func begin(beside call: ModelCall) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.besideCalls.count < Self.besideLimit else {
                if call.purpose.role == .shadow { state.droppedShadows += 1 }
                return false
            }
            state.besideCalls[ObjectIdentifier(call)] = call
            return true
        }
    }

    func end(beside call: ModelCall) {
        wake { $0.besideCalls[ObjectIdentifier(call)] = nil }
    }

    /// Runs something in a task that a drain waits for and a shutdown cancels; `false` if there is no room.
    func run(_ work: @escaping @Sendable () async -> Void) -> Bool {
        let id: Int? = state.withLock { state in
            guard !state.isClosed, state.tasks.count < 2 * Self.besideLimit else { return nil }
            state.lastTask += 1
            return state.lastTask
        }
        guard let id else { return false }
        let task = Task {
            await work()
            wake { state in
                if state.tasks.removeValue(forKey: id) == nil { state.endedEarly.insert(id) }
            }
        }
        let isClosed = state.withLock { state in
            if state.endedEarly.remove(id) == nil { state.tasks[id] = task }
            return state.isClosed
        }
        if isClosed { task.cancel() }
        return true
    }

    // MARK: Ending

    private func wake(_ change: (inout State) -> Void) {
        let waiters: [CheckedContinuation<Void, Never>] = state.withLock { state in
            change(&state)
            guard state.isIdle else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Refuses new requests.
    func refuse() { state.withLock { $0.isDraining = true } }

    /// Returns when nothing is under way any more.
    func idle() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if !state.isIdle { state.waiters.append(continuation) }
                return state.isIdle
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Refuses what comes, settles what is there, and cancels it.
    func close() {
        let last = state.withLock { state in
            (state.isDraining, state.isClosed) = (true, true)
            return state
        }
        for execution in last.executions.values { execution.end(.failure(RequestExecution.shutDown)) }
        for call in last.besideCalls.values { call.fail(RequestExecution.shutDown) }
        for task in last.tasks.values { task.cancel() }
    }
}
