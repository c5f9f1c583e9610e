import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// A context that must not be used.
let noSamples = JudgingContext { _ in throw LLMError(.unknown, "nothing may be sampled here") }

@Suite struct LogProbabilityConfidenceTests {
    /// Probabilities 0.9, 0.5, 0.8; the second token's best alternative has 0.4.
    private let answer = ChatResponse(
        "a b c",
        logProbabilities: [
            TokenLogProbability("a", -0.105_360_515_657_826_28),
            TokenLogProbability(
                "b",
                -0.693_147_180_559_945_3,
                top: [
                    .init("b", -0.693_147_180_559_945_3), .init("x", -0.916_290_731_874_155),
                ]
            ),
            TokenLogProbability("c", -0.223_143_551_314_209_7),
        ]
    )

    @Test(arguments: [
        (LogProbabilityConfidence.Aggregate.meanProbability, 0.711_378_660_898_013),
        (.minimumProbability, 0.5),
        (.firstToken, 0.9),
        (.margin, (0.9 + 0.1 + 0.8) / 3),
        (.quantile(0), 0.5), (.quantile(0.5), 0.8), (.quantile(1), 0.9), (.quantile(0.25), 0.65),
    ])
    func `aggregates follow their formulas`(
        aggregate: LogProbabilityConfidence.Aggregate,
        expected: Double
    ) async throws {
        let signal = LogProbabilityConfidence(aggregate)
        let confidence = try #require(try await signal.confidence(in: answer, to: "q", in: noSamples).value)
        #expect(abs(confidence - expected) < 1e-12)
    }

    @Test func `no log-probabilities, no opinion`() async throws {
        let broken = ChatResponse("x", logProbabilities: [TokenLogProbability("x", .nan)])
        for answer in [ChatResponse("x"), ChatResponse("x", logProbabilities: []), broken] {
            let signal = LogProbabilityConfidence()
            #expect(try await signal.confidence(in: answer, to: "q", in: noSamples).value == nil)
        }
    }

    @Test(arguments: [Double.infinity, 3, -Double.infinity, -9999])
    func `absurd log-probabilities stay in range`(logProbability: Double) async throws {
        let answer = ChatResponse("x", logProbabilities: [TokenLogProbability("x", logProbability)])
        for aggregate: LogProbabilityConfidence.Aggregate in [.meanProbability, .margin, .quantile(0.3)] {
            let signal = LogProbabilityConfidence(aggregate)
            let confidence = try await signal.confidence(in: answer, to: "q", in: noSamples).value
            #expect(confidence == (logProbability > 0 ? 1 : 0))
        }
    }

    @Test func `the request is made to ask for what is needed`() {
        #expect(LogProbabilityConfidence().prepare("q").sampling.logProbabilities?.top == 0)
        #expect(LogProbabilityConfidence(.margin).prepare("q").sampling.logProbabilities?.top == 2)
        var request: ChatRequest = "q"
        request.sampling.logProbabilities = .init(top: 5)
        #expect(LogProbabilityConfidence(.margin).prepare(request).sampling.logProbabilities?.top == 5)
        #expect(LogProbabilityConfidence().requiredCapabilities == .logProbabilities)
    }

    @Test(arguments: [-0.1, 1.1, .nan])
    func `a quantile outside of 0 to 1 is refused`(share: Double) async {
        #expect(throws: LLMError.self) { try LogProbabilityConfidence(.quantile(share)).validate() }
        await #expect(throws: LLMError.self) {
            try await LogProbabilityConfidence(.quantile(share)).confidence(in: answer, to: "q", in: noSamples).value
        }
    }
}

@Suite struct SelfReportTests {
    @Test(arguments: [
        ("85", 0.85), (" 100 \n", 1), ("0", 0), ("85%", 0.85), ("72/100", 0.72), ("90.", 0.9), ("85.5", 0.855),
        ("100%.", 1),
    ])
    func `ratings are read`(text: String, expected: Double) {
        #expect(SelfReport.rating(text) == expected)
    }

    @Test(arguments: [
        "", "85 or so", "Confidence: 85", "101", "-5", "8/10", "high", "85%%", "1e1", "NaN", "٨٥", "%", ".",
    ])
    func `anything else is no opinion`(text: String) {
        #expect(SelfReport.rating(text) == nil)
    }

    @Test func `the judged model is asked about its own answer, shortly and without tools`() async throws {
        var request: ChatRequest = "How tall is Mont Blanc?"
        request.tools = [Tool("t", description: "d", parameters: try JSONSchema("{}"))]
        request.sampling = Sampling(stop: ["\n"], seed: 3, logProbabilities: .init())
        request.responseFormat = .json
        request.caller.tenant = "tenant"
        let mock = MockProvider("80")
        let signal: some ConfidenceSignal = .selfReport()
        let sampler = JudgingContext { try await mock.respond(to: $0) }
        #expect(try await signal.confidence(in: ChatResponse("4806 m"), to: request, in: sampler).value == 0.8)
        let asked = try #require(mock.requests.first)
        #expect(asked.messages == request.messages + [.assistant("4806 m"), .user(SelfReport.question)])
        #expect(asked.toolChoice == ToolChoice.none)
        #expect(asked.responseFormat == .text)
        #expect(asked.sampling == Sampling(maxOutputTokens: 16))
        #expect(asked.cachePolicy == .none)
        #expect(asked.caller == request.caller)
    }

