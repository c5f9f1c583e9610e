import PortableFoundation

extension Trip {
    /// The calendar's time of a moment on the trip's clock.
    func date(of instant: ContinuousClock.Instant) -> Date { date.addingTimeInterval((instant - start).seconds) }

    /// Steps inside the process that took less are not told: writing them down would cost more than they did. A look-up
    /// that hit, and whatever failed, is always told.
    private static let briefStep = Duration.microseconds(100)

    private func isBrief(_ began: ContinuousClock.Instant) -> Bool { context.time.now - began < Self.briefStep }

    private func record(
        _ name: String,
        id: SpanID = .random(),
        parent: SpanID?,
        kind: TraceSpan.Kind = .internal,
        since began: ContinuousClock.Instant,
        _ attributes: [SpanAttribute],
        error: LLMError.Code? = nil
    ) {
        pipeline.tracer.record(
            TraceSpan(
                traceID: context.requestID,
                id: id,
                parentID: parent,
                name: name,
                kind: kind,
                start: date(of: began),
                duration: context.time.now - began,
                attributes: attributes,
                errorCode: error
            )
        )
    }

    /// The span of the whole trip, parent of all others.
    @inline(never)
    func recordRequestSpan(_ result: Result<ChatResponse, LLMError>, hit: CacheHit?, route: String?) {
        var attributes: [SpanAttribute] = []
        attributes.reserveCapacity(8)
        attributes.add(.tenant, request.caller.tenant)
        attributes.add(.feature, request.caller.feature)
        attributes.add(.conversation, request.caller.conversation)
        attributes.add(.route, route)
        attributes.append(SpanAttribute(.cacheTier, .string(hit?.source.description ?? "none")))
        attributes.append(SpanAttribute(.attempts, .int(context.attempts.count)))
        if let spent { attributes.append(SpanAttribute(.cost, .double(spent.dollars))) }
        if case .success(let response) = result {
            attributes.add(.model, response.model?.description)
        }
        let error = result.failure?.code
        attributes.add(.errorType, error?.description)
        record(SpanName.request, id: span, parent: request.context?.parentSpan, since: start, attributes, error: error)
    }

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
        record(SpanName.cacheLookup, parent: span, since: began, attributes, error: failure?.code)
    }

    @inline(never)
    func recordStoreFailure(since began: ContinuousClock.Instant, _ error: LLMError) {
        guard isTraced else { return }
        let attributes = [SpanAttribute(.errorType, .string(error.code.description))]
        record(SpanName.cacheStore, parent: span, since: began, attributes, error: error.code)
    }

    @inline(never)
    func recordRouteSpan(since began: ContinuousClock.Instant, _ route: Route) {
        guard isTraced, !isBrief(began) else { return }
        var attributes: [SpanAttribute] = []
        attributes.add(.route, route.label)
        record(SpanName.route, parent: span, since: began, attributes)
    }

    /// The span of one model call, in OpenTelemetry's words for generative AI.
    @inline(never)
    func recordCallSpan(_ call: Call, _ charge: Charge) {
        let info = call.entry.info
        let asked = charge.modelAsked ?? call.entry.name.description
        var attributes: [SpanAttribute] = []
        attributes.reserveCapacity(24)
        attributes.append(SpanAttribute(.operation, .string(SpanName.chat)))
        attributes.append(SpanAttribute(.provider, .string(info.vendor)))
        attributes.append(SpanAttribute(.requestModel, .string(asked)))
        attributes.append(SpanAttribute(.model, .string(call.entry.name.description)))
        attributes.append(SpanAttribute(.purpose, .string(charge.purpose.rawValue)))
        attributes.append(SpanAttribute(.attempts, .int(charge.attempts)))
        attributes.add(.responseModel, charge.modelServed)
        attributes.add(.responseID, charge.responseID)
        attributes.add(.vendorRequestID, charge.vendorRequestID)
        attributes.add(.serverAddress, info.serverAddress)
        attributes.add(.serverPort, info.serverPort)
        attributes.add(.tier, charge.tier)
        attributes.add(.temperature, request.sampling.temperature)
        attributes.add(.topP, request.sampling.topP)
        attributes.add(.maxTokens, request.sampling.maxOutputTokens)
        attributes.add(.seed, request.sampling.seed)
        attributes.add(.conversation, request.caller.conversation)
        if !request.sampling.stop.isEmpty {
            attributes.append(SpanAttribute(.stopSequences, .strings(request.sampling.stop)))
        }
        attributes.add(.confidence, charge.confidence)
        if charge.isStreamed { attributes.append(SpanAttribute(.isStream, .bool(true))) }
        if request.responseFormat != .text { attributes.append(SpanAttribute(.outputType, .string("json"))) }
        if let finish = charge.finish {
            attributes.append(SpanAttribute(.finishReasons, .strings([finish.description])))
        }
        if charge.usage.total > 0 { attributes.add(charge.usage) }
        attributes.add(.cost, charge.cost?.dollars)
        attributes.add(.priceVersion, charge.priceVersion)
        if !charge.losses.isEmpty { attributes.append(SpanAttribute(.losses, .strings(charge.losses))) }
        attributes.add(.timeToFirstChunk, charge.timing.firstToken?.seconds)
        attributes.add(.errorType, charge.errorCode?.description)
        record(
            "\(SpanName.chat) \(asked)",
            id: call.span,
            parent: span,
            kind: .client,
            since: call.start,
            attributes,
            error: charge.errorCode
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
