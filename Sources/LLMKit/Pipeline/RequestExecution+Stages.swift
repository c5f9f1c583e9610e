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
        var request = request
        request.scope = scope
        try await inTime(pipeline.meter) { [meter = pipeline.meter, request] in try await meter.admit(request) }
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
        return try await inTime(pipeline.router) { [router = pipeline.router, request] in
            try await router.route(request, in: context)
        }
    }

    /// Waits for a part of the pipeline no longer than the request's deadline: an app's own router or cache may hang.
    ///
    /// What answers at once, or keeps time itself, is not raced: that would cost two tasks.
    func inTime<Value: Sendable>(
        _ part: Any,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard let deadline = request.deadline, !(part is any PromptPart) else { return try await work() }
        return try await withTimeLimit(.deadline(deadline), time, work)
    }
}

/// A part of a pipeline that never waits for anything: needs no watch.
protocol PromptPart {}

extension FixedRouter: PromptPart {}
extension ResultCache: PromptPart {}
extension InMemoryCostMeter: PromptPart {}
extension Ledger: PromptPart {}
extension NoMeter: PromptPart {}
extension LogProbabilityConfidence: PromptPart {}
