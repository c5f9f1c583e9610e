/// Tells whether a remembered answer would have done in place of a fresh one.
///
/// A whole judge:
///
/// ```swift
/// struct SameLength: AnswerJudge {
///     func agree(_ fresh: ChatResponse, _ remembered: ChatResponse, on request: ChatRequest, in scope: RequestScope) -> Bool? {
///         fresh.text.count == remembered.text.count
///     }
/// }
/// ```
public protocol AnswerJudge: Sendable {
    /// - Parameters:
    ///   - fresh: what the model answers now.
    ///   - remembered: what the cache would have served, or has served.
    ///   - request: what was asked.
    ///   - scope: asks models of the pipeline, at the pipeline's expense; the cost is booked as that of a check.
    /// - Returns: whether both say the same; `nil` if that cannot be told: then nothing is learned.
    func agree(
        _ fresh: ChatResponse,
        _ remembered: ChatResponse,
        on request: ChatRequest,
        in scope: RequestScope
    ) async throws -> Bool?
}

/// Takes answers for the same if their texts are, in a normalised form.
package struct TextJudge: AnswerJudge {
    private let normalize: AnswerNormalizer

    package init(_ normalize: AnswerNormalizer) { self.normalize = normalize }

    package func agree(
        _ fresh: ChatResponse,
        _ remembered: ChatResponse,
        on request: ChatRequest,
        in scope: RequestScope
    ) -> Bool? {
        guard let a = normalize(fresh.text), let b = normalize(remembered.text) else { return nil }
        return a == b
    }
}

/// Takes answers for the same if they are close in meaning.
///
/// Free text never comes twice in the same words. Vectors tell «yes» from «no» badly, so the words are guarded as those
/// of questions are; where a wrong answer is dear, use ``ModelJudge``.
package struct EmbeddingJudge: AnswerJudge {
    private let embedder: any Embedder
    private let threshold: Double
    private let guards: MatchGuards

    /// - Parameters:
    ///   - embedder: embeds the answers.
    ///   - threshold: the cosine from which on answers are the same, 0 to 1.
    ///   - guards: what tells answers apart however close they are.
    package init(_ embedder: some Embedder, atLeast threshold: Double, guards: MatchGuards) {
        self.embedder = embedder
        self.threshold = threshold
        self.guards = guards
    }

    package func agree(
        _ fresh: ChatResponse,
        _ remembered: ChatResponse,
        on request: ChatRequest,
        in scope: RequestScope
    ) async throws -> Bool? {
        let texts = [fresh.text, remembered.text]
        if texts[0] == texts[1] { return true }
        let vectors = try await scope.embed(texts, with: embedder, for: .check).vectors
        guard vectors.count == 2, vectors[0].count == vectors[1].count else { return nil }
        guard cosine(of: vectors[0], and: vectors[1]) >= threshold else { return false }
        return TextTraits(texts[0]).conflicts(with: TextTraits(texts[1])).isDisjoint(with: guards)
    }
}

/// Has a model compare the answers.
package struct ModelJudge: AnswerJudge {
    private let model: ModelName
    private let instruction: String

    /// - Parameters:
    ///   - model: the pipeline's name of the model that judges; a small one does.
    ///   - instruction: what to compare by. It must ask for one word, YES or NO.
    package init(_ model: ModelName, instruction: String = Self.instruction) {
        self.model = model
        self.instruction = instruction
    }

    package static let instruction = """
        You compare two answers to the same question. Say YES if somebody who needs the first would be served as well by \
        the second: same facts, same advice, nothing important missing or different. Otherwise say NO. Say one word.
        """

    package func agree(
        _ fresh: ChatResponse,
        _ remembered: ChatResponse,
        on request: ChatRequest,
        in scope: RequestScope
    ) async throws -> Bool? {
        if fresh.text == remembered.text { return true }
        let material =
            "Question:\n\(request.prompt)\n\nFirst answer:\n\(fresh.text)\n\nSecond answer:\n\(remembered.text)"
        var question = ChatRequest([.system(instruction), .user(material)], caller: request.caller)
        question.sampling.temperature = 0
        question.sampling.maxOutputTokens = 8
        let verdict = try await scope.ask(model, question, for: .check).text.uppercased()
        let words = verdict.split { !$0.isLetter }
        switch words.first {
        case "YES": return true
        case "NO": return false
        default: return nil
        }
    }
}

/// A judge that LLMKit brings along, made by its leading-dot name.
public struct BuiltInJudge: AnswerJudge {
    private let base: any AnswerJudge
    /// Whether the cache is to choose; until then texts count.
    var isAutomatic = false

    init(_ base: some AnswerJudge) { self.base = base }

    public func agree(
        _ fresh: ChatResponse,
        _ remembered: ChatResponse,
        on request: ChatRequest,
        in scope: RequestScope
    ) async throws -> Bool? {
        try await base.agree(fresh, remembered, on: request, in: scope)
    }
}

extension AnswerJudge where Self == BuiltInJudge {
    /// Answers are the same if their texts are, or if the cache's own embedder finds them close in meaning and neither numbers
    /// nor a negation tell them apart.
    ///
    /// A model words its answers anew each time, so their texts hardly ever agree. Where a wrong answer is dear, use
    /// ``model(_:instruction:)``.
    public static var automatic: BuiltInJudge {
        var judge = BuiltInJudge.sameText
        judge.isAutomatic = true
        return judge
    }

    /// Answers are the same if their texts are, but for case, white space and punctuation at the end.
    public static var sameText: BuiltInJudge { .sameText(.caseAndSpaceFolded) }

    /// Answers are the same if their normalised texts are.
    public static func sameText(_ normalize: AnswerNormalizer) -> BuiltInJudge { BuiltInJudge(TextJudge(normalize)) }

    /// Answers are the same if they are close in meaning.
    ///
    /// Free text never comes twice in the same words. Vectors tell «yes» from «no» badly, so the words are guarded as
    /// those of questions are; where a wrong answer is dear, use ``model(_:instruction:)``.
    /// - Parameters:
    ///   - embedder: embeds the answers.
    ///   - threshold: the cosine from which on answers are the same, 0 to 1.
    ///   - guards: what tells answers apart however close they are.
    /// - Returns: the judge.
    public static func sameMeaning(
        _ embedder: some Embedder,
        atLeast threshold: Double = 0.9,
        guards: MatchGuards = [.numbers, .negation]
    ) -> BuiltInJudge {
        BuiltInJudge(EmbeddingJudge(embedder, atLeast: threshold, guards: guards))
    }

    /// A model of the pipeline compares the answers.
    /// - Parameters:
    ///   - name: the pipeline's name of the model that judges; a small one does.
    ///   - instruction: what to compare by. It must ask for one word, YES or NO; `nil` asks whether somebody who needs
    ///     the one would be served as well by the other.
    /// - Returns: the judge.
    public static func model(_ name: ModelName, instruction: String? = nil) -> BuiltInJudge {
        BuiltInJudge(ModelJudge(name, instruction: instruction ?? ModelJudge.instruction))
    }
}
