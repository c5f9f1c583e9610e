/// Why a model of the route did not give the answer.
struct PassedOver {
    enum Reason {
        case failed(LLMError)
        case doubted(Confidence, below: Double)
    }
    var model: ModelName
    var reason: Reason

    var words: String {
        switch reason {
        case .failed(let error): "\(model): \(error.code)"
        case .doubted(let confidence, let threshold):
            confidence.value.map { "\(model): confidence \(rounded($0)) below \(threshold)" }
                ?? "\(model): no confidence\(confidence.failures.isEmpty ? "" : " (the signal failed)")"
        }
    }

    private func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }
}

extension RequestExecution {
    /// Runs the tiers in order: failure and doubt move on, the first good answer ends it.
    func answer(_ route: Route) async throws -> Reply {
        var passed: [PassedOver] = []
        for (index, tier) in route.tiers.enumerated() {
            try checkOpen()
            let isLast = index == route.tiers.count - 1
            do {
                if !isLast, let threshold = tier.threshold {
                    if let accepted = try await judged(tier, index, threshold: threshold, &passed) {
                        return .whole(accepted)
                    }
                } else if isStreamed {
                    return .live(try await open(tier, index, &passed))
                } else {
                    return .whole(try await answer(tier, index, &passed))
                }
            } catch {
                let error = LLMError(wrapping: error)
                // Without attempts left the next tier could only hide what went wrong.
                guard !isLast, error.code.movesOn, attemptsLeft > 0 else { throw error.after(passed) }
                if let last = passed.last, case .failed = last.reason { report(error, of: last.model) }
            }
            try Task.checkCancellation()
            try checkDeadline()
        }
        throw LLMError(.noSuchModel, "the route has no tier that could answer")
    }

    /// The answer of a tier that nobody doubts.
    @inline(never)
    private func answer(_ tier: Route.Tier, _ index: Int, _ passed: inout [PassedOver]) async throws -> ChatResponse {
        try await firstToAnswer(tier, index, &passed) { call in
            call.accept(try await call.respond(to: self.request))
        }
    }

    /// A tier's live answer, from the moment its first event is there.
    @inline(never)
    private func open(
        _ tier: Route.Tier,
        _ index: Int,
        _ passed: inout [PassedOver]
    ) async throws -> ResponseStream {
        try await firstToAnswer(tier, index, isLive: true, &passed) { call in
            let reply = try await call.reply(to: self.request, isLive: true)
            do {
                return ResponseStream(LiveAnswer(try await reply.opened().stream, call))
            } catch {
                throw call.fail(LLMError(wrapping: error))
            }
        }
    }

    /// A tier's answer if the pipeline's signal is sure enough of it, else `nil`.
    @inline(never)
    private func judged(
        _ tier: Route.Tier,
        _ index: Int,
        threshold: Double,
        _ passed: inout [PassedOver]
    ) async throws -> ChatResponse? {
        let prepared = pipeline.confidence.prepare(request)
        var (call, response) = try await firstToAnswer(tier, index, &passed) { call in
            (call, try await call.respond(to: prepared))
        }
        let confidence = try await judge(response, by: call)
        try checkOpen()
        response.confidence = confidence.value
        response.judgement = confidence
        guard let value = confidence.value, value >= threshold else {
            call.reject(response)
            passed.append(PassedOver(model: call.name, reason: .doubted(confidence, below: threshold)))
            return nil
        }
        if request.sampling.logProbabilities == nil { response.logProbabilities = nil }
        return call.accept(response)
    }

