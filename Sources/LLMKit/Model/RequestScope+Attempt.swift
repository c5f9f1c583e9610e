extension RequestScope {
    /// Makes one upstream attempt: reserved before, recorded exactly once after, with a span of its own, whatever
    /// becomes of it.
    ///
    /// For providers that reach an upstream themselves; their ``ProviderInfo/makesAttempts`` says so. Every other
    /// provider is wrapped by the decorator or the pipeline that calls it.
    ///
    /// ```swift
    /// func respond(to request: ChatRequest) async throws -> ChatResponse {
    ///     try await request.attempt(upstream) { attempt in
    ///         attempt.sent()
    ///         return .whole(try await ask(request))
    ///     }.whole()
    /// }
    /// ```
    /// - Parameters:
    ///   - upstream: who is asked.
    ///   - request: what is asked: the worst case of its cost is told from it.
    ///   - body: makes the call. A live answer's attempt ends when its stream does.
    /// - Returns: what `body` gave, marked with the upstream and our request id.
    /// - Throws: ``LLMError`` with code `attempts_exhausted` if none is left, what the meter throws where there is no
    ///   money for it, and what `body` throws.
    public func attempt(
        _ upstream: Upstream,
        for request: ChatRequest,
        _ body: (Attempt) async throws -> Reply
    ) async throws -> Reply {
        try await attempt(upstream, for: request, tellsSending: true, body)
    }

    /// - Parameters:
    ///   - tellsSending: whether the body says when the request leaves: what then fails before is free.
    ///   - outputLimit: the most output tokens that the upstream may bill, where that is not what the request says.
    func attempt(
        _ upstream: Upstream,
        for request: ChatRequest,
        tellsSending: Bool,
        outputLimit: Int? = nil,
        _ body: (Attempt) async throws -> Reply
    ) async throws -> Reply {
        let record = try await begin(upstream, .request(request, outputLimit: outputLimit), tellsSending: tellsSending)
        do {
            switch try await body(Attempt(record: record)) {
            case .whole(var response):
                guard response.state == .complete else { throw LLMError.truncatedAnswer(usage: response.usage) }
                response.requestID = requestID
                record.finish(&response)
                return .whole(response)
            case .live(let stream):
                return .live(ResponseStream(AttemptSource(stream.source, record, requestID)))
            }
        } catch {
            throw fail(record, error)
        }
    }

    @inline(never)
    func begin(
        _ upstream: Upstream,
        _ size: @autoclosure () -> AttemptPlan.Size,
        tellsSending: Bool = false
    ) async throws -> any AttemptRecord {
        // What wraps this turned out to be no attempt of its own.
        enclosing?.dissolve()
        guard let host else {
            // Nobody sets money aside, so nobody needs the size.
            guard budget.take() else { throw LLMError.attemptsExhausted }
            return UnbookedAttempt(upstream, for: purpose, in: trace, from: budget)
        }
        return try await host.begin(
            AttemptPlan(upstream: upstream, purpose: purpose, size: size(), tellsSending: tellsSending)
        )
    }

    @inline(never)
    private func fail(_ record: any AttemptRecord, _ error: any Error) -> LLMError {
        var error = LLMError(wrapping: error)
        error.requestID = requestID
        record.fail(error)
        return error
    }
}

extension ChatRequest {
    /// Makes one upstream attempt for this request: see ``RequestScope/attempt(_:for:_:)``.
    ///
    /// Without a scope (a provider used without a pipeline) the call is just made.
    public func attempt(_ upstream: Upstream, _ body: (Attempt) async throws -> Reply) async throws -> Reply {
        try await attempt(upstream, tellsSending: true, body)
    }

    func attempt(
        _ upstream: Upstream,
        tellsSending: Bool,
        outputLimit: Int? = nil,
        _ body: (Attempt) async throws -> Reply
    ) async throws -> Reply {
        guard let scope else {
            let reply = try await body(Attempt(record: UnbookedAttempt(upstream, for: .answer, in: trace)))
            guard case .whole(var response) = reply else { return reply }
            response.upstream = response.upstream ?? upstream
            return .whole(response)
        }
        return try await scope.attempt(
            upstream,
            for: self,
            tellsSending: tellsSending,
            outputLimit: outputLimit,
            body
        )
    }
}

extension LLMError {
    static let attemptsExhausted = LLMError(
        .attemptsExhausted,
        "all upstream attempts of this request are used up; see Pipeline.maxAttempts and Pipeline.maxSideAttempts"
    )

    static func truncatedAnswer(usage: Usage?) -> LLMError {
        var error = LLMError(.truncated, "the answer stopped before its end; it is not kept, but the vendor bills it")
        error.usage = usage
        return error
    }
}
