import PortableFoundation

extension RequestExecution {
    /// The calendar's time of a moment on the request's clock.
    func date(of instant: ContinuousClock.Instant) -> Date { date.addingTimeInterval((instant - start).seconds) }

    /// Steps inside the process that took less are not told: writing them down would cost more than they did. A look-up
    /// that hit, a route that has a reason, and whatever failed, is always told.
    private static let briefStep = Duration.microseconds(100)

    private func isBrief(_ began: ContinuousClock.Instant) -> Bool { time.now - began < Self.briefStep }

    private var traceID: RequestID { trace?.traceID ?? requestID }

    private func span(
        _ name: String,
        id: SpanID = .random(),
        parent: SpanID?,
        kind: TraceSpan.Kind = .internal,
        since began: ContinuousClock.Instant,
        isDone: Bool = true,
        _ attributes: [SpanAttribute] = [],
        error: LLMError.Code? = nil
    ) -> TraceSpan {
        var span = TraceSpan(
            traceID: traceID,
            id: id,
            parentID: parent,
            name: name,
            kind: kind,
            start: date(of: began),
            duration: isDone ? time.now - began : .zero,
            attributes: attributes,
            errorCode: error
        )
        span.isSampled = trace?.isSampled ?? true
        return span
    }

    // MARK: The request

    /// What the request hangs below: the call of an outer pipeline, or the app's own span.
    var parentSpan: SpanID? { outer?.parentSpan ?? trace?.spanID }

    func recordBeginning() {
        pipeline.tracer.began(span(SpanName.request, id: span, parent: parentSpan, since: start, isDone: false))
    }

    /// The span of the whole request, parent of all others.
    @inline(never)
    func recordRequestSpan(_ result: Result<ChatResponse, LLMError>, hit: CacheHit?) {
        var attributes: [SpanAttribute] = []
        attributes.reserveCapacity(12)
        attributes.append(SpanAttribute(.requestID, .string(requestID.description)))
        attributes.add(.tenant, request.caller.tenant)
        attributes.add(.feature, request.caller.feature)
        attributes.add(.conversation, request.caller.conversation)
        attributes += pipeline.callerInSpans.attributes(of: request.caller)
        attributes.add(route: route)
        attributes.append(SpanAttribute(.cacheTier, .string(hit?.source.description ?? "none")))
        attributes.append(SpanAttribute(.attempts, .int(attempts)))
        if let spent { attributes.append(SpanAttribute(.cost, .double(spent.dollars))) }
        if case .success(let response) = result {
            attributes.add(.model, response.model?.description)
        }
        let error = result.failure?.code
        attributes.add(.errorType, error?.description)
        pipeline.tracer.record(
            span(SpanName.request, id: span, parent: parentSpan, since: start, attributes, error: error)
        )
    }

    // MARK: Steps

    @inline(never)
    func recordLookupSpan(since began: ContinuousClock.Instant, hit: CacheHit?, failure: LLMError?) {
        guard isTraced, hit != nil || failure != nil || !isBrief(began) else { return }
        var attributes = [SpanAttribute(.cacheTier, .string(hit?.source.description ?? "none"))]
        if let match = hit?.match {
            attributes.append(SpanAttribute(.cacheEntry, .int(Int(match.entry))))
            attributes.append(SpanAttribute(.cacheSimilarity, .double(match.similarity)))
            attributes.append(SpanAttribute(.cacheScore, .double(match.decision.score)))
            attributes.append(SpanAttribute(.cacheThreshold, .double(match.threshold)))
        }
        attributes.add(.errorType, failure?.code.description)
        pipeline.tracer.record(
            span(SpanName.cacheLookup, parent: span, since: began, attributes, error: failure?.code)
        )
    }

    @inline(never)
    func recordStoreFailure(since began: ContinuousClock.Instant, _ error: LLMError) {
        guard isTraced else { return }
        let attributes = [SpanAttribute(.errorType, .string(error.code.description))]
        pipeline.tracer.record(span(SpanName.cacheStore, parent: span, since: began, attributes, error: error.code))
    }

