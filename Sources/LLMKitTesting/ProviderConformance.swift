public import LLMKit

/// Checks that a provider keeps the rules of ``LLMKit/ModelProvider``, for the tests of whoever writes one.
///
/// ```swift
/// @Test func `my provider keeps the rules`() async throws {
///     try await ProviderConformance(request: "Say hello.").check(MyProvider())
/// }
/// ```
///
/// It needs no test framework: a broken rule is a thrown ``ConformanceFailure``. About twenty calls are made.
///
/// What a stream has started must stop when its reader leaves, and so must a cancelled call: the suite sees tasks that go on
/// in the background, or wait there for a reader who will not come, unless they are detached ones or threads. One that
/// stops by itself within the suite's patience cannot be told from one that was stopped, so ask for a long answer.
public struct ProviderConformance: Sendable {
    package var request: ChatRequest
    package var isDeterministic: Bool
    package var patience: Duration

    /// - Parameters:
    ///   - request: what is asked; the answer must not be empty.
    ///   - isDeterministic: whether the same request always gets the same answer. If not, only the form of answers is compared.
    ///   - patience: how long anything may take; cancelled calls must end within it too.
    public init(request: ChatRequest, isDeterministic: Bool = true, patience: Duration = .seconds(180)) {
        self.request = request
        self.isDeterministic = isDeterministic
        self.patience = patience
    }

    /// Runs every check.
    public func check(_ provider: some ModelProvider) async throws(ConformanceFailure) {
        let report = ConformanceReport("ModelProvider")
        await report.run("validate()") { try provider.validate() }
        let whole = await report.run("respond(to:)") { try await respond(provider) }
        if let whole { examine(whole, "respond(to:)", report) }
        let streamed = await checkStream(provider, report)
        if let whole, let streamed, isDeterministic { compare(whole, streamed, report) }
        await checkLeaving(provider, report)
        await checkCancellation(provider, report)
        await checkConcurrency(provider, whole, report)
        try report.finish()
    }

    private func respond(_ provider: some ModelProvider) async throws -> ChatResponse {
        try await patiently(patience) { [request] in try await provider.respond(to: request) }
    }

    private func examine(_ answer: ChatResponse, _ source: String, _ report: ConformanceReport) {
        report.expect(answer.message.role == .assistant, "\(source): the answer's role must be assistant")
        report.expect(answer.state == .complete, "\(source): a whole answer must be complete; throw if it is not")
        report.expect(!answer.message.parts.isEmpty, "\(source): the answer is empty")
        report.expect(answer.usage.addsUp, "\(source): the usage classes do not add up to the reported total")
        let usage = answer.usage
        let classes = [usage.input, usage.cacheRead, usage.cacheWrite5m, usage.cacheWrite1h, usage.output]
        report.expect(classes.allSatisfy { $0 >= 0 }, "\(source): a usage class is negative")
        let hasCalls = !answer.toolCalls.isEmpty
        report.expect(
            !hasCalls || answer.finish == .toolCalls,
            "\(source): an answer with tool calls must finish with toolCalls"
        )
    }

    private func compare(_ whole: ChatResponse, _ streamed: ChatResponse, _ report: ConformanceReport) {
        report.expect(whole.text == streamed.text, "whole and streamed answers have different texts")
        report.expect(whole.toolCalls == streamed.toolCalls, "whole and streamed answers have different tool calls")
        report.expect(whole.usage == streamed.usage, "whole and streamed answers have different usage")
        report.expect(whole.finish == streamed.finish, "whole and streamed answers finish differently")
    }

    private func checkStream(_ provider: some ModelProvider, _ report: ConformanceReport) async -> ChatResponse? {
        let events = await report.run("stream(_:)") {
            try await patiently(patience) { [request] in
                var iterator = try await provider.stream(request).makeAsyncIterator()
                var events: [StreamEvent] = []
                while let event = try await iterator.next() { events.append(event) }
                let later = [try await iterator.next(), try await iterator.next()]
                return (events, staysEnded: later.allSatisfy { $0 == nil })
            }
        }
        guard let (events, staysEnded) = events else { return nil }
        report.expect(staysEnded, "a stream that has ended must give nil when it is read again")
        var text = ""
        var calls: [Int: ToolCall] = [:]
        var ends: [ChatResponse] = []
        for event in events {
            switch event {
            case .text(let piece): text += piece
            case .thinking: break
            case .toolCall(let delta):
                var call = calls[delta.index] ?? ToolCall(id: "", name: "", arguments: "")
                call.id = delta.id ?? call.id
                call.name = delta.name ?? call.name
                call.arguments += delta.arguments
                calls[delta.index] = call
            case .end(let response): ends.append(response)
            }
        }
        report.expect(ends.count == 1, "a stream must have exactly one end, this one has \(ends.count)")
        if case .end? = events.last {} else { report.fail("the last event of a stream must be its end") }
        guard let end = ends.last else { return nil }
        examine(end, "stream(_:)", report)
        report.expect(end.text == text, "the pieces of text do not add up to the text of the stream's end")
        let pieced = calls.sorted { $0.key < $1.key }.map(\.value)
        report.expect(pieced == end.toolCalls, "the pieces of tool calls do not add up to those of the stream's end")
        return end
    }

    /// A reader who leaves stops the work, and does not keep the next from being served.
    private func checkLeaving(_ provider: some ModelProvider, _ report: ConformanceReport) async {
        await report.run("a call after a stream that was let go") {
            let read = try await patiently(patience) { [request] in
                try await RunningWork {
                    var iterator = try await provider.stream(request).makeAsyncIterator()
                    _ = try await iterator.next()
                }
            }
            let unread = try await patiently(patience) { [request] in
                try await RunningWork { _ = try await provider.stream(request) }
            }
            for (work, moment) in [(read, "its reader left after the first event"), (unread, "nobody read of it")] {
                guard (try? await work.ends(within: patience)) == nil else { continue }
                report.fail("what a stream started still runs, or waits for a reader, after \(moment)")
            }
            _ = try await respond(provider)
        }
    }

    private func checkCancellation(_ provider: some ModelProvider, _ report: ConformanceReport) async {
        let whole = Task { [request] in
            try await RunningWork { _ = try? await provider.respond(to: request) }
        }
        let streamed = Task { [request] in
            try await RunningWork { _ = try? await provider.stream(request).collect() }
        }
        await Task.yield()
        for (name, task) in [("respond(to:)", whole), ("stream(_:)", streamed)] {
            task.cancel()
            do {
                // Answered, failed or cancelled: it only has to end.
                let work = try await patiently(patience) { try await task.value }
                guard (try? await work.ends(within: patience)) == nil else { continue }
                report.fail("\(name) has ended after its task was cancelled, but what it started goes on")
            } catch {
                report.fail("\(name) goes on after its task was cancelled")
            }
        }
    }

    private func checkConcurrency(
        _ provider: some ModelProvider,
        _ whole: ChatResponse?,
        _ report: ConformanceReport
    ) async {
        let answers = await report.run("eight calls at the same time") {
            try await withThrowingTaskGroup(of: ChatResponse.self) { group in
                for _ in 0..<8 { group.addTask { try await respond(provider) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        guard isDeterministic, let whole, let answers else { return }
        report.expect(answers.allSatisfy { $0.text == whole.text }, "calls at the same time get each other's answers")
    }
}
