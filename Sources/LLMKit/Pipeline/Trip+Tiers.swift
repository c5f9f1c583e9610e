extension Trip {
    /// What a route came to.
    enum Answer {
        case whole(ChatResponse)
        case live(ResponseStream)
    }

    /// Asks the router, and checks what it says.
    @inline(never)
    func chooseRoute() async throws -> Route {
        let began = context.time.now
        let route = try await pipeline.router.route(request, among: pipeline.models)
        try pipeline.check(route)
        take(route.label)
        recordRouteSpan(since: began, route)
        sendShadows(route)
        return route
    }

    /// Runs the tiers in order: failure and doubt move on, the first good answer ends it.
    func run(_ route: Route, live: Bool) async throws -> Answer {
        var failure: LLMError?
        for (index, tier) in route.tiers.enumerated() {
            try checkOpen()
            let isLast = index == route.tiers.count - 1
            do {
                if !isLast, let threshold = tier.threshold {
                    if let accepted = try await judged(tier, index, threshold: threshold) { return .whole(accepted) }
                } else if live {
                    return .live(try await open(tier, index))
                } else {
                    return .whole(try await answer(tier, index))
                }
            } catch {
                let error = LLMError(wrapping: error)
                // Without attempts left the next tier could only hide what went wrong.
                guard !isLast, error.code.movesOn, !context.attempts.isSpent else { throw error }
                failure = error
            }
            try Task.checkCancellation()
            try checkDeadline()
        }
        throw failure ?? LLMError(.noSuchModel, "the route has no tier that could answer")
    }

    /// The answer of a tier that nobody doubts.
    @inline(never)
    private func answer(_ tier: Route.Tier, _ index: Int) async throws -> ChatResponse {
        try await firstToAnswer(tier) { entry in
            let call = Call(self, entry, purpose: .answer, tier: index, isStreamed: self.isStreamed)
            let response = try await call.respond(to: self.request)
            return call.settle(.answered(response))
        }
    }

    /// A tier's live answer, from the moment its first event is there.
    @inline(never)
    private func open(_ tier: Route.Tier, _ index: Int) async throws -> ResponseStream {
        try await firstToAnswer(tier) { entry in
            let call = Call(self, entry, purpose: .answer, tier: index, isStreamed: true)
            return ResponseStream(try await LiveAnswer(opening: call, of: self))
        }
    }

    /// A tier's answer if the pipeline's signal is sure enough of it, else `nil`.
    @inline(never)
    private func judged(_ tier: Route.Tier, _ index: Int, threshold: Double) async throws -> ChatResponse? {
        let prepared = pipeline.confidence.prepare(request)
        let (call, response) = try await firstToAnswer(tier) { entry in
            let call = Call(self, entry, purpose: .answer, tier: index, isStreamed: self.isStreamed)
            return (call, try await call.respond(to: prepared))
        }
        var judgedResponse = response
        let confidence = try await judge(response, by: call.entry)
        judgedResponse.confidence = confidence
        guard let confidence, confidence >= threshold else {
            call.settle(.rejected(judgedResponse))
            return nil
        }
        if request.sampling.logProbabilities == nil { judgedResponse.logProbabilities = nil }
        return call.settle(.answered(judgedResponse))
    }

    /// The signal's opinion of an answer; `nil` (which escalates) if it has none or fails.
    private func judge(_ response: ChatResponse, by entry: ModelTable.Entry) async throws -> Double? {
        // A model that declined has not answered, however sure it was of declining.
        guard response.finish != .refusal, response.finish != .contentFilter else { return 0 }
        let sampler = Sampler { [self] request in
            let call = Call(self, entry, purpose: .confidence, tier: nil, isStreamed: false)
            return call.settle(.answered(try await call.respond(to: request)))
        }
        do {
            return try await pipeline.confidence.confidence(in: response, to: request, sampler: sampler)
        } catch {
            // A signal that gave itself up is in doubt; a request that was cancelled is over.
            if Task.isCancelled { throw error }
            return nil
        }
    }

    /// Tries the models of a tier in turn until one answers.
    private func firstToAnswer<Value>(
        _ tier: Route.Tier,
        _ ask: (ModelTable.Entry) async throws -> Value
    ) async throws -> Value {
        var failures: [(model: ModelName, error: LLMError)] = []
        for name in tier.models {
            try checkOpen()
            guard let entry = pipeline.table[name] else { continue }
            do { return try await ask(entry) } catch {
                let error = LLMError(wrapping: error)
                guard error.code.movesOn, name != tier.models.last, !context.attempts.isSpent else {
                    throw failures.isEmpty ? error : error.after(failures)
                }
                failures.append((name, error))
            }
            try Task.checkCancellation()
            try checkDeadline()
        }
        throw LLMError(.noSuchModel, "the tier is empty")
    }
}

extension LLMError.Code {
    /// Whether another model may do better. Not after a cancellation or an empty purse, and not around a content
    /// filter: looking for a vendor that lets a blocked question pass is nobody's default.
    fileprivate var movesOn: Bool { self != .cancelled && self != .overBudget && self != .contentFiltered }
}

extension LLMError {
    /// The same error, telling also what was tried before.
    fileprivate func after(_ failures: [(model: ModelName, error: LLMError)]) -> LLMError {
        var error = self
        let tried = failures.map { "\($0.model): \($0.error.code)" }.joined(separator: ", ")
        error.message += " (before that failed \(tried))"
        return error
    }
}
