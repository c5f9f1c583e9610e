import PortableFoundation
import Synchronization

/// One request on its way through a pipeline: admit, recall, route, call, settle.
///
/// It owns what must happen exactly once per request (releasing the reservation, the root span, telling followers) and
/// the calls that are open, so that whoever ends it, in whatever way, ends all of it.
///
/// What is marked `@inline(never)` here and in its extensions is kept out of the frames of the functions that wait: a
/// thousand streams waiting for their first token hold a thousand of each.
final class Trip: Sendable {
    let pipeline: Pipeline
    let request: ChatRequest
    let context: CallContext
    let query: CacheQuery
    let isStreamed: Bool
    let start: ContinuousClock.Instant
    let date: Date
    let span = SpanID.random()
    let isTraced: Bool

    private struct State {
        var isOver = false
        var reservation: Reservation?
        var openCalls: [Call] = []
        /// The sum of all charges; `nil` once one of them was unknown.
        var spent: Money? = .zero
        var route: String?
        var flight: Coalescer.Flight?
    }
    private let state = Mutex(State())

    init(_ pipeline: Pipeline, _ request: ChatRequest, isStreamed: Bool) throws(LLMError) {
        self.pipeline = pipeline
        self.isStreamed = isStreamed
        context =
            request.context ?? CallContext(time: pipeline.time, attempts: AttemptBudget(pipeline.maxAttempts))
        var request = request
        request.context = context
        self.request = request
        query = CacheQuery(request, scope: pipeline.scope, isStreamed: isStreamed, runsErrands: true)
        start = context.time.now
        date = context.time.date
        isTraced = pipeline.tracer.isEnabled
        try pipeline.lifetime.enter(self)
    }

    // MARK: What a trip keeps account of

    var reservation: Reservation? { state.withLock { $0.reservation } }
    var route: String? { state.withLock { $0.route } }
    /// What was paid so far; `nil` if a price is unknown.
    var spent: Money? { state.withLock { $0.spent } }

    /// Whether the trip was ended, by a shutdown as a rule, while something of it was still under way.
    var isOver: Bool { state.withLock { $0.isOver } }

    func take(_ label: String?) { state.withLock { $0.route = label } }

    @inline(never)
    func hold(_ reservation: Reservation) throws(LLMError) {
        let isOver = state.withLock { state in
            if !state.isOver { state.reservation = reservation }
            return state.isOver
        }
        if isOver {
            pipeline.meter.release(reservation)
            throw Self.shutDown
        }
    }

    @inline(never)
    func lead(_ flight: Coalescer.Flight) throws(LLMError) {
        let isOver = state.withLock { state in
            if !state.isOver { state.flight = flight }
            return state.isOver
        }
        if isOver {
            flight.land(.failure(Self.shutDown))
            throw Self.shutDown
        }
    }

    /// Nothing new is begun for a trip that was ended.
    func checkOpen() throws(LLMError) {
        if isOver { throw Self.shutDown }
    }

    private static let shutDown = LLMError(.cancelled, "the pipeline was shut down")

    func opened(_ call: Call) { state.withLock { $0.openCalls.append(call) } }

    /// The last call to close after the trip's end gives the reservation back: never before its last charge.
    func closed(_ call: Call) {
        let released = state.withLock { state in
            state.openCalls.removeAll { $0 === call }
            return state.isOver && state.openCalls.isEmpty ? state.reservation.take() : nil
        }
        if let released { pipeline.meter.release(released) }
    }

    func paid(_ cost: Money?) {
        state.withLock { state in
            if let sum = state.spent, let cost { state.spent = sum + cost } else { state.spent = nil }
        }
    }

    // MARK: Settling

    /// Ends the trip: calls still open are settled with `error`, the reservation is released, the root span written.
    /// Only the first ending counts.
    @inline(never)
    func end(_ result: Result<ChatResponse, LLMError>, hit: CacheHit? = nil) {
        let open: State? = state.withLock { state in
            guard !state.isOver else { return nil }
            state.isOver = true
            defer { state.flight = nil }
            return state
        }
        guard let open else { return }
        let reason = result.failure ?? LLMError(.cancelled, "another answer was taken")
        for call in open.openCalls { call.settle(.failed(reason)) }
        if open.openCalls.isEmpty {
            let reservation = state.withLock { $0.reservation.take() }
            if let reservation { pipeline.meter.release(reservation) }
        }
        open.flight?.land(result)
        pipeline.lifetime.leave(self)
        if isTraced { recordRequestSpan(result, hit: hit, route: open.route) }
    }
}

extension Result {
    /// The error, if there is one.
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
