extension RequestExecution {
    /// An attempt outside of the route's models: an embedder's, as a rule.
    func begin(_ plan: AttemptPlan) async throws -> any AttemptRecord {
        var plan = plan
        if plan.purpose.role == .answer { plan.purpose = Self.purposeBesideAnswer }
        let name = ModelName(plan.upstream.modelID ?? plan.upstream.vendor)
        return try await ModelCall.single(plan, self, name, nil)
    }

    /// What is asked in the answer's name by a part that does not give it would not be told from it.
    private static let purposeBesideAnswer = Purpose.confidence

    /// Asks another model of the pipeline on the request's behalf.
    func ask(_ model: ModelName, _ request: ChatRequest, for purpose: Purpose) async throws -> ChatResponse {
        guard let entry = pipeline.table[model] else {
            throw LLMError(.noSuchModel, "'\(model)', which is asked for \(purpose), is no model of the pipeline")
        }
        var request = request
        request.caller = self.request.caller
        request.deadline = [request.deadline, deadline(for: purpose)].compactMap { $0 }.min()
        request.scope = nil
        let purpose = purpose.role == .answer ? Self.purposeBesideAnswer : purpose
        let call = ModelCall(self, model, entry, for: purpose, request: request)
        guard purpose.role.isBeside else { return try await answer(call, request) }
        guard pipeline.inFlight.begin(beside: call) else {
            throw call.fail(Self.noRoomBeside)
        }
        defer { pipeline.inFlight.end(beside: call) }
        return try await answer(call, request)
    }

    /// What goes on beside the request has as long as the request had, from when it begins: by then little is left of the
    /// request's own time, and a judge that never comes to a verdict teaches nothing.
    private func deadline(for purpose: Purpose) -> ContinuousClock.Instant? {
        guard let deadline = request.deadline, purpose.role == .check else { return request.deadline }
        return max(deadline, time.now + (deadline - start))
    }

    private func answer(_ call: ModelCall, _ request: ChatRequest) async throws -> ChatResponse {
        do { return call.accept(try await call.respond(to: request)) } catch {
            // Whoever asks may go on without; a signal's failures are told as the signal's.
            if call.purpose.role != .confidence { report(LLMError(wrapping: error), of: call.name) }
            throw error
        }
    }

    /// Runs something that the request neither waits for nor fails with. There is room for so much; beyond that it is not
    /// done.
    func runBeside(_ work: @escaping @Sendable () async -> Void) -> Bool { pipeline.inFlight.run(work) }

    static let noRoomBeside = LLMError(
        .cancelled,
        "too much is under way beside requests, or the pipeline was shut down"
    )

    /// By what price an attempt is booked as far as that is known before it is made, and the most it may cost; `nil` if
    /// the price is unknown, or nobody keeps books.
    func worstCase(of plan: AttemptPlan, _ entry: ModelTable.Entry?) -> (price: AppliedPrice?, cost: Money?) {
        // The pipelines around this one know no price that only this one has.
        if pipeline.meter is NoMeter, outer?.host == nil { return (nil, nil) }
        if entry?.fixedPrice == nil, let known = plan.price { return (known, plan.worstCase) }
        var usage = Usage(input: plan.size.input.upperBound)
        usage.output = plan.size.outputLimit ?? Self.assumedOutputLimit
        let price = price(of: plan.upstream, entry, served: nil)
        return (price, price?.price.cost(of: usage))
    }

    /// Output tokens to reserve money for when the request sets no limit: the longest answers chat models usually give.
    private static let assumedOutputLimit = 4096

    @inline(never)
    func reserve(for attempt: BookedAttempt, _ worstCase: Money?) async throws -> Reservation? {
        if pipeline.meter is NoMeter { return nil }
        let planned = PlannedAttempt(
            requestID: requestID,
            caller: request.caller,
            purpose: attempt.purpose,
            ordinal: attempt.ordinal,
            model: attempt.call.name,
            upstream: attempt.upstream,
            date: time.date,
            worstCase: worstCase
        )
        let meter = pipeline.meter
        guard let deadline = request.deadline, !(meter is any PromptPart) else {
            return try await meter.reserve(planned)
        }
        // A grant that nobody waits for any more must not stay set aside.
        return try await withTimeLimit(
            .deadline(deadline),
            time,
            late: { reservation in meter.release(reservation) },
            { try await meter.reserve(planned) }
        )
    }

    /// What an upstream charges.
    func price(of upstream: Upstream, _ entry: ModelTable.Entry?, served: String?) -> AppliedPrice? {
        if let fixed = entry?.fixedPrice { return fixed }
        guard let model = served ?? upstream.modelID else { return nil }
        if let entry, entry.isAsked(upstream, model: model) { return entry.price(at: date) }
        return pipeline.prices.applied(vendor: upstream.vendor, model: model, at: date)
    }
}
