extension RequestExecution {
    /// Sends a copy of the request to each shadow and forgets about it: a shadow never delays, never fails and never
    /// bills the caller's request. Its cost is recorded as shadow cost.
    @inline(never)
    func sendShadows(_ route: Route) {
        for name in route.shadows {
            guard let entry = pipeline.table[name] else { continue }
            let call = ModelCall(self, name, entry, for: .shadow)
            guard pipeline.inFlight.begin(beside: call) else { continue }
            let isRunning = pipeline.inFlight.run { [request, inFlight = pipeline.inFlight] in
                do { call.accept(try await call.respond(to: request)) } catch {
                    self.report(LLMError(wrapping: error), of: name)
                }
                inFlight.end(beside: call)
            }
            if !isRunning { pipeline.inFlight.end(beside: call) }
        }
    }
}

extension RequestExecution: CacheTrialHost {
    /// Keeps how a semantic cache's decision turned out, if the meter keeps such things.
    func record(_ trial: CacheTrial) {
        // Nothing is recorded after a shutdown, however late a judge is.
        if pipeline.inFlight.isClosed { return }
        (pipeline.meter as? any CacheTrialLog)?.record(trial)
    }

    func report(_ error: LLMError) { pipeline.report(.cache, error, requestID) }
    func advise(_ message: String) { pipeline.diagnostics.report(.warning, "cache", message) }
}
