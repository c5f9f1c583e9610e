/// The rounds of a conversation with tools: what is asked next, and what is run in between.
///
/// It is the same for whole answers and streams, which only ask differently.
struct ToolLoop: Sendable {
    /// What to ask next.
    private(set) var request: ChatRequest
    private(set) var steps: [ToolConversation.Step] = []
    private let tools: [String: RunnableTool]
    private let limits: ToolLimits
    private var reachedLimit = false
    /// How many times tools were run, or the vendor paused.
    private var rounds = 0

    /// More calls in one turn than these are answered with an error.
    private static let mostCalls = 128

    /// - Throws: ``LLMError`` with code `invalidRequest` for tools that cannot be told apart or run, and for limits below 1.
    init(_ request: ChatRequest, _ tools: [RunnableTool], _ limits: ToolLimits) throws(LLMError) {
        try limits.check()
        var byName: [String: RunnableTool] = [:]
        for tool in tools where byName.updateValue(tool, forKey: tool.tool.name) != nil {
            throw LLMError(.invalidRequest, "two tools have the name '\(tool.tool.name)'; give each its own")
        }
        if let stray = request.tools.first(where: { byName[$0.name] == nil }) {
            throw LLMError(
                .invalidRequest,
                "the request's tool '\(stray.name)' is not among those that can be run; pass a RunnableTool for it"
            )
        }
        self.tools = byName
        self.limits = limits
        self.request = request
        self.request.tools = tools.map(\.tool)
        // Without a name of the app's, the turns could not be found together in the ledger.
        if request.caller.conversation == nil { self.request.caller.conversation = RequestID.random().description }
    }

    /// What follows a turn of the model.
    enum Next {
        /// It was the last.
        case end
        /// The vendor only paused, and goes on when it is asked again.
        case ask
        case run([ToolCall])
    }

    /// Takes the model's answer.
    /// - Throws: ``LLMError`` for calls that must not be run: of a turn that did not end well, or made against a word.
    mutating func take(_ response: ChatResponse) throws(LLMError) -> Next {
        request.messages.append(response.message)
        steps.append(ToolConversation.Step(response: response, runs: []))
        // The id that the app chose is the first turn's; each has its own row.
        request.requestID = nil
        let calls = response.toolCalls
        if calls.isEmpty {
            guard response.finish == .other("pause_turn"), rounds < limits.maxRounds else { return .end }
            rounds += 1
            return .ask
        }
        switch response.finish {
        case .contentFilter: throw failure(.contentFiltered, "the vendor's filter ended a turn with tool calls")
        case .refusal: throw failure(.refused, "the model declined in a turn with tool calls")
        // Both must be whole: a condition behind a list of cases would be the last one's alone.
        case .toolCalls where response.state == .complete, .stop where response.state == .complete: break
        case .length:
            throw failure(
                .truncated,
                "the model's turn was cut off within its tool calls; raise the limit on output tokens"
            )
        default: throw failure(.truncated, "the model's turn with tool calls did not come to its end")
        }
        if reachedLimit {
            throw failure(
                .attemptsExhausted,
                "the model calls tools again after \(limits.maxRounds) rounds, although it was told to answer; raise maxRounds"
            )
        }
        if case ToolChoice.none? = request.toolChoice {
            throw failure(.malformedResponse, "the model calls tools although the request's tool choice is none")
        }
        return .run(calls)
    }

    /// An error that says what was paid for until then.
    private func failure(_ code: LLMError.Code, _ message: String) -> LLMError {
        var error = LLMError(code, message)
        error.shouldRetry = false
        error.usage = conversation?.usage
        error.requestID = steps.last?.response.requestID
        return error
    }

    /// Runs what the model asked for, some at a time.
    /// - Returns: what came of each call, in their order.
    func run(_ calls: [ToolCall]) async throws(LLMError) -> [ToolRun] {
        let context = ToolContext(caller: request.caller, round: steps.count, deadline: request.deadline)
        do { return try await runAll(calls, context) } catch {
            var error = LLMError(wrapping: error)
            error.requestID = error.requestID ?? steps.last?.response.requestID
            throw error
        }
    }

    /// Makes results part of the next question.
    mutating func take(_ runs: [ToolRun]) {
        guard !steps.isEmpty else { return }
        steps[steps.count - 1].runs = runs
        for run in runs { request.messages.append(ChatMessage(.tool, parts: [.toolResult(run.result)])) }
        // A demand that stood would be made for ever.
        request.toolChoice = nil
        rounds += 1
        if rounds >= limits.maxRounds {
            reachedLimit = true
            request.toolChoice = ToolChoice.none
        }
    }

