/// What a policy decided about a question.
public struct HitDecision: Hashable, Sendable {
    public enum Action: String, Hashable, Sendable, Codable {
        /// The remembered answer is good enough.
        case serve
        /// It is not, or there is none: the model is asked.
        case ask
        /// The model is asked although the answer might do, to learn whether it would have: its answer is compared with
        /// the remembered one, and the policy told (``HitPolicy/learn(_:)``).
        case check
    }

    public var action: Action
    /// Which of the neighbours was judged: an index into ``Neighbourhood/neighbours``; `nil` if there was none.
    public var neighbour: Int?
    /// How good the match looked to the policy, on its own scale.
    public var score: Double
    /// What the score had to reach.
    public var threshold: Double
    /// How likely such a decision was to be a ``Action/check``, 0 to 1. A checked match stands for `1 / checkRate` that were
    /// not, so reports can weigh it.
    package var checkRate: Double

    package init(_ action: Action, neighbour: Int?, score: Double, threshold: Double, checkRate: Double = 0) {
        self.action = action
        self.neighbour = neighbour
        self.score = score
        self.threshold = threshold
        self.checkRate = checkRate
    }

    /// Whether the match was good enough, be it served or checked.
    package var isHit: Bool { neighbour != nil && score >= threshold }

    public static func serve(_ neighbour: Int, score: Double, threshold: Double) -> HitDecision {
        HitDecision(.serve, neighbour: neighbour, score: score, threshold: threshold)
    }

    public static func ask(_ neighbour: Int? = nil, score: Double = 0, threshold: Double = 0) -> HitDecision {
        HitDecision(.ask, neighbour: neighbour, score: score, threshold: threshold)
    }

    public static func check(_ neighbour: Int, score: Double, threshold: Double, rate: Double = 1) -> HitDecision {
        HitDecision(.check, neighbour: neighbour, score: score, threshold: threshold, checkRate: rate)
    }
}

extension HitDecision: CustomStringConvertible {
    /// Such as `serve: score 0.97 of 0.93 needed`.
    public var description: String {
        guard neighbour != nil else { return "\(action.rawValue): no match" }
        // Nothing is served yet of what has no threshold.
        let needed =
            threshold.isFinite ? " of \(threshold.inThreePlaces) needed" : ", nothing like it is served yet"
        return "\(action.rawValue): score \(score.inThreePlaces)\(needed)"
    }
}

extension Double {
    /// As `0.973`, for people.
    var inThreePlaces: String { "\((self * 1_000).rounded() / 1_000)" }
}
