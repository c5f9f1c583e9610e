public import PortableFoundation

/// A match of a semantic cache that somebody may judge: a question that was asked, and the remembered one whose answer
/// would have been given for it.
public struct ReviewCandidate: Hashable, Sendable, Codable, Identifiable {
    /// What its verdicts refer to.
    public var id: String
    /// When it came up.
    public var date: Date
    /// The question that was asked; `nil` where only the match is known, as of a user's complaint.
    public var asked: String?
    /// The question that was remembered.
    public var remembered: String
    /// The answer that was remembered.
    public var answer: String
    /// The cosine between the questions, -1 to 1.
    public var similarity: Double
    /// How far the policy trusted the match, and from which trust on it would have been served.
    public var score: Double
    public var threshold: Double
    /// What the cache's own judge said; `nil` if it could not tell.
    public var judged: Bool?
    /// Whose question the remembered one was: so that it can be forgotten with the rest.
    public var tenant: String?
    public var user: String?
    public var tags: [String: String]
    /// Who asked, of the same tenant: one of the two that wants to be forgotten is enough.
    var askingUser: String?
    var askingTags: [String: String]?
    /// How likely such a match was to be checked, above 0, at most 1; `nil` where nobody drew lots, as for a complaint.
    var rate: Double?
    /// The match in numbers, to calibrate from.
    var sample: CalibrationSample

    init(_ match: ReviewQueue.Match, _ mask: TextMask) {
        let (trial, entry) = (match.trial, match.entry)
        id = UUID().uuidString
        date = Date()
        asked = match.asked.map { mask($0) }
        remembered = mask(entry.content.question)
        answer = mask(entry.response?.text ?? "")
        let place = trial.decision.neighbour ?? 0
        similarity = trial.found.neighbours.indices.contains(place) ? trial.found.neighbours[place].similarity : 0
        score = trial.decision.score
        threshold = trial.decision.threshold
        judged = match.judged
        (tenant, user, tags) = (entry.content.tenant, entry.content.user, entry.content.tags)
        (askingUser, askingTags) = (match.caller?.user, match.caller?.tags)
        rate = match.rate
        sample = CalibrationSample(trial, neighbours: match.neighbours)
        sample.vectors = match.vectors
    }

    /// A number of 0 up to, not including, 1 that nothing but chance has a say in, the same each time.
    var lot: Double {
        var hash = SHA256()
        hash.update(Array(id.utf8))
        return Double(hash.finalizeWords().0 >> 11) * 0x1p-53
    }

    /// Whether a person's verdict says anything: not on the same question once more, which caches answer without asking
    /// their policy.
    ///
    /// What a mask has made equal need not have been: such a pair is left to people.
    var needsVerdict: Bool {
        guard let asked, similarity >= Self.sameness, !asked.contains("[") else { return true }
        return !Self.isSame(asked, remembered)
    }

    /// Two wordings that even the vectors of a vendor, which vary a little, do not tell apart.
    private static let sameness = EmbedderSight.vendorSameness

    /// Whether two questions differ in nothing but case, white space and the mark at the end, and that means nothing.
    static func isSame(_ asked: String, _ remembered: String) -> Bool {
        let fold = AnswerNormalizer.caseAndSpaceFolded
        return fold(asked) == fold(remembered)
            && QuestionTraits(asked).conflicts(with: QuestionTraits(remembered)).isEmpty
    }

    /// Whether it holds what is to be forgotten.
    func isMeant(by scope: ErasureScope) -> Bool {
        scope.matches(tenant: tenant, user: user, tags: tags)
            || asked != nil && scope.matches(tenant: tenant, user: askingUser, tags: askingTags ?? [:])
    }
}

/// What somebody said of a candidate.
struct ReviewVerdict: Hashable, Sendable, Codable {
    var id: String
    /// Whether the remembered answer was right for the question that was asked; `nil` takes an earlier verdict back.
    var isRight: Bool?
    var date: Date
}
