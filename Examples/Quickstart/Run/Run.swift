import LLMKit

/// Asks all questions, a bounded number of them at a time.
struct Run {
    let pipeline: Pipeline
    let instructions: String
    let concurrency: Int
    let progress: Progress
    /// Tells whether a question that was asked in other words got the answer to something else.
    let isWrongHit: (@Sendable (SemanticMatch, Question) -> Bool)?
    /// Sets this run's rows apart from those of others in the same ledger.
    private let id = RequestID.random()

    init(
        pipeline: Pipeline,
        instructions: String,
        concurrency: Int,
        progress: Progress,
        isWrongHit: (@Sendable (SemanticMatch, Question) -> Bool)? = nil
    ) {
        self.isWrongHit = isWrongHit
        self.pipeline = pipeline
        self.instructions = instructions
        self.concurrency = concurrency
        self.progress = progress
    }

    /// What one question came to, before its charges are known.
    private struct Answered {
        var outcome: Outcome
        /// Set when no later question can do any better: a wrong key, an unknown model.
        var fatal: LLMError?
    }

    /// Returns what was answered until the end, until a failure that would only repeat, or until the task is cancelled.
    func ask(_ questions: [Question]) async -> (outcomes: [Outcome], fatal: LLMError?) {
        await withTaskGroup(of: Answered.self) { group in
            var outcomes: [Outcome] = []
            var fatal: LLMError?
            var next = 0
            func startOne() {
                guard next < questions.count, fatal == nil, !Task.isCancelled else { return }
                let number = next
                next += 1
                group.addTask { await ask(questions[number], number: number) }
            }
            for _ in 0..<concurrency { startOne() }
            while let answered = await group.next() {
                outcomes.append(answered.outcome)
                progress.add(answered.outcome)
                if let error = answered.fatal, fatal == nil {
                    fatal = error
                    group.cancelAll()
                }
                startOne()
            }
            return (outcomes, fatal)
        }
    }

    /// The key under which a question's charges are found again.
    func conversation(_ number: Int) -> String { "\(id)-\(number)" }

    /// Whether a row of the ledger is of this run.
    func caused(_ charge: Charge) -> Bool { charge.caller.conversation?.hasPrefix("\(id)-") ?? false }

    private func ask(_ question: Question, number: Int) async -> Answered {
        var request = ChatRequest(
            [.system(instructions), .user(question.text)],
            caller: Caller(feature: "quickstart", conversation: conversation(number))
        )
        request.sampling.maxOutputTokens = 300
        let start = ContinuousClock.now
        var outcome = Outcome(number: number, origin: .failed, total: .zero)
        var fatal: LLMError?
        do {
            for try await event in try await pipeline.stream(request) {
                if outcome.firstToken == nil { outcome.firstToken = ContinuousClock.now - start }
                guard case .end(let response) = event else { continue }
                outcome.origin =
                    switch response.servedBy {
                    case .semantic?: .similar
                    case .some: .cache
                    case nil: response.model == Backend.strongName ? .strong : .cheap
                    }
                if let match = response.match { outcome.isWrongHit = isWrongHit?(match, question) ?? false }
                outcome.confidence = response.servedBy == nil ? response.confidence : nil
            }
        } catch {
            let error = LLMError(wrapping: error)
            outcome.origin = .failed
            outcome.errorCode = error.code
            if [.authentication, .permission, .noSuchModel, .notFound, .quotaExhausted].contains(error.code) {
                fatal = error
            }
        }
        outcome.total = ContinuousClock.now - start
        return Answered(outcome: outcome, fatal: fatal)
    }
}

extension [Outcome] {
    /// The outcomes with what was charged for each, and with the confidence in answers that were rejected.
    func charged(_ charges: [Charge], of run: Run) -> [Outcome] {
        let byQuestion = Dictionary(grouping: charges) { $0.caller.conversation ?? "" }
        return map { outcome in
            var outcome = outcome
            let own = byQuestion[run.conversation(outcome.number)] ?? []
            outcome.paid = own.reduce(Money.zero) { sum, charge in
                charge.cost.flatMap { cost in sum.map { $0 + cost } }
            }
            outcome.baseline = own.first { $0.savings != nil }?.savings?.baseline
            outcome.confidence = outcome.confidence ?? own.first { $0.kind == .rejected }?.confidence
            return outcome
        }
    }
}
