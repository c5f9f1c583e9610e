import Synchronization

/// What everything done for one request shares: its id and trace, clock and deadline, attempts that are left, and what
/// was computed once.
///
/// It travels inside the request (``ChatRequest/scope``), so that nested pipelines and anybody's decorators find it
/// without a task-local look-up. A provider that calls an upstream itself wraps the call in ``attempt(_:for:_:)``; a
/// router, signal or cache that needs a model's help calls ``ask(_:_:for:)``. Both are paid for, counted and traced with
/// the request.
///
/// Pipelines make scopes. Make one yourself to use a provider without a pipeline, or to test a router:
///
/// ```swift
/// let scope = RequestScope(attempts: 3) { model, request, purpose in ChatResponse("yes") }
/// ```
public final class RequestScope: Sendable {
    /// Our id of the request, which ties ledger rows, spans and errors together.
    public let requestID: RequestID
    /// The trace that the request came with.
    public let trace: TraceContext?
    public let time: any TimeSource
    /// The moment after which the answer is of no use.
    public let deadline: ContinuousClock.Instant?
    /// Why attempts are made under this scope.
    public let purpose: Purpose
    /// The span below which nested pipelines put their own.
    let parentSpan: SpanID?
    let budget: AttemptBudget
    let host: (any AttemptHost)?
    /// Set inside an attempt that was made for a provider which may make attempts itself.
    let enclosing: (any AttemptRecord)?
    /// The scope that keeps what was computed once.
    private let root: RequestScope?
    private let notes = Mutex<[NoteKey: any Sendable]>([:])

    private enum NoteKey: Hashable {
        case memo(String, ObjectIdentifier)
        case owner(ObjectIdentifier)
    }

    init(
        requestID: RequestID,
        trace: TraceContext?,
        time: any TimeSource,
        deadline: ContinuousClock.Instant?,
        purpose: Purpose = .answer,
        parentSpan: SpanID? = nil,
        budget: AttemptBudget,
        host: (any AttemptHost)?,
        enclosing: (any AttemptRecord)? = nil,
        root: RequestScope? = nil
    ) {
        self.requestID = requestID
        self.trace = trace
        self.time = time
        self.deadline = deadline
        self.purpose = purpose
        self.parentSpan = parentSpan
        self.budget = budget
        self.host = host
        self.enclosing = enclosing
        self.root = root
    }

    /// A scope without a pipeline.
    /// - Parameters:
    ///   - attempts: how many upstream attempts may be made under it.
    ///   - deadline: the moment after which the answer is of no use.
    ///   - time: what clocks and pauses go by.
    ///   - trace: the trace it belongs to.
    ///   - ask: answers what is asked through ``ask(_:_:for:)``; without it there are no models.
    public convenience init(
        attempts: Int = 6,
        deadline: ContinuousClock.Instant? = nil,
        time: any TimeSource = SystemTime(),
        trace: TraceContext? = nil,
        ask: (@Sendable (ModelName, ChatRequest, Purpose) async throws -> ChatResponse)? = nil
    ) {
        let budget = AttemptBudget(attempts)
        self.init(
            requestID: .random(),
            trace: trace,
            time: time,
            deadline: deadline,
            budget: budget,
            host: ask.map { ClosureHost(budget, trace, $0) }
        )
    }

    /// The same request for another purpose, or from another place in the tree of calls.
    func child(
        purpose: Purpose? = nil,
        parentSpan: SpanID? = nil,
        budget: AttemptBudget? = nil,
        host: (any AttemptHost)? = nil,
        enclosing: (any AttemptRecord)? = nil
    ) -> RequestScope {
        RequestScope(
            requestID: requestID,
            trace: trace,
            time: time,
            deadline: deadline,
            purpose: purpose ?? self.purpose,
            parentSpan: parentSpan ?? self.parentSpan,
            budget: budget ?? self.budget,
            host: host ?? self.host,
            enclosing: enclosing,
            root: root ?? self
        )
    }

    /// The same request, whose attempts from here on are made for another purpose: for decorators that ask again, or
    /// several at once.
    public func with(purpose: Purpose) -> RequestScope { child(purpose: purpose, enclosing: enclosing) }

    /// What is done beside the request stays so, whatever it is asked for: it may outlive the request, and must.
    func kept(_ purpose: Purpose) -> Purpose { self.purpose.role.isBeside ? self.purpose : purpose }

    /// How many upstream attempts may still be made for this purpose.
    public var attemptsLeft: Int { budget.left }

    // MARK: Models

    /// Another model of the pipeline, at the request's expense: for routers, signals and judges.
    /// - Parameters:
    ///   - model: the pipeline's name of it.
    ///   - request: what it is asked; the caller and the deadline of the request that it serves are filled in.
    ///   - purpose: what it is booked as; it is counted against that role's share of attempts, not the answer's. What a
    ///     check or a shadow asks is booked as that.
    /// - Returns: the whole answer.
    /// - Throws: ``LLMError``; with code `no_such_model` if the pipeline has no such model, or there is no pipeline.
    public func ask(_ model: ModelName, _ request: ChatRequest, for purpose: Purpose) async throws -> ChatResponse {
        guard let host else {
            throw LLMError(.noSuchModel, "there is no model '\(model)' to ask: the request has no pipeline")
        }
        return try await host.ask(model, request, for: kept(purpose))
    }

    /// Runs something that the request neither waits for nor fails with; `false` if there is no room for it.
    func runBeside(_ work: @escaping @Sendable () async -> Void) -> Bool { host?.runBeside(work) ?? false }

