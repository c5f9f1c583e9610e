extension Trip {
    /// Asks the caches in order. A hit is settled as a saving and copied to the caches before the one that had it.
    func recall() async throws -> CacheHit? {
        guard request.cachePolicy.contains(.read), !pipeline.caches.isEmpty else { return nil }
        let began = context.time.now
        var failure: LLMError?
        for (index, cache) in pipeline.caches.enumerated() {
            do {
                let answer = try await cache.lookup(query)
                runErrands()
                guard let found = answer else { continue }
                let hit = settle(found)
                recordLookupSpan(since: began, hit: hit, failure: failure)
                // Only what answers the very same request may be kept as its answer.
                if request.cachePolicy.contains(.write), found.source == .result {
                    await store(found.response, in: pipeline.caches[..<index])
                }
                return hit
            } catch {
                // A broken cache must not fail the request, but a cancelled request must not go on.
                failure = LLMError(wrapping: error)
                runErrands()
                if Task.isCancelled { throw error }
            }
        }
        recordLookupSpan(since: began, hit: nil, failure: failure)
        return nil
    }

    /// Keeps an answer that was accepted.
    func remember(_ response: ChatResponse) async {
        guard request.cachePolicy.contains(.write), response.state == .complete else { return }
        await store(response, in: pipeline.caches[...])
    }

    private func store(_ response: ChatResponse, in caches: ArraySlice<any Cache>) async {
        for cache in caches {
            let began = context.time.now
            do {
                try await cache.store(response, for: query)
            } catch {
                recordStoreFailure(since: began, LLMError(wrapping: error))
            }
            runErrands()
        }
    }

    /// Books an answer that cost nothing, and dresses it for the caller.
    @inline(never)
    func settle(_ found: CacheHit) -> CacheHit {
        var hit = found
        let total = context.time.now - start
        hit.response.servedBy = hit.source
        hit.response.cost = .zero
        hit.response.timing = Timing(total: total)
        let model = hit.response.model ?? "cache"
        let entry = pipeline.table[model]
        var charge = Charge(
            date: date,
            requestID: context.requestID,
            caller: request.caller,
            purpose: .cacheHit,
            model: model,
            vendor: entry?.info.vendor ?? ProviderInfo().vendor
        )
        charge.reservation = reservation
        charge.modelAsked = entry?.info.modelID
        charge.modelServed = hit.response.servedModel
        charge.usage = hit.response.usage
        charge.cost = .zero
        charge.cache = hit.source
        charge.attempts = 0
        charge.finish = hit.response.finish
        charge.isStreamed = isStreamed
        charge.timing = hit.response.timing
        // Without a baseline, the model that gave the answer is what it would have cost.
        let price =
            pipeline.baseline.flatMap { pipeline.table[$0] }?.price(servedModel: nil, at: date)
            ?? entry?.price(servedModel: hit.response.servedModel, at: date)
        charge.savings = price?.cost(of: hit.response.usage.withoutPromptCache).map { baseline in
            Savings.hit(baseline: baseline, source: hit.source)
        }
        hit.match = hit.match?.saving(charge.savings?.total)
        hit.response.match = hit.match
        charge.match = hit.match
        pipeline.meter.record(charge)
        return hit
    }
}
