/// Asks the judged model, in a second short call, how sure it is of its answer.
///
/// Works with every vendor, but weakly: models that do not reason rate nearly everything 80 to 100. It gains most in
/// combination with `SampleAgreement`. Has no opinion on tool calls and on ratings that are not a number.
package struct SelfReport: ConfidenceSignal {
    /// What the model is asked, after the conversation and its answer.
    package var question: String
    /// The most tokens the rating may take.
    ///
    /// Reasoning models think before they write: give them hundreds.
    package var maxOutputTokens: Int
    /// 0 makes ratings repeatable, where the model takes a temperature: newer ones refuse any, so the default is none.
    package var temperature: Double?

    package static let question = """
        How likely is it that your last answer is correct and complete? Reply with one whole number from 0 (certainly \
        wrong) to 100 (certainly right) and nothing else.
        """

    package init(question: String = SelfReport.question, maxOutputTokens: Int = 16, temperature: Double? = nil) {
        self.question = question
        self.maxOutputTokens = maxOutputTokens
        self.temperature = temperature
    }

    package var requiredCapabilities: Capabilities { temperature == nil ? [] : .temperature }

    package func validate() throws(LLMError) {
        guard maxOutputTokens >= 1 else {
            throw LLMError(.invalidConfiguration, "selfReport: maxOutputTokens is \(maxOutputTokens); use 1 or more")
        }
        guard !question.isEmpty else { throw LLMError(.invalidConfiguration, "selfReport: the question is empty") }
    }

    package func confidence(
        in answer: ChatResponse,
        to request: ChatRequest,
        in context: JudgingContext
    ) async throws -> Confidence {
        try validate()
        guard answer.toolCalls.isEmpty, !answer.text.isEmpty else { return nil }
        var ask = request
        ask.messages += [.assistant(answer.text), .user(question)]
        // The tools stay, because vendors refuse a conversation that used tools without them.
        ask.toolChoice = request.tools.isEmpty ? nil : ToolChoice.none
        ask.responseFormat = .text
        ask.sampling = Sampling(temperature: temperature, maxOutputTokens: maxOutputTokens)
        ask.cachePolicy = .none
        return Confidence(Self.rating(try await context.ask(ask).text))
    }

    /// Reads `85`, `85.5`, `85%` or `85/100`, with a full stop at most; anything else is no opinion, because a number
    /// fished out of prose may mean something else.
    static func rating(_ text: String) -> Double? {
        var text = text.trimmed[...]
        if text.hasSuffix(".") { text.removeLast() }
        for suffix in ["%", "/100"] where text.hasSuffix(suffix) {
            text = text.dropLast(suffix.count)
            break
        }
        guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 == UInt8(ascii: ".") }),
            let number = JSONNumber(String(text))?.double, number <= 100
        else { return nil }
        return number / 100
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}

extension ConfidenceSignal where Self == BuiltInSignal {
    /// How sure the model says it is, when asked in a second short call.
    ///
    /// Works with every vendor, but weakly: models that do not reason rate nearly everything 80 to 100. It gains most in
    /// combination with ``sampleAgreement(count:temperature:normalizer:)``. Has no opinion on tool calls and on ratings
    /// that are not a number.
    /// - Parameters:
    ///   - question: what the model is asked, after the conversation and its answer; `nil` for one that asks for a whole
    ///     number from 0 to 100.
    ///   - maxOutputTokens: the most tokens the rating may take. Reasoning models think before they write: give them
    ///     hundreds.
    ///   - temperature: 0 makes ratings repeatable, where the model takes a temperature: newer ones refuse any.
    /// - Returns: the signal.
    public static func selfReport(
        question: String? = nil,
        maxOutputTokens: Int = 16,
        temperature: Double? = nil
    ) -> BuiltInSignal {
        BuiltInSignal(
            SelfReport(
                question: question ?? SelfReport.question,
                maxOutputTokens: maxOutputTokens,
                temperature: temperature
            )
        )
    }
}
