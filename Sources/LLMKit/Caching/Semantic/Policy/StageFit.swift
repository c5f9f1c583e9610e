import CPlatform

/// The search for the weights and the threshold of one stage.
struct StageFit {
    /// How much more a question that the cache cannot answer may count in the fit: what keeps most hits is taken.
    private static let emphases = [1.0, 4, 16]
    private static let folds: UInt64 = 5

    /// `nil` if no threshold keeps the goal.
    private(set) var stage: Calibration.Stage?
    /// The point that came nearest to the bound.
    private(set) var nearest = ThresholdPoint(threshold: 1, hitShare: 0, wrongShare: 0, limit: 1)

    /// - Parameter share: how much of what may fail by the goal's confidence may fail here, above 0, at most 1.
    init(_ samples: [CalibrationSample], goal: Calibration.Goal, share: Double, seed: UInt64) {
        let open = samples.filter { !$0.features.isEmpty && !$0.wasBarred }
        let rows = open.map(\.features)
        let outcomes = open.map(\.wasRight)
        let strangers = samples.count { !$0.wasAnswerable }
        let folds = open.indices.map { SeededGenerator.mixed(seed &+ UInt64($0) &* 0x9E37_79B9_7F4A_7C15) % Self.folds }
        let emphases = strangers > 0 ? Self.emphases : [1]
        var best: (proof: ThresholdProof, emphasis: [Double])?
        for strength in emphases {
            let emphasis = open.map { $0.wasAnswerable ? 1 : strength }
            var scores = [Double](repeating: 0, count: open.count)
            for fold in 0..<Self.folds {
                let training = open.indices.filter { folds[$0] != fold }
                let fit = LogisticFit(
                    training.map { rows[$0] },
                    outcomes: training.map { outcomes[$0] },
                    emphasis: training.map { emphasis[$0] }
                )
                for row in open.indices where folds[row] == fold { scores[row] = 1 / (1 + exp(-fit.score(rows[row]))) }
            }
            let proof = ThresholdProof(
                scores,
                open,
                total: samples.count,
                strangers: strangers,
                goal: goal,
                share: share / Double(emphases.count)
            )
            if proof.hits > best?.proof.hits ?? -1 { best = (proof, emphasis) }
        }
        if let point = best?.proof.nearest { nearest = point }
        guard let best, best.proof.hits > 0 else { return }
        let fit = LogisticFit(rows, outcomes: outcomes, emphasis: best.emphasis)
        let terms = MatchFeature.allCases.enumerated().map { place, feature in
            let column = rows.map { $0[place] }
            return Calibration.Term(
                feature: feature,
                weight: fit.weights[place],
                low: column.min() ?? 0,
                high: column.max() ?? 0
            )
        }
        let proof = best.proof
        stage = Calibration.Stage(
            count: samples.map(\.count).min() ?? 0,
            intercept: fit.intercept,
            terms: terms,
            threshold: proof.threshold,
            samples: samples.count,
            hits: proof.hits,
            wrong: proof.wrong,
            limit: BinomialLimit.upper(proof.wrong, of: proof.hits, confidence: proof.confidence),
            strangers: strangers,
            strangerHits: proof.strangerHits,
            boundBy: proof.boundBy,
            curve: proof.curve
        )
    }
}
