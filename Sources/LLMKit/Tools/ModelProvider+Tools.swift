extension ModelProvider {
    /// Asks, runs what the model wants run, and asks again, until it answers in words.
    ///
    /// ```swift
    /// let talk = try await pipeline.respond(to: "When can I sail from Hull?", using: [tide, weather])
    /// print(talk.text, talk.cost ?? "price unknown", talk.runs.count)
    /// ```
    ///
    /// What goes wrong in a tool is told to the model, which may try otherwise: arguments that do not decode, a name that there is
    /// not, a time limit, a ``ToolFailure``. Each turn is a request of its own, with a row in the ledger; all have the same
    /// ``Caller/conversation``, which is made up if the request has none. A ``ChatRequest/toolChoice`` that demands a call holds for
    /// the first turn.
    ///
    /// To go on, ask again with ``ToolConversation/messages`` and another question. For a typed answer, set
    /// ``ChatRequest/responseFormat`` and decode the last ``ToolConversation/response``.
    /// - Parameters:
    ///   - request: what to ask. Its tools, if it has any, must be among `tools`.
    ///   - tools: what may be run; each with a name of its own.
    ///   - maxRounds: how many times tools are run, at least 1. After that the model is asked once more, and must answer without.
    ///   - maxParallelCalls: how many calls of one turn run at the same time, at least 1.
    ///   - time: what the tools' time limits go by.
    /// - Returns: the conversation.
    /// - Throws: ``LLMError``: what a turn throws; `truncated`, `contentFiltered` or `refused` if one with calls did not end well,
    ///   and nothing of it is run; `attemptsExhausted` if the model goes on calling tools after its last round; `timeout` if the
    ///   request's deadline passes while a tool runs; `shuttingDown` if the pipeline is drained between two turns. What was
    ///   said until then is lost here: read ``stream(_:using:maxRounds:maxParallelCalls:time:)`` to keep it.
    public func respond(
        to request: ChatRequest,
        using tools: [RunnableTool],
        maxRounds: Int = 8,
        maxParallelCalls: Int = 4,
        time: any TimeSource = SystemTime()
    ) async throws(LLMError) -> ToolConversation {
        let limits = ToolLimits(maxRounds: maxRounds, maxParallelCalls: maxParallelCalls, time: time)
        var loop = try ToolLoop(request, tools, limits)
        while true {
            let response: ChatResponse
            do { response = try await respond(to: loop.request) } catch { throw LLMError(wrapping: error) }
            switch try loop.take(response) {
            case .ask: continue
            case .run(let calls): loop.take(try await loop.run(calls))
            case .end: if let conversation = loop.conversation { return conversation }
            }
        }
    }

    /// As ``respond(to:using:maxRounds:maxParallelCalls:time:)``, step by step: text as it comes, tools as they start and end.
    ///
    /// Nothing happens before the first event is asked for, and nothing goes on after the reader has left.
    /// - Parameters:
    ///   - request: what to ask. Its tools, if it has any, must be among `tools`.
    ///   - tools: what may be run; each with a name of its own.
    ///   - maxRounds: how many times tools are run, at least 1. After that the model is asked once more, and must answer without.
    ///   - maxParallelCalls: how many calls of one turn run at the same time, at least 1.
    ///   - time: what the tools' time limits go by.
    /// - Returns: the steps, to be read once.
    /// - Throws: ``LLMError`` with code `invalidRequest` for tools that cannot be told apart, and for limits below 1.
    public func stream(
        _ request: ChatRequest,
        using tools: [RunnableTool],
        maxRounds: Int = 8,
        maxParallelCalls: Int = 4,
        time: any TimeSource = SystemTime()
    ) throws(LLMError) -> ToolStream {
        let limits = ToolLimits(maxRounds: maxRounds, maxParallelCalls: maxParallelCalls, time: time)
        return ToolStream(ToolSource(self, try ToolLoop(request, tools, limits)))
    }
}