    @Test func `tool calls are not rated`() async throws {
        let call = ToolCall(id: "1", name: "t", arguments: "{}")
        let answer = ChatResponse(ChatMessage(.assistant, parts: [.toolCall(call)]), finish: .toolCalls)
        #expect(try await SelfReport().confidence(in: answer, to: "q", in: noSamples).value == nil)
    }

    @Test func `impossible settings are refused`() {
        #expect(throws: LLMError.self) { try SelfReport(maxOutputTokens: 0).validate() }
        #expect(throws: LLMError.self) { try SelfReport(question: "").validate() }
        #expect(SelfReport(temperature: nil).requiredCapabilities == [])
        #expect(SelfReport(temperature: 0).requiredCapabilities == .temperature)
    }
}

@Suite struct SampleAgreementTests {
    private func sampler(_ outcomes: [MockOutcome]) -> (JudgingContext, MockProvider) {
        let mock = MockProvider(script: outcomes)
        return (JudgingContext { try await mock.respond(to: $0) }, mock)
    }

    @Test func `confidence is the share of samples that agree`() async throws {
        let (sampler, mock) = sampler([.answer("paris"), .answer(" Paris."), .answer("Lyon"), .answer("Paris")])
        let signal: some ConfidenceSignal = .sampleAgreement(count: 4)
        #expect(try await signal.confidence(in: ChatResponse("Paris"), to: "q", in: sampler).value == 0.75)
        #expect(mock.requests.allSatisfy { $0.sampling.temperature == 0.7 && $0.cachePolicy == .none })
    }

    @Test func `failures and cut answers do not count, unreadable ones disagree`() async throws {
        var cut = ChatResponse("42")
        cut.state = .truncated
        let (sampler, _) = sampler([
            .failure(LLMError(.server)), .answer(cut), .answer("no idea"), .answer("It is 42."),
        ])
        let signal = SampleAgreement(count: 4, normalizer: .lastNumber)
        #expect(try await signal.confidence(in: ChatResponse("42.0"), to: "q", in: sampler).value == 0.5)
    }

    @Test func `if all samples fail there is no opinion, and it is told why`() async throws {
        let (sampler, _) = sampler([.failure(LLMError(.server)), .failure(LLMError(.server))])
        let confidence = try await SampleAgreement(count: 2).confidence(in: ChatResponse("x"), to: "q", in: sampler)
        #expect(confidence.value == nil)
        #expect(confidence.failures["samples"]?.code == .server)
    }

    @Test func `an answer without the expected form gets 0 and costs no samples`() async throws {
        let signal = SampleAgreement(count: 3, normalizer: .lastNumber)
        #expect(try await signal.confidence(in: ChatResponse("No idea"), to: "q", in: noSamples).value == 0)
    }

    @Test func `samples run at the same time and each has a seed of its own`() async throws {
        let gate = Gate()
        let mock = MockProvider { _, call in
            if call == 2 { gate.open() }
            await gate.wait()
            return .answer("x")
        }
        var request: ChatRequest = "q"
        request.sampling.seed = .max
        let sampler = JudgingContext { try await mock.respond(to: $0) }
        #expect(
            try await SampleAgreement(count: 3).confidence(in: ChatResponse("x"), to: request, in: sampler).value == 1
        )
        #expect(mock.mostRunning == 3)
        #expect(Set(mock.requests.map(\.sampling.seed)).count == 3)
        #expect(!mock.requests.contains { $0.sampling.seed == .max })
    }

    @Test func `cancellation is not mistaken for failed samples`() async {
        let mock = MockProvider(script: [.hang, .hang])
        let sampler = JudgingContext { try await mock.respond(to: $0) }
        let task = Task {
            try await SampleAgreement(count: 2).confidence(in: ChatResponse("x"), to: "q", in: sampler).value
        }
        while mock.running < 2 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test(arguments: [(0, 0.7), (101, 0.7), (3, 0), (3, 2.1), (3, .nan)])
    func `impossible settings are refused`(count: Int, temperature: Double) {
        #expect(throws: LLMError.self) { try SampleAgreement(count: count, temperature: temperature).validate() }
    }
}

