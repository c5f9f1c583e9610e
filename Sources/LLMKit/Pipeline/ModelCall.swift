import Synchronization

/// One model that is asked for one purpose: the attempts made for it, from the first until all are booked.
///
/// Answers of a tier are booked when it is known what became of them: taken, or thrown away. Whatever else is asked
/// (judges, samples, shadows, checks, vectors) is booked when it ends.
final class ModelCall: AttemptHost {
    let execution: RequestExecution
    /// The pipeline's name of the model.
    let name: ModelName
    /// `nil` for what is no model of the pipeline, such as an embedder.
    let entry: ModelTable.Entry?
    let purpose: Purpose
    let tier: Int?
    let isStreamed: Bool
    /// What is asked, where it is not the caller's own request.
    private let ownRequest: ChatRequest?
    let start: ContinuousClock.Instant
    /// The span below which a nested pipeline puts its own.
    let span: SpanID?
    /// Whether that span is this call's own.
    private let hasSpan: Bool
    /// Whether it is made for one attempt, and over with it.
    private let isSingle: Bool
    private let budget: AttemptBudget

    private struct State {
        var made = 0
        var open: [BookedAttempt] = []
        /// Answered, and not yet judged.
        var undecided: [BookedAttempt] = []
        var isSettled = false
        var spent: Money? = .zero
    }
    private let state = Mutex(State())

    init(
        _ execution: RequestExecution,
        _ name: ModelName,
        _ entry: ModelTable.Entry?,
        for purpose: Purpose,
        tier: Int? = nil,
        request: ChatRequest? = nil,
        isStreamed: Bool = false,
        isSingle: Bool = false,
        within outer: ModelCall? = nil
    ) {
        self.execution = execution
        self.name = name
        self.entry = entry
        self.purpose = purpose
        self.tier = tier
        self.isStreamed = isStreamed
        ownRequest = request
        start = execution.time.now
        self.isSingle = isSingle
        hasSpan = !isSingle && execution.isTraced && entry?.info.isPipeline == true
        span = hasSpan ? .random() : outer?.span
        budget = execution.budget(for: purpose.role)
        if hasSpan { execution.recordBeginning(of: self) }
        if !purpose.role.isBeside { execution.opened(self) }
    }

    /// What is asked.
    var request: ChatRequest { ownRequest ?? execution.request }

    /// Whether it is told later what becomes of an answer.
    private var awaitsVerdict: Bool { purpose.role == .answer }

    /// What was paid for it; `nil` if a price is unknown.
    var spent: Money? { state.withLock { $0.spent } }

    // MARK: Calling

    /// Asks for an answer; a failure settles the call.
    func reply(to request: ChatRequest, isLive: Bool) async throws -> Reply {
        guard let entry else { throw LLMError(.noSuchModel, "'\(name)' is no model of the pipeline") }
        do {
            return try await entry.provider.reply(to: scoped(request), isLive: isLive)
        } catch {
            throw fail(LLMError(wrapping: error))
        }
    }

    /// Asks for a whole answer; a failure settles the call.
    func respond(to request: ChatRequest) async throws -> ChatResponse {
        switch try await reply(to: request, isLive: false) {
        case .whole(let response): return marked(response)
        case .live(let stream):
            do { return marked(try await stream.collect()) } catch { throw fail(error) }
        }
    }

    @inline(never)
    private func scoped(_ request: ChatRequest) -> ChatRequest {
        var request = request
        request.scope = execution.scope.child(purpose: purpose, parentSpan: span, budget: budget, host: self)
        return request
    }

    /// Adds what only the pipeline knows.
    @inline(never)
    func marked(_ response: ChatResponse) -> ChatResponse {
        var response = response
        response.model = name
        response.requestID = execution.requestID
        if response.timing.total == .zero { response.timing.total = execution.time.now - start }
        return response
    }

    // MARK: Attempts

    @inline(never)
    func begin(_ plan: AttemptPlan) async throws -> any AttemptRecord {
        if purpose.role == .answer, plan.purpose.role != .answer {
            // A nested pipeline's judge, vector or shadow: from the share of its role, and booked when it ends.
            return try await Self.single(plan, execution, name, entry, within: self)
        }
        try checkOpen()
        guard budget.take() else { throw LLMError.attemptsExhausted }
        let attempt = BookedAttempt(self, plan)
        do { try await attempt.reserve(plan) } catch {
            attempt.dissolve()
            throw error
        }
        guard register(attempt) else {
            attempt.dissolve()
            throw execution.isOver
                ? RequestExecution.shutDown : LLMError(.cancelled, "the call had ended: another answer was taken")
        }
        return attempt
    }

    /// An attempt that is a call of its own.
    ///
    /// What runs beside the request takes one of the places for that, so that a drain waits for it and a shutdown ends it.
    static func single(
        _ plan: AttemptPlan,
        _ execution: RequestExecution,
        _ name: ModelName,
        _ entry: ModelTable.Entry?,
        within outer: ModelCall? = nil
    ) async throws -> any AttemptRecord {
        let call = ModelCall(execution, name, entry, for: plan.purpose, isSingle: true, within: outer)
        if call.purpose.role.isBeside, !execution.pipeline.inFlight.begin(beside: call) {
            throw call.fail(RequestExecution.noRoomBeside)
        }
        do {
            return try await call.begin(plan)
        } catch {
            call.attemptIsOver()
            throw call.fail(LLMError(wrapping: error))
        }
    }

