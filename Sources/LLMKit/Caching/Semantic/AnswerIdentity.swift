/// Tells which answers say the same, so that entries may share an answer number (``Neighbourhood/Neighbour/answer``).
///
/// Where an app serves canned answers, equal texts are equal answers. A model words every answer anew: there, answers are the
/// same if their own vectors are alike enough.
///
/// Numbers are made of the text that was first seen with them, so they are the same in every process and after a restart.
public struct AnswerIdentity: Sendable {
    /// Brings texts that differ only in looks into the same form; where it finds none, the text is taken as it is.
    package var normalizer: AnswerNormalizer
    /// The least cosine between two answers that say the same, 0 to 1; `nil` if only the texts count.
    package var similarity: Double?
    /// Whether two answers say different things although they are alike: «turn it on» and «turn it off».
    package var tellsApart: @Sendable (_ fresh: String, _ known: String) -> Bool

    public init(
        normalizer: AnswerNormalizer = .caseAndSpaceFolded,
        similarity: Double? = nil,
        tellsApart: @escaping @Sendable (_ fresh: String, _ known: String) -> Bool = { _, _ in false }
    ) {
        self.normalizer = normalizer
        self.similarity = similarity
        self.tellsApart = tellsApart
    }

    /// Whether the cache is to choose.
    package var isAutomatic = false

    /// An answer that is known already.
    package struct Known: Hashable, Sendable {
        package var number: UInt64
        package var text: String

        package init(number: UInt64, text: String) {
            self.number = number
            self.text = text
        }
    }

    /// Answers are the same if their texts are, but for case, white space and the last punctuation mark.
    public static let text = AnswerIdentity()

    /// Where the policy looks at several neighbours, answers are the same if the cache's own embedder finds them alike, and
    /// neither numbers nor a negation tell them apart: this does for canned answers, and for those that a model words anew
    /// each time. Where it looks at one, the texts do.
    public static let automatic: AnswerIdentity = {
        var identity = AnswerIdentity()
        identity.isAutomatic = true
        return identity
    }()

    /// Answers are the same if their vectors are alike, and nothing tells them apart.
    /// - Parameters:
    ///   - similarity: the least cosine, 0 to 1. Too low a one lets wrong answers pass for right ones; too high a one only
    ///     costs hits.
    ///   - tellsApart: whether two answers say different things although they are alike.
    public static func alike(
        _ similarity: Double = 0.75,
        tellsApart: @escaping @Sendable (_ fresh: String, _ known: String) -> Bool = { _, _ in false }
    ) -> AnswerIdentity {
        AnswerIdentity(similarity: similarity, tellsApart: tellsApart)
    }

    /// Whether it needs the vectors of answers.
    package var needsVectors: Bool { similarity != nil }

    /// The number of an answer.
    /// - Parameters:
    ///   - text: the answer.
    ///   - nearest: finds known answers of the partition whose cosine is at least the given one, the nearest first; a few
    ///     are enough. Called only if vectors count.
    package func number(
        for text: String,
        nearest: (_ atLeast: Double) -> [Known] = { _ in [] }
    ) -> UInt64 {
        if let similarity, let known = nearest(similarity).first(where: { !tellsApart(text, $0.text) }) {
            return known.number
        }
        return number(of: text)
    }

    /// Whether a fresh answer says the same as a remembered one.
    /// - Parameters:
    ///   - fresh: one answer.
    ///   - remembered: the other.
    ///   - cosine: that between the two, if it is known.
    /// - Returns: whether they would have the same number.
    package func agree(_ fresh: String, _ remembered: String, similarity cosine: Double? = nil) -> Bool {
        if number(of: fresh) == number(of: remembered) { return true }
        guard let similarity, let cosine else { return false }
        return cosine >= similarity && !tellsApart(fresh, remembered)
    }

    private func number(of text: String) -> UInt64 {
        // Numbers outlive the process, so Swift's own seeded hash will not do; and texts come from outside, so neither will
        // a hash for which others with the same number can be found.
        var hash = SHA256()
        hash.update(Array((normalizer(text) ?? text).utf8))
        return hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    package func validate() throws(LLMError) {
        guard let similarity else { return }
        guard similarity > 0, similarity <= 1 else {
            throw LLMError(
                .invalidConfiguration,
                "AnswerIdentity: \(similarity) is no threshold; give a cosine above 0, at most 1, such as 0.75"
            )
        }
    }
}
