import PortableFoundation

/// The one place where rows of the ledger are made.
extension RequestExecution {
    /// What every row of the request says.
    private func blank(
        _ kind: Charge.Kind,
        _ model: ModelName,
        vendor: String,
        since began: ContinuousClock.Instant
    )
        -> Charge
    {
        var charge = Charge(
            date: date(of: began),
            requestID: requestID,
            caller: request.caller,
            kind: kind,
            model: model,
            vendor: vendor
        )
        let route = route
        charge.route = route?.label
        charge.routeReason = route?.reason
        return charge
    }

    /// The bill of one attempt, and the price that was applied.
    func charge(
        for attempt: BookedAttempt,
        _ outcome: BookedAttempt.Outcome,
        _ traces: AttemptTraces
    ) -> (Charge, AppliedPrice?) {
        let call = attempt.call
        var charge = blank(
            Charge.Kind(attempt.purpose.role, outcome),
            call.name,
            vendor: attempt.upstream.vendor,
            since: attempt.start
        )
        charge.purpose = attempt.purpose
        charge.ordinal = attempt.ordinal
        charge.upstream = attempt.upstream
        charge.reservation = traces.reservation
        charge.modelAsked = attempt.upstream.modelID
        charge.tier = call.tier
        charge.isStreamed = call.isStreamed
        var priced = traces.priced
        if attempt.pricedEntry?.fixedPrice != nil || priced == nil {
            let served = traces.servedModel
            let isAsked = served == nil || served == attempt.upstream.modelID
            priced =
                isAsked && traces.asked != nil
                ? traces.asked : price(of: attempt.upstream, attempt.pricedEntry, served: served)
        }
        if let answer = traces.answer {
            describe(answer, in: &charge)
            // A provider that keeps no time of its own is timed from here.
            if charge.isStreamed, charge.timing.firstToken == nil { charge.timing.firstToken = traces.firstToken }
            // A nested pipeline's tier that was judged first gave it as a whole.
            if charge.timing.firstToken == nil { charge.isStreamed = false }
        }
        charge.isSent = traces.isSent || traces.answer != nil
        switch outcome {
        case .answered(let response), .rejected(let response):
            charge.confidence = response.confidence
            charge.judgement = response.judgement
            charge.cost = priced?.price.cost(of: charge.usage, service: charge.serviceTier)
        case .failed(let error):
            charge.errorCode = error.code
            charge.vendorRequestID = error.vendorRequestID ?? charge.vendorRequestID
            charge.isSent = traces.answer != nil || (error.reachedUpstream ?? traces.isSent)
            if traces.answer == nil {
                charge.modelServed = traces.servedModel
                charge.usage = usage(of: attempt, after: error, traces)
                // Who says nothing of sending has sent what is billed.
                if charge.usage.total > 0 { charge.isSent = true }
                charge.timing = Timing(firstToken: traces.firstToken, total: time.now - attempt.start)
            }
            charge.cost =
                charge.usage.total == 0
                ? .zero : priced?.price.cost(of: charge.usage, service: charge.serviceTier)
        }
        charge.priceVersion = charge.cost == nil ? nil : priced?.version
        if charge.cost == nil { noteUnknownCost(of: charge, priced?.price, attempt.pricedEntry) }
        if charge.kind == .answer, let paid = charge.cost {
            charge.savings = savings(on: charge, priced?.price, paid: paid)
        }
        return (charge, priced)
    }

    /// Tells of a call whose cost nobody knows. One that used nothing has a cost, so failed ones are seldom told of.
    @inline(never)
    private func noteUnknownCost(of charge: Charge, _ price: Price?, _ entry: ModelTable.Entry?) {
        // Whoever keeps no books misses a price only if they gave one.
        guard !(pipeline.meter is NoMeter) || entry?.fixedPrice != nil else { return }
        let asked = charge.upstream?.modelID
        guard let model = entry?.fixedPrice == nil ? charge.modelServed ?? asked : asked ?? charge.modelServed else {
            return
        }
        pipeline.unpriced.note(
            vendor: charge.vendor,
            model: model,
            name: entry?.name ?? ModelName(model),
            lacking: price?.gap(in: charge.usage, service: charge.serviceTier)
        )
    }

    private func describe(_ response: ChatResponse, in charge: inout Charge) {
        charge.modelServed = response.servedModel
        charge.serviceTier = response.serviceTier
        charge.usage = response.usage
        charge.finish = response.finish
        charge.vendorRequestID = response.vendorRequestID
        charge.responseID = response.id
        charge.losses = response.losses
        charge.timing = response.timing
    }

    /// What a failed attempt is billed: what the error says was used, or an estimate if the vendor may have worked for it.
    private func usage(of attempt: BookedAttempt, after error: LLMError, _ traces: AttemptTraces) -> Usage {
        if let usage = error.usage { return usage }
        guard traces.outputBytes > 0 || (error.mayHaveBeenBilled && !traces.isKnownUnsent) else { return Usage() }
        var usage = traces.progress?.input ?? Usage(input: attempt.size.input.bestGuess)
        usage.output = TokenEstimate(utf8Count: traces.outputBytes).bestGuess
        usage.isEstimated = true
        return usage
    }