    /// Waits, no longer than the request goes on: a shutdown ends the wait.
    /// - Throws: `CancellationError` if the task is cancelled, or the request ended.
    func sleep(for pause: Duration) async throws {
        guard let host else { return try await time.sleep(for: pause) }
        let sleeper = Task { [time] in try await time.sleep(for: pause) }
        host.whenEnded { sleeper.cancel() }
        try await withTaskCancellationHandler {
            try await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
    }

    // MARK: What was computed once

    /// What is computed once for this request, however many parts of the pipeline need it: the prompt's vector, its
    /// language.
    ///
    /// Two that ask at the same moment may both compute it; the first result is kept.
    public func memo<Value: Sendable>(
        _ key: MemoKey<Value>,
        _ make: @Sendable () async throws -> Value
    ) async rethrows -> Value {
        let home = root ?? self
        let note = NoteKey.memo(key.name, ObjectIdentifier(Value.self))
        if let known = home.notes.withLock({ $0[note] as? Value }) { return known }
        let made = try await make()
        return home.notes.withLock { notes in
            if let known = notes[note] as? Value { return known }
            notes[note] = made
            return made
        }
    }

    /// What a part of the pipeline found out at one step and wants to know again at a later one.
    func note<Note: Sendable>(of owner: AnyObject, as type: Note.Type = Note.self) -> Note? {
        (root ?? self).notes.withLock { $0[.owner(ObjectIdentifier(owner))] as? Note }
    }

    /// Forgets what was noted: nobody will ask again, and what is held there (places that others wait for) is let go of.
    func forget() {
        let last = notes.withLock { notes in
            defer { notes = [:] }
            return notes
        }
        withExtendedLifetime(last) {}
    }

    func setNote(_ note: (some Sendable)?, of owner: AnyObject) {
        (root ?? self).notes.withLock { $0[.owner(ObjectIdentifier(owner))] = note }
    }
}

/// Names something that is computed once for a request.
public struct MemoKey<Value: Sendable>: Hashable, Sendable {
    package let name: String
    /// - Parameter name: unlike all others; two keys of one name and one type are the same.
    public init(_ name: String) { self.name = name }
}

/// What stands behind a scope: a pipeline, as a rule.
protocol AttemptHost: AnyObject, Sendable {
    /// Takes an attempt from the budget, and sets its money aside.
    /// - Throws: ``LLMError``: `attempts_exhausted`, or what the meter has against it.
    func begin(_ plan: AttemptPlan) async throws -> any AttemptRecord
    func ask(_ model: ModelName, _ request: ChatRequest, for purpose: Purpose) async throws -> ChatResponse
    /// Something to do when the request ends; at once if it has ended.
    func whenEnded(_ body: @escaping @Sendable () -> Void)
    /// Runs something that the caller's request does not wait for; `false` if there is no room or no time for it.
    func runBeside(_ work: @escaping @Sendable () async -> Void) -> Bool
}

/// An attempt before it is made.
struct AttemptPlan: Sendable {
    /// How much goes to the upstream, and comes back at the most.
    struct Size: Sendable {
        /// The tokens that go to the upstream.
        var input: TokenEstimate
        /// The most output tokens that the upstream may bill; `nil` if nobody said, and a usual limit is assumed.
        var outputLimit: Int?
        /// Whether a model is asked for an answer, and not an embedder for vectors, which have a price of their own.
        var isAnswer: Bool

        /// - Parameter outputLimit: where it is not what the request says: thinking, a default.
        static func request(_ request: ChatRequest, outputLimit: Int? = nil) -> Size {
            Size(
                input: TokenEstimate(of: request),
                outputLimit: outputLimit ?? request.sampling.maxOutputTokens,
                isAnswer: true
            )
        }

        /// Texts for an embedder.
        static func texts(utf8Count: Int) -> Size {
            Size(input: TokenEstimate(utf8Count: utf8Count), outputLimit: 0, isAnswer: false)
        }
    }

    var upstream: Upstream
    var purpose: Purpose
    var size: Size
    /// Whether whoever makes it says when the request leaves this machine.
    var tellsSending = false
    /// What a nested pipeline knows of the price, and of the most it may cost.
    var price: AppliedPrice?
    var worstCase: Money?
    /// Whether a nested pipeline writes its span.
    var isTraced = false
}

/// A host for tests: it answers what is asked, and books nothing.
private final class ClosureHost: AttemptHost {
    private let budget: AttemptBudget
    private let trace: TraceContext?
    private let answer: @Sendable (ModelName, ChatRequest, Purpose) async throws -> ChatResponse

    init(
        _ budget: AttemptBudget,
        _ trace: TraceContext?,
        _ answer: @escaping @Sendable (ModelName, ChatRequest, Purpose) async throws -> ChatResponse
    ) {
        self.budget = budget
        self.trace = trace
        self.answer = answer
    }

    func begin(_ plan: AttemptPlan) throws -> any AttemptRecord {
        guard budget.take() else { throw LLMError.attemptsExhausted }
        return UnbookedAttempt(plan.upstream, for: plan.purpose, in: trace, from: budget)
    }

    func ask(_ model: ModelName, _ request: ChatRequest, for purpose: Purpose) async throws -> ChatResponse {
        try await answer(model, request, purpose)
    }

    func whenEnded(_ body: @escaping @Sendable () -> Void) {}

    func runBeside(_ work: @escaping @Sendable () async -> Void) -> Bool {
        Task { await work() }
        return true
    }
}
