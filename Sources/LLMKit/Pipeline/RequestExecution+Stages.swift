extension RequestExecution {
    /// The whole way of a request, for whole and live answers alike. The request goes on until a live answer ends or is
    /// let go of.
    func run() async throws(LLMError) -> Reply {
        do {
            let scope = self.scope
            try checkDeadline()
            try await admit(scope)
            let context = CacheContext(
                request,
                models: pipeline.cacheScope,
                partition: pipeline.usesCacheKeys ? pipeline.router.partition(for: request) : "",
                isStreamed: isStreamed,
                scope: scope
            )
            if let hit = try await recall(context) { return finish(hit) }
            if let hit = try await joinIdenticalRequest(context) { return finish(hit) }
            let route = try await chooseRoute(scope)
            let reply = try await answer(route, context)
            guard case .whole(let response) = reply else { return reply }
            await remember(response, context)
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
        return .whole(hit.response)
    }

    /// Cheap refusals, before anything is looked up.
    @inline(never)
    private func admit(_ scope: RequestScope) async throws {
        if pipeline.meter is NoMeter { return }
        var request = request
        request.scope = scope
        try await inTime(pipeline.meter) { [meter = pipeline.meter, request] in try await meter.admit(request) }
        try checkOpen()
    }

    /// Asks the router, and checks what it says.
    @inline(never)
    func chooseRoute(_ scope: RequestScope) async throws -> Route {
        let began = time.now
        let route: Route
        do {
            route = try await decide(scope.child(purpose: .routing, budget: budget(for: .routing)))
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

    private func decide(_ scope: RequestScope) async throws -> Route {
        if let fixed = pipeline.router as? FixedRouter { return fixed.route(for: request) }
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
        let part = (part as? BuiltInSignal)?.base ?? part
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
