import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct SignalConformanceTests {
    private struct Opinion: ConfidenceSignal {
        var change: @Sendable (inout ChatRequest) -> Void = { _ in }
        var isPossible = true
        var judge: @Sendable (ChatResponse, JudgingContext) async throws -> Confidence
        func prepare(_ request: ChatRequest) -> ChatRequest {
            var request = request
            change(&request)
            return request
        }
        func confidence(
            in answer: ChatResponse,
            to request: ChatRequest,
            in context: JudgingContext
        ) async throws -> Confidence { try await judge(answer, context) }
        func validate() throws(LLMError) {
            if !isPossible { throw LLMError(.invalidConfiguration, "weight 0") }
        }
    }

    private func broken(_ signal: Opinion, patience: Duration = .seconds(300)) async -> String {
        do {
            try await SignalConformance(patience: patience).check(signal)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `good signals pass`() async {
        #expect(await broken(Opinion { answer, _ in answer.text.isEmpty ? nil : 0.5 }) == "")
        let asking = Opinion { _, context in Confidence(try await context.ask("Sure?").text == "50" ? 0.5 : 1) }
        #expect(await broken(asking) == "")
    }

    @Test func `values that are no confidence are found, in parts as well`() async {
        #expect(await broken(Opinion { _, _ in 85.0 }).contains("the confidence is 85.0, not between 0 and 1"))
        #expect(await broken(Opinion { _, _ in Confidence(.nan) }).contains("the confidence is nan"))
        let part = Opinion { _, _ in Confidence(0.5, parts: ["length": -1]) }
        #expect(await broken(part).contains("'length' is -1.0"))
    }

    @Test func `a failure that is kept quiet is found, whatever it is taken for`() async {
        let silent = Opinion { _, context in Confidence((try? await context.ask("Sure?")).map { _ in 0.5 }) }
        #expect(await broken(silent).contains("the models that it asked failed, and it says nil without a word"))
        let sure = Opinion { _, context in (try? await context.sample("Sure?")) == nil ? 1.0 : 0.5 }
        #expect(await broken(sure).contains("it says 1.0 without a word"))
        let told = Opinion { _, context in
            do { return Confidence(try await context.ask("Sure?").text == "50" ? 0.5 : 0) } catch {
                return Confidence(nil, failures: ["asking": LLMError(wrapping: error)])
            }
        }
        #expect(await broken(told) == "")
    }

    @Test func `moods, impossible settings, foreign callers and deaf ears are found`() async {
        let counter = Counter()
        let moody = Opinion { _, _ in counter.next() % 2 == 0 ? 0.0 : 1.0 }
        #expect(await broken(moody).contains("is not always judged the same way"))
        let impossible = Opinion(isPossible: false) { _, _ in nil }
        #expect(await broken(impossible).contains("validate() threw invalid_configuration: weight 0"))
        let foreign = Opinion(change: { $0.caller.tenant = "mine" }, judge: { _, _ in nil })
        #expect(await broken(foreign).contains("must not change for whom the call is made"))
        let gate = Gate()
        let deaf = Opinion { _, context in
            if (try? await context.ask("Sure?")) == nil { await gate.wait() }
            return 0.5
        }
        #expect(await broken(deaf, patience: .seconds(3)).contains("goes on after its task was cancelled"))
        gate.open()
    }
}
