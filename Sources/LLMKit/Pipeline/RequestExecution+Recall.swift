extension RequestExecution {
    /// Asks the caches in order. A hit is booked as a saving and copied to the caches before the one that had it.
    func recall() async throws -> CacheHit? {
        guard request.cachePolicy.contains(.read), !pipeline.caches.isEmpty else { return nil }
        let began = time.now
        let context = cacheContext
        var failure: LLMError?
        for (index, cache) in pipeline.caches.enumerated() {
            do {
                let found = try await lookup(in: cache, context)
                pipeline.cacheTroubles.clear(index, .lookup)
                guard let found else { continue }
                try checkOpen()
                let hit = book(found)
                recordLookupSpan(since: began, hit: hit, failure: failure)
                // Only what answers the very same request may be kept as its answer.
                if request.cachePolicy.contains(.write), found.source == .result {
                    await store(found.response, in: pipeline.caches[..<index], context)
                }
                return hit
            } catch {
                // A broken cache must not fail the request, but a request that is over must not go on.
                try checkOpen()
                if Task.isCancelled { throw error }
                try checkDeadline()
                let error = LLMError(wrapping: error)
                failure = error
                if pipeline.cacheTroubles.isNew(error, of: index, .lookup) { pipeline.report(.cache, error, requestID) }
            }
        }
        recordLookupSpan(since: began, hit: nil, failure: failure)
        return nil
    }

    private func lookup(in cache: some Cache, _ context: CacheContext) async throws -> CacheHit? {
        guard mayHang(cache) else { return try await cache.lookup(request, in: context) }
        return try await inTime { try await cache.lookup(context.request, in: context) }
    }

    /// Keeps an answer that was accepted.
    ///
    /// One that a cache gave, such as a nested pipeline's, is not kept: who has it already keeps it, and an approximate
    /// answer must not become an exact one.
    ///
    /// Where nothing may be kept, caches that have asked for a comparison get that alone.
    func remember(_ response: ChatResponse) async {
        guard !request.cachePolicy.isDisjoint(with: .all), !pipeline.caches.isEmpty, response.state == .complete,
            response.servedBy == nil, !isOver, await followsFormat(response)
        else { return }
        guard !request.cachePolicy.contains(.write) else {
            return await store(response, in: pipeline.caches[...], cacheContext)
        }
        for case let cache as any ComparingCache in pipeline.caches {
            await cache.compare(response, for: request, in: cacheContext)
        }
    }

    /// Whether an answer is of the form that was asked for. One that is not would fail whoever asks again, from the cache,
    /// where the model might do better. A schema that nobody can check binds nobody.
    private func followsFormat(_ response: ChatResponse) async -> Bool {
        // Calls of tools come before the answer.
        guard response.toolCalls.isEmpty else { return true }
        switch request.responseFormat {
        case .text: return true
        case .json: return (try? response.document()) != nil
        case .jsonSchema(let schema):
            guard let validator = try? JSONSchemaValidator(schema) else { return true }
            return (try? await validator.accepts(response.text)) ?? true
        }
    }

    private func store(_ response: ChatResponse, in caches: ArraySlice<any Cache>, _ context: CacheContext) async {
        for (place, cache) in zip(caches.indices, caches) {
            let began = time.now
            do {
                if mayHang(cache) {
                    try await inTime { try await cache.store(response, for: context.request, in: context) }
                } else {
                    try await cache.store(response, for: request, in: context)
                }
                pipeline.cacheTroubles.clear(place, .store)
            } catch {
                let error = LLMError(wrapping: error)
                recordStoreFailure(since: began, error)
                if pipeline.cacheTroubles.isNew(error, of: place, .store) { pipeline.report(.cache, error, requestID) }
            }
        }
    }

    /// Waits for an identical request in flight, if there is one; otherwise leads.
    ///
    /// Only requests for a whole answer lead: a stream ends when its reader pleases, and nobody should wait for that. What
    /// a leader fails of that is its own – cancelled, too little time, no attempts left – makes the next in line lead;
    /// other failures are everybody's, because each would only repeat them.
    func joinIdenticalRequest() async throws -> CacheHit? {
        guard pipeline.coalescesIdenticalRequests, request.cachePolicy.isSuperset(of: .all) else { return nil }
        let fingerprint = cacheContext.fingerprint
        let coalescer = pipeline.inFlight.coalescer
        while true {
            guard let shared = coalescer.answer(to: fingerprint) else {
                if isStreamed { return nil }
                guard let own = coalescer.lead(fingerprint) else { continue }
                try lead(own)
                return nil
            }
            let result = try await withTimeLimit(.deadline(request.deadline), time) { await shared.wait() }
            try checkOpen()
            switch result {
            case .success(let response): return book(CacheHit(response, source: .coalesced))
            case .failure(let error) where error.isLeadersOwn && !Task.isCancelled: continue
            case .failure(let error): throw error
            }
        }
    }
}

extension LLMError {
    fileprivate var isLeadersOwn: Bool {
        [.cancelled, .shuttingDown, .timeout, .attemptsExhausted, .overBudget].contains(code)
    }
}
