/// Why a semantic cache served an answer: which entry, how alike the questions were, what was decided, what it saved.
///
/// It comes with every such answer (``ChatResponse/match``). Keep it to tell the cache later whether the answer was right:
/// ``SemanticCache/report(_:wasRight:)``.
public final class SemanticMatch: Sendable {
    /// The entry's number in its cache: what ``SemanticCache/remove(entry:)`` takes.
    public let entry: Int64
    /// The cosine between the two questions, -1 to 1.
    public let similarity: Double
    /// What the policy decided, on its own scale: see ``HitDecision/score`` and ``HitDecision/threshold``.
    public let decision: HitDecision
    /// Everything that the decision was made from.
    public let found: Neighbourhood
    /// What the caller's answer would have cost; `nil` where a price is unknown, and before the answer is settled.
    public let saved: Money?

    public init(
        entry: Int64,
        similarity: Double,
        decision: HitDecision,
        found: Neighbourhood,
        saved: Money? = nil
    ) {
        self.entry = entry
        self.similarity = similarity
        self.decision = decision
        self.found = found
        self.saved = saved
    }

    /// What the decision's score had to reach.
    public var threshold: Double { decision.threshold }

    func saving(_ amount: Money?) -> SemanticMatch {
        SemanticMatch(entry: entry, similarity: similarity, decision: decision, found: found, saved: amount)
    }
}

// A class, because answers are copied from hand to hand and only few have a match.
extension SemanticMatch: Hashable {
    public static func == (a: SemanticMatch, b: SemanticMatch) -> Bool {
        a === b
            || (a.entry == b.entry && a.similarity == b.similarity && a.decision == b.decision && a.found == b.found
                && a.saved == b.saved)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(entry)
        hasher.combine(similarity)
    }
}
