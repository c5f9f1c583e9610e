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
    /// Whose question it was: so that it can be forgotten with the rest.
    public var tenant: String?
    public var user: String?
    public var tags: [String: String]
    /// The match in numbers, to calibrate from.
    var sample: CalibrationSample

    init(_ trial: HitTrial, neighbours: Int, judged: Bool?, asked: String?, _ entry: SemanticEntry, _ mask: TextMask) {
        id = UUID().uuidString
        date = Date()
        self.asked = asked.map { mask($0) }
        remembered = mask(entry.content.question)
        answer = mask(entry.response?.text ?? "")
        let place = trial.decision.neighbour ?? 0
        similarity = trial.found.neighbours.indices.contains(place) ? trial.found.neighbours[place].similarity : 0
        score = trial.decision.score
        threshold = trial.decision.threshold
        self.judged = judged
        (tenant, user, tags) = (entry.content.tenant, entry.content.user, entry.content.tags)
        sample = CalibrationSample(trial, neighbours: neighbours)
    }
}

/// What somebody said of a candidate.
struct ReviewVerdict: Hashable, Sendable, Codable {
    var id: String
    /// Whether the remembered answer was right for the question that was asked; `nil` takes an earlier verdict back.
    var isRight: Bool?
    var date: Date
}