    /// What it all came to; `nil` before the first answer.
    var conversation: ToolConversation? {
        steps.last.map { last in
            ToolConversation(
                messages: request.messages,
                steps: steps,
                reachedLimit: reachedLimit,
                response: last.response
            )
        }
    }

    private func runAll(_ calls: [ToolCall], _ context: ToolContext) async throws -> [ToolRun] {
        try await withThrowingTaskGroup(of: (Int, ToolRun).self) { group in
            var runs = [ToolRun?](repeating: nil, count: calls.count)
            var next = 0
            func start() {
                guard next < calls.count else { return }
                let (place, call) = (next, calls[next])
                next += 1
                group.addTask { (place, try await run(call, isSurplus: place >= Self.mostCalls, context)) }
            }
            for _ in 0..<min(limits.maxParallelCalls, calls.count) { start() }
            while let (place, run) = try await group.next() {
                runs[place] = run
                start()
            }
            // Tools may end well although they were cancelled; nobody waits for the next turn.
            try Task.checkCancellation()
            return runs.compactMap { $0 }
        }
    }

    private func run(_ call: ToolCall, isSurplus: Bool, _ context: ToolContext) async throws -> ToolRun {
        try Task.checkCancellation()
        guard !isSurplus else { return refused(call, "too many calls at once; at most \(Self.mostCalls)") }
        guard let tool = tools[call.name] else {
            let names = tools.keys.sorted().joined(separator: ", ")
            return refused(call, "there is no tool '\(call.name)'; there are: \(names)")
        }
        let key = tool.memory?.key(call, context.caller)
        if let key, let known = tool.memory?.result(key) {
            let result = ToolResult(callID: call.id, text: known)
            return ToolRun(call: call, result: result, duration: .zero, isRemembered: true)
        }
        let time = limits.time
        let start = time.now
        let limit = TimeLimit.earliest(
            .clock(.total, tool.timeLimit, from: start),
            .deadline(context.deadline)
        )
        var outcome: Result<String, LLMError>
        do {
            outcome = .success(
                try await withTimeLimit(limit, time, stop: WaitStop()) { try await tool.work(call, context) }
            )
        } catch {
            try Task.checkCancellation()
            if let limit, limit.clock == .deadline, limit.instant <= time.now { throw limit.error }
            outcome = .failure(LLMError(wrapping: error))
        }
        if case .success(let text) = outcome, text.utf8.count > tool.maxResultBytes {
            let message =
                "the result has \(text.utf8.count) bytes, more than the \(tool.maxResultBytes) that go to a model"
            outcome = .failure(LLMError(.responseTooLarge, message, cause: ToolFailure(message)))
        }
        if case .success(let text) = outcome, let key { tool.memory?.keep(text, for: key) }
        return ToolRun(call, outcome, duration: start.duration(to: time.now))
    }

    /// A call for which nothing is run.
    private func refused(_ call: ToolCall, _ reason: String) -> ToolRun {
        ToolRun(call, .failure(LLMError(.invalidRequest, reason, cause: ToolFailure(reason))), duration: .zero)
    }
}

/// How far a conversation with tools may go.
struct ToolLimits: Sendable {
    var maxRounds: Int
    var maxParallelCalls: Int
    var time: any TimeSource

    func check() throws(LLMError) {
        for (name, value) in [("maxRounds", maxRounds), ("maxParallelCalls", maxParallelCalls)] where value < 1 {
            throw LLMError(.invalidRequest, "\(name) is \(value); it must be at least 1")
        }
    }
}

extension ToolRun {
    fileprivate init(_ call: ToolCall, _ outcome: Result<String, LLMError>, duration: Duration) {
        self.call = call
        self.duration = duration
        isRemembered = false
        switch outcome {
        case .success(let text): result = ToolResult(callID: call.id, text: text)
        case .failure(let error):
            result = ToolResult(callID: call.id, text: Self.reason(error, of: call), isError: true)
            self.error = error
        }
    }

    /// What the model may know of an error: what it can mend, and what the tool says.
    private static func reason(_ error: LLMError, of call: ToolCall) -> String {
        switch error.cause {
        case let failure as ToolFailure: failure.message
        case let invalid as InvalidArguments: "the arguments do not fit the schema: \(invalid.description)"
        default: error.code == .timeout ? "the tool took too long; it may still take effect" : "the tool failed"
        }
    }
}
