extension Trip {
    /// Waits for an identical request in flight, if there is one; otherwise leads.
    ///
    /// Only requests for a whole answer lead: a stream ends when its reader pleases, and nobody should wait for that. What
    /// a leader fails of that is its own – cancelled, too little time, no attempts left – makes the next in line lead;
    /// other failures are everybody's, because each would only repeat them.
    func joinFlight() async throws -> CacheHit? {
        guard pipeline.coalescesIdenticalRequests, request.cachePolicy.isSuperset(of: .all) else { return nil }
        while true {
            let coalescer = pipeline.lifetime.coalescer
            guard let flight = coalescer.flight(for: query.fingerprint) else {
                if isStreamed { return nil }
                guard let own = coalescer.lead(query.fingerprint) else { continue }
                try lead(own)
                return nil
            }
            let result = try await withTimeLimit(.deadline(request.deadline), context.time) { await flight.wait() }
            switch result {
            case .success(let response): return settle(CacheHit(response, source: .coalesced))
            case .failure(let error) where error.isLeadersOwn && !Task.isCancelled && !isOver: continue
            case .failure(let error): throw error
            }
        }
    }
}

extension LLMError {
    fileprivate var isLeadersOwn: Bool { [.cancelled, .timeout, .attemptsExhausted, .overBudget].contains(code) }
}
