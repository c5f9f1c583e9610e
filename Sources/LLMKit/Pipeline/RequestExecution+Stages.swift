extension RequestExecution {
    /// Admission, caches, and waiting for an identical request in flight: an answer that is there already.
    func answerWithoutModel() async throws(LLMError) -> Reply? {
        do {
            try checkDeadline()
            try await admit()
            if let hit = try await recall() { return finish(hit) }
            if let hit = try await joinIdenticalRequest() { return finish(hit) }
            try checkOpen()
            return nil
        } catch {
            let error = fail(error)
            didRun()
            throw error
        }
    }

    /// Asks the route's models, in a task of its own that begins on the caller's thread.
    func startAsking() -> Task<Result<Reply, LLMError>, Never> {
        let work = { @Sendable () async -> Result<Reply, LLMError> in
            defer { self.didRun() }
            do throws(LLMError) { return .success(try await self.askModels()) } catch { return .failure(error) }
        }
        let task: Task<Result<Reply, LLMError>, Never>
        if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
            task = Task.immediate { await work() }
        } else {
            task = Task { await work() }
        }
        whenCancelled { task.cancel() }
        return task
    }

    /// Asks the route's models in the caller's task.
    func askModelsInPlace() async throws(LLMError) -> Reply {
        defer { didRun() }
        return try await askModels()
    }

    /// Route, call, settle, for whole and live answers alike. The request goes on until a live answer ends or is let go of.
    private func askModels() async throws(LLMError) -> Reply {
        do {
            let route = try await chooseRoute()
            let reply = try await answer(route)
            guard case .whole(let response) = reply else { return reply }
            await remember(response)
            try checkOpen()
            end(.success(response))
            return reply
        } catch {
            throw fail(error)
        }
    }

    @inline(never)
    private func finish(_ hit: CacheHit) -> Reply {
        end(.success(hit.response), hit: hit)
        didRun()
        return .whole(hit.response)
    }

    /// Cheap refusals, before anything is looked up.
    @inline(never)
    private func admit() async throws {
        if pipeline.meter is NoMeter { return }
        let meter = pipeline.meter
        if mayHang(meter) {
            try await inTime { [request] in try await meter.admit(request) }
        } else {
            try await meter.admit(request)
        }
        try checkOpen()
    }

    /// Asks the router, and checks what it says.
    @inline(never)
    private func chooseRoute() async throws -> Route {
        let began = time.now
        let route: Route
        do {
            route = try await decide()
            try pipeline.check(route)
        } catch {
            let error = LLMError(wrapping: error)
            recordRouteSpan(since: began, nil, error: error.code)
            throw error
        }
        took(route)
        recordRouteSpan(since: began, route)
        sendShadows(route)
        return route
    }

    private func decide() async throws -> Route {
        if let fixed = pipeline.router as? FixedRouter { return fixed.route(for: request) }
        let scope = scope.child(purpose: .routing, budget: budget(for: .routing))
        var request = request
        request.scope = scope
        let context = RoutingContext(models: pipeline.models, scope: scope)
        let router = pipeline.router
        guard mayHang(router) else { return try await router.route(request, in: context) }
        return try await inTime { [request] in try await router.route(request, in: context) }
    }

    /// Whether a part of the pipeline must be watched, because the request has a deadline and the part may wait for
    /// something: an app's own router or cache.
    func mayHang(_ part: some Any) -> Bool { request.deadline != nil && !isPrompt(part) }

    /// Waits no longer than the request's deadline. Costs two tasks.
    func inTime<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withTimeLimit(.deadline(request.deadline), time, work)
    }
}

/// A part of a pipeline that never waits for anything: needs no watch.
protocol PromptPart {}

func isPrompt(_ part: some Any) -> Bool {
    if let signal = part as? BuiltInSignal { return isPrompt(signal.base) }
    return part is any PromptPart
}

extension FixedRouter: PromptPart {}
extension ResultCache: PromptPart {}
extension InMemoryCostMeter: PromptPart {}
extension Ledger: PromptPart {}
extension NoMeter: PromptPart {}
extension LogProbabilityConfidence: PromptPart {}
