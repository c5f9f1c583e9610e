import PortableFoundation
import Synchronization

/// One upstream attempt of a request: its reservation, its row, its span.
///
/// In nested pipelines the outer one books it as well, under its own name of the model: each pipeline's books are whole.
final class BookedAttempt: AttemptRecord {
    /// What became of it.
    enum Outcome {
        case answered(ChatResponse)
        /// Answered, but the answer was thrown away.
        case rejected(ChatResponse)
        case failed(LLMError)
    }

    let call: ModelCall
    let id = SpanID.random()
    let upstream: Upstream
    let purpose: Purpose
    let ordinal: Int
    let size: AttemptPlan.Size
    private let tellsSending: Bool
    let start: ContinuousClock.Instant
    /// What its span is called; empty where nobody traces.
    let spanName: String

    private struct State {
        var reservation: Reservation?
        var outer: (any AttemptRecord)?
        /// The answer, while nobody knows what becomes of it.
        var response: ChatResponse?
        var firstToken: Duration?
        var outputBytes = 0
        /// What the upstream had told when its answer began.
        var progress: AnswerProgress?
        var isSent = false
        var isOver = false
        /// Ends the call, if it is left behind.
        var stop: (@Sendable () -> Void)?
        /// The price of the model that is asked.
        var asked: AppliedPrice?
        /// What the nested pipeline that made it says of its price.
        var priced: AppliedPrice?
        /// Whether that one, or one within it, writes the span.
        var isTracedWithin = false
    }
    private let state = Mutex(State())

    init(_ call: ModelCall, _ plan: AttemptPlan) {
        self.call = call
        upstream = plan.upstream
        // What serves a judge or runs beside the request stays so, however the models below are used.
        purpose = call.purpose.role == .answer ? plan.purpose : call.purpose
        ordinal = call.nextOrdinal()
        tellsSending = plan.tellsSending
        size = plan.size
        start = call.execution.time.now
        spanName = call.execution.isTraced ? call.execution.spanName(of: plan.upstream, purpose, call.name) : ""
    }

    private var execution: RequestExecution { call.execution }

    /// The model whose own price counts: none for vectors that are made for a model's call, which another makes.
    var pricedEntry: ModelTable.Entry? {
        size.isAnswer ? call.entry : nil
    }

    // MARK: Before

    /// Sets the worst case aside, here and in the pipelines around this one.
    func reserve(_ plan: AttemptPlan) async throws {
        let worst = execution.worstCase(of: plan, pricedEntry)
        let reservation = try await execution.reserve(for: self, worst.cost)
        state.withLock { state in
            state.reservation = reservation
            state.asked = worst.price
            state.priced = plan.price
            state.isTracedWithin = plan.isTraced
        }
        do {
            try call.checkOpen()
            if let outer = execution.outer, let host = outer.host {
                var plan = plan
                (plan.price, plan.worstCase) = (worst.price, worst.cost)
                // What is the first try in here is to the pipeline around this what that asked this one for.
                plan.purpose = purpose == .answer ? outer.purpose : purpose
                plan.isTraced = plan.isTraced || execution.isTraced
                let record = try await host.begin(plan)
                state.withLock { $0.outer = record }
            }
            if execution.isTraced, !plan.isTraced { execution.recordBeginning(of: self) }
        } catch {
            release()
            throw error
        }
    }

    // MARK: While it is under way

    func sent() {
        let outer = state.withLock { state in
            state.isSent = true
            return state.outer
        }
        outer?.sent()
    }

