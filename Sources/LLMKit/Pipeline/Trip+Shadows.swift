extension Trip {
    /// Sends a copy of the request to each shadow and forgets about it: a shadow never delays, never fails and never
    /// bills the caller's request. Its cost is recorded as shadow cost.
    @inline(never)
    func sendShadows(_ route: Route) {
        for name in route.shadows {
            guard let entry = pipeline.table[name] else { continue }
            let call = Call(self, entry, purpose: .shadow, tier: nil, isStreamed: false)
            guard pipeline.lifetime.beginShadow(call) else {
                call.dismiss()
                continue
            }
            Task { [request, lifetime = pipeline.lifetime] in
                if let response = try? await call.respond(to: request) { call.settle(.answered(response)) }
                lifetime.endShadow(call)
            }
        }
    }
}
