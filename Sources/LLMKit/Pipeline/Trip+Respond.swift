extension Trip {
    /// The whole way of a request that wants a whole answer.
    func respond() async throws(LLMError) -> ChatResponse {
        do {
            if let hit = try await beforeCalling() {
                end(.success(hit.response), hit: hit)
                return hit.response
            }
            let route = try await chooseRoute()
            let answer = try await run(route, live: false)
            guard case .whole(let response) = answer else {
                throw LLMError(.unknown, "a whole answer was expected")
            }
            await remember(response)
            end(.success(response))
            return response
        } catch {
            throw fail(error)
        }
    }

    /// The whole way of a request that wants a stream. The trip goes on until the stream ends or is let go of.
    func stream() async throws(LLMError) -> ResponseStream {
        do {
            if let hit = try await beforeCalling() {
                end(.success(hit.response), hit: hit)
                return ResponseStream(hit.response)
            }
            let route = try await chooseRoute()
            switch try await run(route, live: true) {
            case .whole(let response):
                await remember(response)
                end(.success(response))
                return ResponseStream(response)
            case .live(let stream):
                return stream
            }
        } catch {
            throw fail(error)
        }
    }

    /// Ends the trip with an error, which also tells an outer pipeline what was paid until then.
    @inline(never)
    func fail(_ error: any Error) -> LLMError {
        var error = LLMError(wrapping: error)
        end(.failure(error))
        error.spent = spent
        return error
    }

    /// Admission, caches, and waiting for an identical request in flight; a hit ends the trip.
    @inline(never)
    private func beforeCalling() async throws -> CacheHit? {
        try checkDeadline()
        try await admit()
        if let hit = try await recall() { return hit }
        return try await joinFlight()
    }

    /// Sets aside the most that the request may cost.
    @inline(never)
    private func admit() async throws {
        guard !(pipeline.meter is NoMeter) else { return }
        let outputLimit = request.sampling.maxOutputTokens ?? Self.assumedOutputLimit
        let estimate = CostEstimate(
            requestID: context.requestID,
            caller: request.caller,
            worstCase: pipeline.table.worstCase(
                inputTokens: request.estimatedInputTokens,
                outputTokens: outputLimit,
                at: date
            )
        )
        try hold(try await pipeline.meter.reserve(estimate))
    }

    /// Output tokens to reserve money for when the request sets no limit: the longest answers chat models usually give.
    private static let assumedOutputLimit = 4096

    @inline(never)
    func checkDeadline() throws(LLMError) {
        if let deadline = request.deadline, context.time.now >= deadline {
            throw LLMError(.timeout, "the request's deadline has passed")
        }
    }
}

extension ChatRequest {
    /// Roughly how many tokens the request has: for reservations, and for bills of calls whose vendor did not report.
    var estimatedInputTokens: Int {
        var bytes = 0
        for message in messages {
            for part in message.parts { bytes += part.estimatedBytes }
        }
        for tool in tools {
            bytes += tool.name.utf8.count + tool.description.utf8.count + tool.parameters.json.description.utf8.count
        }
        if case .jsonSchema(let schema) = responseFormat { bytes += schema.json.description.utf8.count }
        return Usage.estimatedTokens(utf8Count: bytes)
    }
}

extension ChatMessage.Part {
    /// Bytes of text that cost about as much as this part. A picture counts as 4 kB, about a thousand tokens.
    fileprivate var estimatedBytes: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .image: 4096
        case .toolCall(let call): call.name.utf8.count + call.arguments.utf8.count
        case .toolResult(let result): result.text.utf8.count
        case .thinking(let thinking): thinking.text.utf8.count + (thinking.redacted?.utf8.count ?? 0)
        case .vendor(let part): part.json.description.utf8.count
        }
    }
}
