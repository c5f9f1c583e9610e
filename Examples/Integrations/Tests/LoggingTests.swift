import InMemoryLogging
import LLMKit
import LLMKitLogging
import LLMKitTesting
import Logging
import Testing

@Suite struct LoggingTests {
    private let handler = InMemoryLogHandler()
    private var logger: Logger { Logger(label: "test") { _ in handler } }

    @Test func `a call is a line with its request, model, tokens and cost`() async throws {
        let pipeline = try Pipeline(router: .to("small"), meter: CallLog(logger)) {
            ChatModel("small", MockProvider("42"), price: .perMillion(input: 1_000, output: 1_000))
        }
        var request: ChatRequest = "6 x 7?"
        request.caller = Caller(tenant: "harbour", user: "u-81")
        let answer = try await pipeline.respond(to: request)

        let line = try #require(handler.entries.first)
        #expect(handler.entries.count == 1)
        #expect(line.level == .info)
        #expect(line.metadata["llmkit.request.id"] == answer.requestID.map { "\($0)" })
        #expect(line.metadata["llmkit.model"] == "small")
        #expect(line.metadata["llmkit.tenant"] == "harbour")
        #expect(line.metadata["user.id"] == nil)
        #expect(line.metadata["gen_ai.usage.output_tokens"] == "\(answer.usage.output)")
        #expect(line.metadata["llmkit.cost.usd"] == answer.cost.map { "\($0.dollars)" })
    }

    @Test func `a failed call is a warning, and so is what the pipeline makes of it`() async throws {
        let pipeline = try Pipeline(
            router: .to("small", orOnFailure: "large"),
            meter: CallLog(logger, level: .debug),
            diagnostics: .logging(to: logger)
        ) {
            ChatModel("small", MockProvider.failing(LLMError(.authentication, "the key is wrong")), price: .free)
            ChatModel("large", MockProvider("42"), price: .free)
        }
        let answer = try await pipeline.respond(to: "6 x 7?")

        let warnings = handler.entries.filter { $0.level == .warning }
        #expect(warnings.count == 2)
        #expect(warnings.allSatisfy { $0.metadata["error.type"] == "authentication" })
        #expect(warnings.allSatisfy { $0.metadata["llmkit.request.id"] == answer.requestID.map { "\($0)" } })
        #expect(warnings.contains { $0.metadata["llmkit.subject"] == "pipeline" })
    }

    @Test func `of an error that is not LLMKit's only the type is told`() {
        struct Secret: Error { let text = "sk-123" }
        Diagnostics.logging(to: logger).report(.error, "ledger", "rows wait", cause: Secret())
        #expect(handler.entries.map(\.level) == [.error])
        #expect(handler.entries.first?.metadata == ["llmkit.subject": "ledger", "error.type": "Secret"])
    }

    @Test func `the call log keeps the rules of meters`() async throws {
        let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
        try await MeterConformance().check { CallLog(quiet) }
    }
}