    /// The usage of an answer whose upstream tells none, or nothing but zeros: words have not come for nothing.
    @inline(never)
    func estimate(of response: ChatResponse, by attempt: BookedAttempt) -> Usage {
        let output = response.text.utf8.count + response.toolCalls.reduce(0) { $0 + $1.arguments.utf8.count }
        guard output > 0 else { return response.usage }
        return Usage(
            input: attempt.size.input.bestGuess,
            output: TokenEstimate(utf8Count: output).bestGuess,
            isEstimated: true
        )
    }

    /// Where the difference between the reference model's price and what was paid comes from.
    private func savings(on charge: Charge, _ price: Price?, paid: Money) -> Savings? {
        let tokens = charge.usage.withoutPromptCache
        let uncached = price?.cost(of: tokens, service: charge.serviceTier) ?? paid
        guard let baseline = pipeline.baseline, baseline != charge.model else {
            return .call(baseline: uncached, uncached: uncached, paid: paid)
        }
        guard let reference = pipeline.table[baseline]?.price(at: charge.date)?.price.cost(of: tokens) else {
            return nil
        }
        return .call(baseline: reference, uncached: uncached, paid: paid)
    }

    // MARK: Answers that cost nothing

    /// Books a cache's answer.
    /// - Returns: the hit as the caller gets it.
    @inline(never)
    func book(_ found: CacheHit) -> CacheHit {
        var hit = found
        hit.response.servedBy = hit.source
        hit.response.cost = .zero
        hit.response.requestID = requestID
        hit.response.timing = Timing(total: time.now - start)
        var charge = hitCharge(hit, model: hit.response.model ?? "cache", since: start)
        hit.match = hit.match?.saving(charge.savings?.total)
        hit.response.match = hit.match
        charge.match = hit.match
        pipeline.meter.record(charge)
        return hit
    }

    /// Books an answer that its provider had without asking anybody: a nested pipeline from its cache, as a rule.
    func bookAnswerWithoutAttempt(_ response: ChatResponse, of call: ModelCall) {
        var charge: Charge
        if let source = response.servedBy {
            charge = hitCharge(CacheHit(response, source: source), model: call.name, since: call.start)
        } else {
            let upstream = response.upstream ?? call.entry?.info.upstream ?? Upstream(vendor: ProviderInfo().vendor)
            charge = blank(.answer, call.name, vendor: upstream.vendor, since: call.start)
            describe(response, in: &charge)
            let priced = price(of: upstream, call.entry, served: response.servedModel)
            charge.cost = priced?.price.cost(of: response.usage, service: response.serviceTier) ?? response.cost
            charge.priceVersion = priced?.version
            if let paid = charge.cost { charge.savings = savings(on: charge, priced?.price, paid: paid) }
            paid(charge.cost)
        }
        charge.tier = call.tier
        charge.confidence = response.confidence
        charge.judgement = response.judgement
        pipeline.meter.record(charge)
    }

    private func hitCharge(_ hit: CacheHit, model: ModelName, since began: ContinuousClock.Instant) -> Charge {
        let entry = pipeline.table[model]
        let upstream = hit.response.upstream ?? entry?.info.upstream ?? Upstream(vendor: ProviderInfo().vendor)
        var charge = blank(.cacheHit, model, vendor: upstream.vendor, since: began)
        charge.modelAsked = upstream.modelID
        charge.modelServed = hit.response.servedModel
        charge.usage = hit.response.usage
        charge.cost = .zero
        charge.cache = hit.source
        charge.match = hit.match
        charge.finish = hit.response.finish
        charge.timing = hit.response.timing
        // Without a baseline, the model that gave the answer is what it would have cost.
        let price =
            pipeline.baseline.flatMap { pipeline.table[$0] }?.price(at: date)
            ?? self.price(of: upstream, entry, served: hit.response.servedModel)
        charge.savings = price?.price.cost(of: hit.response.usage.withoutPromptCache).map { baseline in
            Savings.hit(baseline: baseline, source: hit.source)
        }
        return charge
    }
}

extension Charge.Kind {
    /// What an attempt's money counts as.
    init(_ role: Purpose.Role, _ outcome: BookedAttempt.Outcome) {
        switch role {
        case .routing: self = .routing
        case .confidence: self = .confidence
        case .shadow: self = .shadow
        case .check: self = .check
        case .embedding: self = .embedding
        case .answer:
            switch outcome {
            case .answered: self = .answer
            case .rejected: self = .rejected
            case .failed: self = .failed
            }
        }
    }
}

extension LLMError {
    /// Whether the vendor may have worked although no answer came: refused requests are free, broken ones are not.
    fileprivate var mayHaveBeenBilled: Bool {
        guard reachedUpstream ?? true, status.map({ (200..<300).contains($0) }) ?? true else { return false }
        return Self.codesOfBrokenCalls.contains(code)
    }

    private static let codesOfBrokenCalls: Set<Code> = [
        .cancelled, .shuttingDown, .timeout, .truncated, .network, .malformedResponse, .responseTooLarge,
    ]
}