    func whenLeftBehind(_ stop: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            if !state.isOver { state.stop = stop }
            return state.isOver
        }
        if isLate { stop() }
    }

    func received(outputBytes count: Int, from source: any EventSource) {
        let (outer, isFirst) = state.withLock { state in
            let isFirst = state.firstToken == nil
            if isFirst { state.firstToken = execution.time.now - start }
            state.outputBytes += count
            return (state.outer, isFirst)
        }
        if isFirst { note(source) }
        outer?.received(outputBytes: count, from: source)
    }

    @inline(never)
    private func note(_ source: any EventSource) {
        // Outside the lock: the source has one of its own.
        let progress = source.progress
        state.withLock { $0.progress = progress }
    }

    func finish(_ response: inout ChatResponse) {
        var own = response
        own.upstream = own.upstream ?? upstream
        if own.usage.total == 0 { own.usage = execution.estimate(of: own, by: self) }
        own.attempt = id
        let isNews = state.withLock { [own] state in
            state.stop = nil
            guard !state.isOver else { return false }
            state.response = own
            return true
        }
        // One that turned out to be none leaves the answer to the attempt that gave it.
        guard isNews else { return }
        response = own
        switch call.answered(self) {
        case .book: book(.answered(own))
        case .discard: discard()
        case .wait: break
        }
    }

    func fail(_ error: LLMError) {
        // An answer that is there only waits for its verdict: a decorator that lets go of its stream then ends nothing.
        guard state.withLock({ $0.response == nil }) else { return }
        call.failed(self)
        let stop = state.withLock { $0.stop.take() }
        book(.failed(error))
        stop?()
    }

    func dissolve() {
        guard end() else { return }
        call.dissolved(self)
        if call.execution.isTraced { call.execution.pipeline.tracer.withdrew(id) }
        release()
        call.attemptIsOver()
    }

    // MARK: After

    /// Writes the row and the span, once.
    func book(_ outcome: Outcome) {
        guard end() else { return }
        let (traces, outer, isTracedWithin) = state.withLock { state in
            (
                AttemptTraces(
                    reservation: state.reservation,
                    answer: state.response.take(),
                    firstToken: state.firstToken,
                    outputBytes: state.outputBytes,
                    progress: state.progress,
                    isSent: state.isSent,
                    isKnownUnsent: tellsSending && !state.isSent,
                    priced: state.priced,
                    asked: state.asked
                ),
                state.outer.take(), state.isTracedWithin
            )
        }
        let (charge, priced) = execution.charge(for: self, outcome, traces)
        call.paid(charge.cost)
        execution.pipeline.meter.record(charge)
        if execution.isTraced, !isTracedWithin { execution.recordAttemptSpan(self, charge) }
        (outer as? BookedAttempt)?.take(outcome.told(by: traces.answer), charge, priced)
        call.attemptIsOver()
    }

    /// Books its own answer as one that nobody needed.
    func discard() {
        guard let answer = state.withLock({ $0.response }) else { return }
        book(.rejected(answer))
    }

    /// Ends it as the nested pipeline's own attempt did, at that one's price.
    private func take(_ outcome: Outcome, _ inner: Charge, _ priced: AppliedPrice?) {
        state.withLock { $0.priced = priced }
        switch outcome {
        case .answered(var response): finish(&response)
        case .rejected(let response):
            state.withLock { $0.response = response }
            call.failed(self)
            book(outcome)
        case .failed(var error):
            error.usage = inner.usage
            fail(error)
        }
    }

    /// The enclosing pipeline's mark of the same attempt.
    var outerID: SpanID? { state.withLock { ($0.outer as? BookedAttempt)?.id } }

    /// By the span that is written, which may be an enclosing pipeline's. Where nobody writes one, who reads the upstream's
    /// traces still finds the row by the request's id.
    var trace: TraceContext? {
        let isTraced = execution.isTraced
        if !isTraced, let outer = state.withLock({ $0.outer })?.trace { return outer }
        let known = execution.trace
        return TraceContext(
            traceID: known?.traceID ?? execution.requestID,
            spanID: isTraced ? id : known?.spanID ?? id,
            isSampled: known?.isSampled ?? isTraced
        )
    }

    private func end() -> Bool {
        state.withLock { state in
            defer { state.isOver = true }
            return !state.isOver
        }
    }

    private func release() {
        let (reservation, outer) = state.withLock { state in
            defer { (state.reservation, state.outer) = (nil, nil) }
            return (state.reservation, state.outer)
        }
        if let reservation { execution.pipeline.meter.release(reservation) }
        outer?.dissolve()
    }
}

/// What was seen of an attempt, besides its outcome.
struct AttemptTraces {
    var reservation: Reservation?
    var answer: ChatResponse?
    var firstToken: Duration?
    var outputBytes: Int
    var progress: AnswerProgress?
    var isSent: Bool
    /// Whether it is certain that nothing left this machine.
    var isKnownUnsent: Bool
    var priced: AppliedPrice?
    /// The price of the model that was asked.
    var asked: AppliedPrice?

    /// Which of the vendor's models answered, as far as it said so.
    var servedModel: String? { answer?.servedModel ?? progress?.servedModel }
}

extension BookedAttempt.Outcome {
    /// The same, with the answer as the attempt gave it: decorators may have made another of it, which is not what the
    /// vendor bills.
    fileprivate func told(by answer: ChatResponse?) -> Self {
        func original(_ response: ChatResponse) -> ChatResponse {
            guard var answer else { return response }
            (answer.confidence, answer.judgement) = (response.confidence, response.judgement)
            return answer
        }
        return switch self {
        case .answered(let response): .answered(original(response))
        case .rejected(let response): .rejected(original(response))
        case .failed: self
        }
    }
}