    /// The signal's opinion of an answer. One that it failed to form is in doubt, which escalates, and is seen: in the
    /// row, in the trace, and by ``Pipeline/onProblem``.
    private func judge(_ response: ChatResponse, by call: ModelCall) async throws -> Confidence {
        // A model that declined has not answered, however sure it was of declining.
        guard response.finish != .refusal, response.finish != .contentFilter else { return 0.0 }
        if response.logProbabilities?.isEmpty ?? true { noteMissingLogProbabilities(in: response, of: call.name) }
        let began = time.now
        let scope = self.scope.child(purpose: .confidence, budget: budget(for: .confidence))
        let context = JudgingContext(judged: call.name, scope: scope)
        var request = request
        request.scope = scope
        let signal = pipeline.confidence
        do {
            let confidence: Confidence
            if mayHang(signal) {
                confidence = try await inTime { [request] in
                    try await signal.confidence(in: response, to: request, in: context)
                }.bounded
            } else {
                confidence = try await signal.confidence(in: response, to: request, in: context).bounded
            }
            for (part, error) in confidence.failures { pipeline.report(.signal(part), error, requestID) }
            recordJudgement(since: began, confidence)
            return confidence
        } catch {
            // A signal that gave itself up is in doubt; a request that is over is over.
            if Task.isCancelled { throw error }
            try checkDeadline()
            let error = LLMError(wrapping: error)
            let confidence = Confidence(nil, failures: ["\(type(of: signal))": error])
            pipeline.report(.signal("\(type(of: signal))"), error, requestID)
            recordJudgement(since: began, confidence)
            return confidence
        }
    }

    /// Tells, once for each model, of a server that ignores the wish for log-probabilities: a signal that goes by them
    /// would escalate every answer, and nobody would know why.
    @inline(never)
    private func noteMissingLogProbabilities(in response: ChatResponse, of model: ModelName) {
        // Of tool calls and of nothing there are none as a rule.
        guard pipeline.confidence.requiredCapabilities.contains(.logProbabilities), response.toolCalls.isEmpty,
            !response.text.isEmpty, pipeline.silentModels.isNew(model)
        else { return }
        let error = LLMError(
            .unsupported,
            "'\(model)' reported no log-probabilities although it was asked for them, so its answers cannot be judged by "
                + "them: choose another signal, such as .sampleAgreement() or .selfReport, or a server that reports them"
        )
        pipeline.report(.signal("logProbabilities"), error, requestID)
    }

    /// Tries the models of a tier in turn until one answers.
    private func firstToAnswer<Value>(
        _ tier: Route.Tier,
        _ index: Int,
        isLive: Bool = false,
        _ passed: inout [PassedOver],
        _ ask: (ModelCall) async throws -> Value
    ) async throws -> Value {
        for (place, name) in tier.models.enumerated() {
            try checkOpen()
            guard let entry = pipeline.table[name] else { continue }
            let hasFailed = passed.contains { if case .failed = $0.reason { true } else { false } }
            let call = ModelCall(
                self,
                name,
                entry,
                for: hasFailed ? .fallback : .answer,
                tier: index,
                isStreamed: isLive
            )
            do { return try await ask(call) } catch {
                let error = call.fail(LLMError(wrapping: error))
                passed.append(PassedOver(model: name, reason: .failed(error)))
                // An error that ends the request is told to its caller; one that a stand-in hides, nobody would know.
                guard error.code.movesOn, place < tier.models.count - 1, attemptsLeft > 0 else { throw error }
                report(error, of: name)
            }
            try Task.checkCancellation()
            try checkDeadline()
        }
        throw LLMError(.noSuchModel, "the tier is empty")
    }
}

extension RequestExecution {
    /// Tells of a model that cannot answer until somebody mends its settings: nobody else might notice.
    func report(_ error: LLMError, of model: ModelName) {
        if error.code.isLoud { pipeline.report(.model(model), error, requestID) }
    }
}

extension LLMError.Code {
    /// Whether another model may do better. Not after a cancellation or an empty purse, and not around a content
    /// filter: looking for a vendor that lets a blocked question pass is nobody's default.
    fileprivate var movesOn: Bool { self != .cancelled && self != .overBudget && self != .contentFiltered }

    /// Whether it is the app's own mistake: a wrong key, model or address (where a web page answers) does not pass by itself,
    /// and a stand-in would hide it.
    fileprivate var isLoud: Bool {
        [.authentication, .permission, .notFound, .invalidConfiguration, .quotaExhausted, .malformedResponse].contains(
            self
        )
    }
}

extension LLMError {
    /// The same error, telling also what was tried before it.
    fileprivate func after(_ passed: [PassedOver]) -> LLMError {
        // The last one is this error itself.
        let before = passed.dropLast()
        guard !before.isEmpty else { return self }
        var error = self
        error.message += " (before that \(before.map(\.words).joined(separator: ", ")))"
        return error
    }
}