    @inline(never)
    func recordRouteSpan(since began: ContinuousClock.Instant, _ route: Route?, error: LLMError.Code? = nil) {
        guard isTraced, route?.reason != nil || error != nil || !isBrief(began) else { return }
        var attributes: [SpanAttribute] = []
        attributes.add(route: route)
        attributes.add(.errorType, error?.description)
        pipeline.tracer.record(span(SpanName.route, parent: span, since: began, attributes, error: error))
    }

    /// What a signal said of an answer.
    @inline(never)
    func recordJudgement(since began: ContinuousClock.Instant, _ confidence: Confidence) {
        let failure = confidence.failures.values.first?.code
        guard isTraced, failure != nil || !confidence.parts.isEmpty || !isBrief(began) else { return }
        var attributes: [SpanAttribute] = []
        attributes.add(.confidence, confidence.value)
        attributes.add(judgement: confidence)
        attributes.add(.errorType, failure?.description)
        pipeline.tracer.record(span(SpanName.judgement, parent: span, since: began, attributes, error: failure))
    }

    // MARK: Calls

    /// The span of a call of a nested pipeline, which the nested one's own hang below.
    @inline(never)
    func recordCallSpan(_ call: ModelCall, error: LLMError.Code?) {
        guard isTraced, let id = call.span else { return }
        var attributes = [
            SpanAttribute(.model, .string(call.name.description)),
            SpanAttribute(.purpose, .string(call.purpose.description)),
        ]
        attributes.add(.tier, call.tier)
        attributes.add(.errorType, error?.description)
        pipeline.tracer.record(
            span(spanName(of: call), id: id, parent: span, since: call.start, attributes, error: error)
        )
    }

    private func spanName(of call: ModelCall) -> String { "\(SpanName.chat) \(call.name)" }

    func recordBeginning(of call: ModelCall) {
        guard let id = call.span else { return }
        pipeline.tracer.began(span(spanName(of: call), id: id, parent: span, since: call.start, isDone: false))
    }

    func recordBeginning(of attempt: BookedAttempt) {
        pipeline.tracer.began(
            span(
                attempt.spanName,
                id: attempt.id,
                parent: attempt.call.span ?? span,
                kind: .client,
                since: attempt.start,
                isDone: false
            )
        )
    }

    func spanName(of upstream: Upstream, _ purpose: Purpose, _ model: ModelName) -> String {
        let operation = purpose.role == .embedding ? SpanName.embeddings : SpanName.chat
        return "\(operation) \(upstream.modelID ?? model.description)"
    }

    /// The span of one attempt, in OpenTelemetry's words for generative AI.
    @inline(never)
    func recordAttemptSpan(_ attempt: BookedAttempt, _ charge: Charge) {
        let call = attempt.call
        let request = call.request
        let isEmbedding = attempt.purpose.role == .embedding
        var attributes: [SpanAttribute] = []
        attributes.reserveCapacity(28)
        attributes.append(SpanAttribute(.operation, .string(isEmbedding ? SpanName.embeddings : SpanName.chat)))
        attributes.append(SpanAttribute(.provider, .string(attempt.upstream.vendor)))
        attributes.append(SpanAttribute(.requestModel, .string(charge.modelAsked ?? call.name.description)))
        attributes.append(SpanAttribute(.model, .string(call.name.description)))
        attributes.append(SpanAttribute(.purpose, .string(attempt.purpose.description)))
        attributes.append(SpanAttribute(.kind, .string(charge.kind.rawValue)))
        attributes.append(SpanAttribute(.ordinal, .int(attempt.ordinal)))
        if !charge.isSent { attributes.append(SpanAttribute(.isSent, .bool(false))) }
        attributes.add(.responseModel, charge.modelServed)
        attributes.add(.responseID, charge.responseID)
        attributes.add(.vendorRequestID, charge.vendorRequestID)
        attributes.add(.serverAddress, attempt.upstream.serverAddress)
        attributes.add(.serverPort, attempt.upstream.serverPort)
        attributes.add(.tier, charge.tier)
        if !isEmbedding { attributes.add(asked: request) }
        // Some collectors read whose it is from every span.
        attributes += pipeline.callerInSpans.attributes(of: self.request.caller)
        attributes.add(.confidence, charge.confidence)
        if let judgement = charge.judgement { attributes.add(judgement: judgement) }
        if charge.isStreamed { attributes.append(SpanAttribute(.isStream, .bool(true))) }
        if let finish = charge.finish {
            attributes.append(SpanAttribute(.finishReasons, .strings([finish.description])))
        }
        if charge.usage.total > 0 { attributes.add(charge.usage) }
        attributes.add(.cost, charge.cost?.dollars)
        attributes.add(.priceVersion, charge.priceVersion)
        if !charge.losses.isEmpty { attributes.append(SpanAttribute(.losses, .strings(charge.losses))) }
        attributes.add(.timeToFirstChunk, charge.timing.firstToken?.seconds)
        attributes.add(.errorType, charge.errorCode?.description)
        pipeline.tracer.record(
            span(
                attempt.spanName,
                id: attempt.id,
                parent: call.span ?? span,
                kind: .client,
                since: attempt.start,
                attributes,
                error: charge.errorCode
            )
        )
    }
}

