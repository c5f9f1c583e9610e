public import LLMKit
import Synchronization

/// Checks that a confidence signal keeps the rules of ``LLMKit/ConfidenceSignal``, for the tests of whoever writes one.
///
/// ```swift
/// try await SignalConformance(answers: [ChatResponse("Paris")]).check(MySignal())
/// ```
public struct SignalConformance: Sendable {
    package var request: ChatRequest
    package var answers: [ChatResponse]
    package var isDeterministic: Bool
    package var patience: Duration
    package var model: @Sendable (ChatRequest) async throws -> ChatResponse

    /// - Parameters:
    ///   - request: what the judged answers are answers to.
    ///   - answers: what is judged; answers that are hard on signals (none, very long ones, tool calls, other scripts) are added.
    ///   - isDeterministic: whether the same answer always gets the same confidence, as long as the models that are asked say the
    ///     same.
    ///   - patience: how long one judgement may take; cancelled ones must end within it too.
    ///   - model: what a model says that the signal asks.
    public init(
        request: ChatRequest = "What is the capital of France?",
        answers: [ChatResponse] = [],
        isDeterministic: Bool = true,
        patience: Duration = .seconds(180),
        model: @escaping @Sendable (ChatRequest) async throws -> ChatResponse = { _ in ChatResponse("50") }
    ) {
        self.request = request
        self.answers = answers
        self.isDeterministic = isDeterministic
        self.patience = patience
        self.model = model
    }

    /// Runs every check.
    /// - Throws: ``ConformanceFailure`` that lists every broken rule.
    public func check(_ signal: some ConfidenceSignal) async throws(ConformanceFailure) {
        let report = ConformanceReport("ConfidenceSignal")
        await report.run("validate()") { try signal.validate() }
        checkPreparation(signal, report)
        for (index, answer) in (answers + Self.hardAnswers).enumerated() {
            let name = index < answers.count ? "answer \(index)" : "hard answer \(index - answers.count)"
            await report.run(name) { try await checkJudgement(of: answer, name, signal, report) }
            await report.run("\(name), while models fail") {
                try await checkFailure(on: answer, name, signal, report)
            }
        }
        await checkCancellation(signal, report)
        try report.finish()
    }

    static var hardAnswers: [ChatResponse] {
        let call = ToolCall(id: "call_1", name: "lookup", arguments: "{}")
        return [
            ChatResponse(""), ChatResponse("   \n"), ChatResponse("Paris"), ChatResponse("{\"answer\":42}"),
            ChatResponse(String(repeating: "a long answer ", count: 10_000)),
            ChatResponse("\u{0}\u{FFFD}\u{1F600} \u{0627}\u{0644}"),
            ChatResponse(ChatMessage(.assistant, parts: [.toolCall(call)]), finish: .toolCalls),
            ChatResponse(ChatMessage(.assistant, parts: []), finish: .length),
        ]
    }

    private func judge(
        _ answer: ChatResponse,
        _ signal: some ConfidenceSignal,
        asking model: @escaping @Sendable (ChatRequest) async throws -> ChatResponse
    ) async throws -> Confidence {
        try await signal.confidence(in: answer, to: request, in: JudgingContext(model))
    }

    // MARK: Checks

    /// What is asked for besides must not make another request of it: it is billed to, and cached for, the same caller.
    private func checkPreparation(_ signal: some ConfidenceSignal, _ report: ConformanceReport) {
        let prepared = signal.prepare(request)
        report.expect(prepared.caller == request.caller, "prepare(_:) must not change for whom the call is made")
        report.expect(prepared.deadline == request.deadline, "prepare(_:) must not change the deadline")
        report.expect(prepared.tools == request.tools, "prepare(_:) must not change the tools")
        report.expect(signal.prepare(request) == prepared, "prepare(_:) does not always do the same")
    }

    /// One judgement alone, then eight at the same time.
    private func checkJudgement(
        of answer: ChatResponse,
        _ name: String,
        _ signal: some ConfidenceSignal,
        _ report: ConformanceReport
    ) async throws {
        let judgements = try await patiently(patience) {
            try await withThrowingTaskGroup(of: Confidence.self) { group in
                let first = try await judge(answer, signal, asking: model)
                for _ in 0..<8 { group.addTask { try await judge(answer, signal, asking: model) } }
                return try await group.reduce(into: [first]) { $0.append($1) }
            }
        }
        for judgement in judgements { examine(judgement, name, report) }
        guard isDeterministic, let first = judgements.first else { return }
        report.expect(judgements.allSatisfy { $0 == first }, "\(name): is not always judged the same way")
    }

    private func examine(_ confidence: Confidence, _ name: String, _ report: ConformanceReport) {
        let parts = confidence.parts.map { (part, value) in ("'\(part)'", Optional(value)) }
        for (part, value) in [("the confidence", confidence.value)] + parts {
            guard let value, !(0...1).contains(value) else { continue }
            report.fail("\(name): \(part) is \(value), not between 0 and 1; use nil for no opinion")
        }
    }

    /// A signal that asks models must not take their failure for an opinion, nor keep it to itself: every answer would
    /// escalate, and nobody would know why.
    private func checkFailure(
        on answer: ChatResponse,
        _ name: String,
        _ signal: some ConfidenceSignal,
        _ report: ConformanceReport
    ) async throws {
        let asked = Mutex(false)
        let failure = LLMError(.server, "the suite's model is out of order")
        let confidence: Confidence?
        do {
            confidence = try await patiently(patience) {
                try await judge(answer, signal) { _ in
                    asked.withLock { $0 = true }
                    throw failure
                }
            }
        } catch let error as OutOfPatience {
            throw error
        } catch {
            // Thrown is told.
            return
        }
        guard asked.withLock({ $0 }), let confidence, confidence.failures.isEmpty else { return }
        report.fail(
            "\(name): the models that it asked failed, and it says \(confidence.value.map { "\($0)" } ?? "nil") "
                + "without a word of that; throw, or list it in failures"
        )
    }

    private func checkCancellation(_ signal: some ConfidenceSignal, _ report: ConformanceReport) async {
        let answer = answers.first ?? ChatResponse("Paris")
        let task = Task { _ = try await judge(answer, signal) { _ in try await sleepUntilCancelled() } }
        await Task.yield()
        task.cancel()
        do {
            _ = try await patiently(patience) { await task.result }
        } catch {
            report.fail("confidence(in:to:in:) goes on after its task was cancelled")
        }
    }
}
