import PortableFoundation
import Synchronization

/// One request on its way through a pipeline: admit, recall, route, call, settle.
///
/// It owns what must happen exactly once per request (the root span, telling those who wait for the same answer) and the
/// model calls that are open, so that whoever ends it, in whatever way, ends all of it.
///
/// What is marked `@inline(never)` here and in its extensions is kept out of the frames of the functions that wait: a
/// thousand streams waiting for their first token hold a thousand of each.
final class RequestExecution: AttemptHost, RequestHolder {
    let pipeline: Pipeline
    /// Without its scope, which would keep this alive.
    let request: ChatRequest
    let isStreamed: Bool
    let time: any TimeSource
    let start: ContinuousClock.Instant
    let date: Date
    let span = SpanID.random()
    let isTraced: Bool
    /// The scope of the pipeline around this one.
    let outer: RequestScope?
    let trace: TraceContext?
    let requestID: RequestID
    /// Whether the caller has chosen the id, which nobody else may have at the same time.
    let hasClaimedID: Bool
    private let answerBudget: AttemptBudget

    private struct State {
        var isOver = false
        var openCalls: [ModelCall] = []
        /// The sum of all charges; `nil` once one of them was unknown.
        var spent: Money? = .zero
        var attempts = 0
        var route: Route?
        var sharedAnswer: Coalescer.SharedAnswer?
        /// What other roles than the answer's may still ask.
        var sideBudgets: [Purpose.Role: AttemptBudget] = [:]
        /// What is done when the request ends: letting go of the live answer that somebody reads, ending pauses.
        var whenEnded: [@Sendable (_ isEarly: Bool) -> Void] = []
        /// Cancels the task that runs the request.
        var cancel: (@Sendable () -> Void)?
        var isRunning = true
        var scope: RequestScope?
        var cacheContext: CacheContext?
    }
    private let state = Mutex(State())

    init(_ pipeline: Pipeline, _ request: ChatRequest, isStreamed: Bool) throws(LLMError) {
        self.pipeline = pipeline
        self.isStreamed = isStreamed
        outer = request.scope
        trace = request.scope?.trace ?? request.trace
        let claimed = outer == nil ? pipeline.inFlight.claim(request.requestID) : nil
        hasClaimedID = claimed != nil
        requestID = outer?.requestID ?? claimed ?? .random()
        time = request.scope?.time ?? pipeline.time
        answerBudget = AttemptBudget(pipeline.maxAttempts)
        var request = request
        request.scope = nil
        self.request = request
        start = time.now
        date = time.date
        isTraced = pipeline.tracer.isEnabled
        try pipeline.inFlight.enter(self)
        if isTraced { recordBeginning() }
    }

    /// The scope of what is done for the request outside of its tiers: caches, the router. Scopes of model calls are its
    /// children.
    var scope: RequestScope {
        state.withLock { state in
            if let known = state.scope { return known }
            let scope = makeScope()
            // It keeps this alive, and must not be kept by it for longer than the request takes.
            if !state.isOver { state.scope = scope }
            return scope
        }
    }

    /// What the caches may use besides the request; made for the first that asks.
    var cacheContext: CacheContext {
        if let known = state.withLock({ $0.cacheContext }) { return known }
        let context = CacheContext(
            of: self,
            models: pipeline.cacheScope,
            partition: pipeline.router.partition(for: request),
            isStreamed: isStreamed,
            scope: scope
        )
        state.withLock { state in
            if !state.isOver { state.cacheContext = context }
        }
        return context
    }

    private func makeScope() -> RequestScope {
        RequestScope(
            requestID: requestID,
            trace: trace,
            time: time,
            deadline: request.deadline,
            // A span that nobody records is no parent.
            parentSpan: isTraced ? span : parentSpan,
            budget: answerBudget,
            host: self
        )
    }

    // MARK: What is kept account of

    /// What was paid so far; `nil` if a price is unknown.
    var spent: Money? { state.withLock { $0.spent } }
    var route: Route? { state.withLock { $0.route } }
    /// Whether it belongs to a request of a pipeline around this one.
    var isNested: Bool { outer?.host is ModelCall || outer?.host is RequestExecution }
    /// Upstream attempts made so far, for whatever purpose.
    var attempts: Int { state.withLock { $0.attempts } }
    var attemptsLeft: Int { answerBudget.left }

    /// Whether it was ended, by a shutdown as a rule, while something of it was still under way.
    var isOver: Bool { state.withLock { $0.isOver } }

    func took(_ route: Route) { state.withLock { $0.route = route } }