    /// An attempt is booked, or was none.
    func attemptIsOver() {
        guard isSingle else { return }
        state.withLock { $0.isSettled = true }
        if purpose.role.isBeside {
            execution.pipeline.inFlight.end(beside: self)
        } else {
            execution.closed(self)
        }
    }

    /// Nothing new is begun for a request that was ended; what runs beside requests may outlive its own.
    func checkOpen() throws(LLMError) {
        if purpose.role.isBeside ? execution.pipeline.inFlight.isClosed : execution.isOver {
            throw RequestExecution.shutDown
        }
    }

    func ask(_ model: ModelName, _ request: ChatRequest, for purpose: Purpose) async throws -> ChatResponse {
        try await execution.ask(model, request, for: purpose)
    }

    func whenEnded(_ body: @escaping @Sendable () -> Void) { execution.whenEnded(body) }

    func runBeside(_ work: @escaping @Sendable () async -> Void) -> Bool { execution.runBeside(work) }

    /// The number of the next attempt, from 1.
    func nextOrdinal() -> Int {
        state.withLock { state in
            state.made += 1
            return state.made
        }
    }

    private func register(_ attempt: BookedAttempt) -> Bool {
        state.withLock { state in
            guard !state.isSettled else { return false }
            state.open.append(attempt)
            return true
        }
    }

    /// What is to be done with an attempt that has ended with an answer.
    enum Verdict { case book, discard, wait }

    func answered(_ attempt: BookedAttempt) -> Verdict {
        state.withLock { state in
            state.open.removeAll { $0 === attempt }
            guard awaitsVerdict else { return .book }
            // Another's answer was taken meanwhile, or nobody wants one any more.
            guard !state.isSettled else { return .discard }
            state.undecided.append(attempt)
            return .wait
        }
    }

    func failed(_ attempt: BookedAttempt) { state.withLock { $0.open.removeAll { $0 === attempt } } }

    /// An attempt turned out to be none.
    func dissolved(_ attempt: BookedAttempt) {
        failed(attempt)
        // Its number is free again, unless later ones have theirs: two never have the same.
        state.withLock { if $0.made == attempt.ordinal { $0.made -= 1 } }
        budget.giveBack()
    }

    func paid(_ cost: Money?) {
        state.withLock { state in
            if let sum = state.spent, let cost { state.spent = sum + cost } else { state.spent = nil }
        }
        if !purpose.role.isBeside { execution.paid(cost) }
    }

    // MARK: Settling

    /// Its answer goes to the caller.
    /// - Returns: the answer with what the request has cost.
    @discardableResult
    func accept(_ response: ChatResponse) -> ChatResponse {
        guard let undecided = close(otherwise: LLMError(.cancelled, "another answer was taken")) else {
            return response
        }
        var response = response
        let giver = undecided.first { $0.id == response.attempt } ?? undecided.last
        // Whoever answered besides was not needed.
        for attempt in undecided where attempt !== giver { attempt.discard() }
        if let giver {
            response.attempt = giver.outerID
            giver.book(.answered(response))
        } else if awaitsVerdict {
            execution.bookAnswerWithoutAttempt(response, of: self)
        }
        leave()
        response.cost = purpose.role == .answer ? execution.spent : spent
        return response
    }

    /// Its answer is thrown away, because it was not good enough.
    func reject(_ response: ChatResponse) {
        guard let undecided = close(otherwise: LLMError(.cancelled, "another answer was taken")) else { return }
        let giver = undecided.first { $0.id == response.attempt } ?? undecided.last
        for attempt in undecided where attempt !== giver { attempt.discard() }
        giver?.book(.rejected(response))
        leave()
    }

    /// No answer came of it, or nobody wants it any more.
    @discardableResult
    func fail(_ error: LLMError) -> LLMError {
        var error = error
        error.requestID = execution.requestID
        guard let undecided = close(otherwise: error) else { return error }
        for attempt in undecided { attempt.book(.failed(error)) }
        if hasSpan { execution.recordCallSpan(self, error: error.code) }
        leave(isSpanDone: true)
        return error
    }

    /// Ends what is under way; only the first time counts.
    private func close(otherwise error: LLMError) -> [BookedAttempt]? {
        let last: (open: [BookedAttempt], undecided: [BookedAttempt])? = state.withLock { state in
            guard !state.isSettled else { return nil }
            state.isSettled = true
            defer { (state.open, state.undecided) = ([], []) }
            return (state.open, state.undecided)
        }
        guard let last else { return nil }
        for attempt in last.open { attempt.fail(error) }
        return last.undecided
    }

    private func leave(isSpanDone: Bool = false) {
        if hasSpan, !isSpanDone { execution.recordCallSpan(self, error: nil) }
        if !purpose.role.isBeside { execution.closed(self) }
    }
}
