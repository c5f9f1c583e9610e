/// Why a semantic cache served an answer: which entry, how alike the questions were, what was decided, what it saved.
///
/// It comes with every such answer (``ChatResponse/match``). Keep it to tell the cache later whether the answer was right:
/// ``SemanticCache/report(_:wasRight:)``.
public struct SemanticMatch: Hashable, Sendable {
    private struct Details: Hashable {
        var entry: Int64
        var similarity: Double
        var decision: HitDecision
        var found: Neighbourhood
        var saved: Money?
    }

    /// On the heap, because answers are copied from hand to hand and only few have a match.
    private indirect enum Box: Hashable { case details(Details) }

    private var box: Box

    private var details: Details {
        switch box {
        case .details(let details): details
        }
    }

    package init(
        entry: Int64,
        similarity: Double,
        decision: HitDecision,
        found: Neighbourhood,
        saved: Money? = nil
    ) {
        box = .details(
            Details(entry: entry, similarity: similarity, decision: decision, found: found, saved: saved)
        )
    }

    /// The entry's number in its cache: what ``SemanticCache/remove(entry:)`` takes.
    public var entry: Int64 { details.entry }
    /// The cosine between the two questions, -1 to 1.
    public var similarity: Double { details.similarity }
    /// What the policy decided, on its own scale: see ``HitDecision/score`` and ``HitDecision/threshold``.
    public var decision: HitDecision { details.decision }
    /// Everything that the decision was made from.
    package var found: Neighbourhood { details.found }
    /// What the caller's answer would have cost; `nil` where a price is unknown, and before the answer is settled.
    public var saved: Money? { details.saved }

    /// What the decision's score had to reach.
    public var threshold: Double { decision.threshold }

    func saving(_ amount: Money?) -> SemanticMatch {
        SemanticMatch(entry: entry, similarity: similarity, decision: decision, found: found, saved: amount)
    }
}

extension SemanticMatch: CustomStringConvertible {
    /// Such as `entry 12, cosine 0.941, serve: score 0.97 of 0.93 needed, $0.0004 saved`.
    public var description: String {
        let saving = saved.map { ", \($0) saved" } ?? ""
        return "entry \(entry), cosine \(similarity.inThreePlaces), \(decision)\(saving)"
    }
}