    func paid(_ cost: Money?) {
        state.withLock { state in
            state.attempts += 1
            if let sum = state.spent, let cost { state.spent = sum + cost } else { state.spent = nil }
        }
    }

    /// The attempts that a role may make. Roles beside the answer's have shares of their own, so that no judge, sample,
    /// shadow or check can use up the answer's.
    func budget(for role: Purpose.Role) -> AttemptBudget {
        if role == .answer { return answerBudget }
        return state.withLock { state in
            if let known = state.sideBudgets[role] { return known }
            let budget = AttemptBudget(pipeline.maxSideAttempts)
            state.sideBudgets[role] = budget
            return budget
        }
    }

    func opened(_ call: ModelCall) {
        let isLate = state.withLock { state in
            if !state.isOver { state.openCalls.append(call) }
            return state.isOver
        }
        if isLate { call.fail(Self.shutDown) }
    }

    func closed(_ call: ModelCall) { state.withLock { $0.openCalls.removeAll { $0 === call } } }

    /// Nothing new is begun for a request that was ended.
    func checkOpen() throws(LLMError) {
        if isOver { throw Self.shutDown }
    }

    static let shutDown = LLMError(.shuttingDown, "the pipeline was shut down")

    @inline(never)
    func checkDeadline() throws(LLMError) {
        if let deadline = request.deadline, time.now >= deadline {
            throw LLMError(.timeout, "the request's deadline has passed")
        }
    }

    @inline(never)
    func lead(_ answer: Coalescer.SharedAnswer) throws(LLMError) {
        let isOver = state.withLock { state in
            if !state.isOver { state.sharedAnswer = answer }
            return state.isOver
        }
        if isOver {
            answer.resolve(.failure(Self.shutDown))
            throw Self.shutDown
        }
    }

    func whenEnded(_ body: @escaping @Sendable () -> Void) { whenEnded(tellingWhetherEarly: { _ in body() }) }

    /// Something to let go of when the request ends; early, if that is before its reader does.
    func whenEnded(tellingWhetherEarly body: @escaping @Sendable (_ isEarly: Bool) -> Void) {
        let isLate = state.withLock { state in
            if !state.isOver { state.whenEnded.append(body) }
            return state.isOver
        }
        if isLate { body(true) }
    }

    /// How to cancel the task that runs the request.
    func whenCancelled(_ body: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            if !state.isOver, state.isRunning { state.cancel = body }
            return state.isOver && state.isRunning
        }
        if isLate { body() }
    }

    /// The task that ran the request is done; a live answer may go on.
    func didRun() {
        let isOver = state.withLock { state in
            state.isRunning = false
            state.cancel = nil
            return state.isOver
        }
        if isOver { pipeline.inFlight.leave(self) }
    }

    // MARK: Ending

    /// Ends the request: calls still open fail with the error, the root span is written, those who wait are told.
    /// Only the first ending counts.
    @inline(never)
    func end(_ result: Result<ChatResponse, LLMError>, hit: CacheHit? = nil) {
        let last: Ending? = state.withLock { state in
            guard !state.isOver else { return nil }
            state.isOver = true
            return Ending(taking: &state)
        }
        guard let last else { return }
        let reason = result.failure ?? LLMError(.cancelled, "another answer was taken")
        for call in last.openCalls { call.fail(reason) }
        for body in last.whenEnded { body(result.failure != nil) }
        if result.failure != nil { last.cancel?() }
        last.scope?.forget()
        last.sharedAnswer?.resolve(result)
        if isTraced { recordRequestSpan(result, hit: hit) }
        if !last.isRunning { pipeline.inFlight.leave(self) }
    }

    /// What is let go of when the request ends.
    private struct Ending {
        let openCalls: [ModelCall]
        let whenEnded: [@Sendable (_ isEarly: Bool) -> Void]
        let cancel: (@Sendable () -> Void)?
        let scope: RequestScope?
        let sharedAnswer: Coalescer.SharedAnswer?
        let isRunning: Bool

        init(taking state: inout State) {
            openCalls = state.openCalls
            whenEnded = state.whenEnded
            cancel = state.cancel.take()
            scope = state.scope.take()
            sharedAnswer = state.sharedAnswer.take()
            isRunning = state.isRunning
            (state.openCalls, state.whenEnded) = ([], [])
            state.cacheContext = nil
        }
    }

    /// Ends the request with an error.
    @inline(never)
    func fail(_ error: any Error) -> LLMError {
        // What ended it before was a shutdown, however the work that was cancelled calls it.
        var error = isOver ? Self.shutDown : LLMError(wrapping: error)
        error.requestID = requestID
        end(.failure(error))
        return error
    }
}

extension Result {
    /// The error, if there is one.
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