@Suite struct AnswerNormalizerTests {
    @Test(arguments: [
        ("The total is $1,234.50.", "1234.5"), ("x = -3", "-3"), ("5-3", "3"), ("between 3 and 007", "7"),
        ("1e3 or 1000.0", "1000"), ("no number", nil), ("2024, 15 people", "15"), ("1,2345", "2345"),
        ("(-0.50)", "-0.5"), ("9007199254740993", "9007199254740993"), ("-0", "0"), ("3 - -2", "-2"),
        ("12,345,678", "12345678"), ("v1.2.3", "3"),
    ])
    func `the last number is found`(text: String, expected: String?) {
        #expect(AnswerNormalizer.lastNumber(text) == expected)
    }

    @Test(arguments: [
        ("B", "B"), (" (c) ", nil), ("(C)", "C"), ("B.", "B"), ("The answer is D.", "D"),
        ("The answer is B, because A is wrong.", "B"), ("A dog is not an option. Answer: C", "C"),
        ("B) Paris", "B"), ("A) or B)?", nil), ("F", nil), ("A dog", nil), ("ABC", nil), ("", nil),
        ("I choose option B: Paris", "B"), ("**Answer**: E", "E"),
    ])
    func `the chosen letter is found`(text: String, expected: String?) {
        #expect(AnswerNormalizer.multipleChoice(text) == expected)
    }

    @Test func `more letters are read where there are more choices`() {
        #expect(AnswerNormalizer.multipleChoice(upTo: "J")("(H)") == "H")
    }

    @Test(arguments: [("  Paris. ", "paris"), ("NEW\n  York!?", "new york"), ("", "")])
    func `case and space are folded`(text: String, expected: String) {
        #expect(AnswerNormalizer.caseAndSpaceFolded(text) == expected)
    }

    @Test func `JSON that means the same is the same`() {
        let form = AnswerNormalizer.canonicalJSON(#"{"b": [1.0, 1e2, null], "a": "é"}"#)
        #expect(form == #"{"a":"é","b":[1,100,null]}"#)
        #expect(AnswerNormalizer.canonicalJSON("```json\n{\"a\":\"\\u00e9\",\"b\":[1,100,null]}\n```") == form)
        #expect(AnswerNormalizer.canonicalJSON("{") == nil)
    }
}

@Suite struct CombinedConfidenceTests {
    private struct Fixed: ConfidenceSignal {
        let value: Double?
        var asked: Log<Bool> = Log()
        func confidence(in answer: ChatResponse, to request: ChatRequest, in context: JudgingContext) -> Confidence {
            asked.append(true)
            return Confidence(value)
        }
    }

    private func confidence(_ signal: some ConfidenceSignal) async throws -> Double? {
        try await signal.confidence(in: ChatResponse("x"), to: "q", in: noSamples).value
    }

    @Test func `all is the minimum, any the maximum, of those with an opinion`() async throws {
        let parts = (Fixed(value: 0.4), Fixed(value: nil), Fixed(value: 0.9))
        #expect(try await confidence(.all(parts.0, parts.1, parts.2)) == 0.4)
        #expect(try await confidence(.any(parts.0, parts.1, parts.2)) == 0.9)
        #expect(try await confidence(.all(parts.1, parts.1)) == nil)
        #expect(try await confidence(.any(parts.1)) == nil)
    }

    @Test func `weighted is the mean over those with an opinion`() async throws {
        let signal: some ConfidenceSignal = .weighted([
            (Fixed(value: 0.2), 1), (Fixed(value: nil), 5), (Fixed(value: 0.8), 3),
        ])
        #expect(abs(try #require(try await confidence(signal)) - 0.65) < 1e-12)
        #expect(try await confidence(.weighted([(Fixed(value: nil), 1)])) == nil)
    }

    @Test func `what can no longer change the outcome is not asked`() async throws {
        let late = Fixed(value: 0.5)
        #expect(try await confidence(.all(Fixed(value: 0), late)) == 0)
        #expect(try await confidence(.any(Fixed(value: 1), late)) == 1)
        #expect(late.asked.entries.isEmpty)
    }

    @Test func `parts prepare, require and validate`() {
        let signal: some ConfidenceSignal = .all(.logProbabilities(.margin), .selfReport(temperature: 0))
        #expect(signal.requiredCapabilities == [.logProbabilities, .temperature])
        #expect(signal.prepare("q").sampling.logProbabilities?.top == 2)
        let bad: some ConfidenceSignal = .any(.logProbabilities, .all(.sampleAgreement(count: 0)))
        #expect(throws: LLMError.self) { try bad.validate() }
        for weight in [0, -1, Double.nan, Double.infinity] {
            let signal: some ConfidenceSignal = .weighted([(.logProbabilities, weight)])
            #expect(throws: LLMError.self) { try signal.validate() }
        }
        let empty: some ConfidenceSignal = .all()
        #expect(throws: LLMError.self) { try empty.validate() }
    }

    @Test func `a signal's value outside of 0 to 1 is bounded, and no number is no opinion`() async throws {
        #expect(try await confidence(.all(Fixed(value: 1.5))) == 1)
        #expect(try await confidence(.all(Fixed(value: .nan), Fixed(value: 0.3))) == 0.3)
    }
}