extension [SpanAttribute] {
    fileprivate mutating func add(_ key: SpanAttribute.Key, _ value: String?) {
        if let value { append(SpanAttribute(key, .string(value))) }
    }

    fileprivate mutating func add(_ key: SpanAttribute.Key, _ value: Int?) {
        if let value { append(SpanAttribute(key, .int(value))) }
    }

    fileprivate mutating func add(_ key: SpanAttribute.Key, _ value: Double?) {
        if let value { append(SpanAttribute(key, .double(value))) }
    }

    fileprivate mutating func add(route: Route?) {
        guard let route else { return }
        add(.route, route.label)
        guard let reason = route.reason else { return }
        append(SpanAttribute(.routePolicy, .string(reason.policy)))
        add(.routeVersion, reason.version)
        add(.routePropensity, reason.propensity)
        for (model, score) in reason.scores.sorted(by: { $0.key < $1.key }) {
            append(SpanAttribute(.routeScore(model), .double(score)))
        }
    }

    fileprivate mutating func add(judgement: Confidence) {
        for (part, value) in judgement.parts.sorted(by: { $0.key < $1.key }) {
            append(SpanAttribute(.confidencePart(part), .double(value)))
        }
        if !judgement.failures.isEmpty {
            let failures = judgement.failures.map { "\($0.key): \($0.value.code)" }.sorted()
            append(SpanAttribute(.confidenceFailures, .strings(failures)))
        }
    }

    fileprivate mutating func add(asked request: ChatRequest) {
        add(.temperature, request.sampling.temperature)
        add(.topP, request.sampling.topP)
        add(.maxTokens, request.sampling.maxOutputTokens)
        add(.seed, request.sampling.seed)
        add(.conversation, request.caller.conversation)
        if !request.sampling.stop.isEmpty { append(SpanAttribute(.stopSequences, .strings(request.sampling.stop))) }
        if request.responseFormat != .text { append(SpanAttribute(.outputType, .string("json"))) }
    }

    fileprivate mutating func add(_ usage: Usage) {
        append(SpanAttribute(.inputTokens, .int(usage.totalInput)))
        append(SpanAttribute(.outputTokens, .int(usage.output)))
        if usage.cacheRead > 0 { append(SpanAttribute(.cacheReadTokens, .int(usage.cacheRead))) }
        let written = usage.cacheWrite5m + usage.cacheWrite1h
        if written > 0 { append(SpanAttribute(.cacheWriteTokens, .int(written))) }
        if usage.reasoning > 0 { append(SpanAttribute(.reasoningTokens, .int(usage.reasoning))) }
        if usage.isEstimated { append(SpanAttribute(.isEstimated, .bool(true))) }
    }
}
