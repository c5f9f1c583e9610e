import CPlatform

/// The search for the weights and the threshold of one stage.
struct StageFit {
    /// How much more a question that the cache cannot answer may count in the fit: what is expected to keep most hits is taken.
    /// The first says how likely things are.
    private static let emphases = [1.0, 4, 16]
    private static let folds: UInt64 = 5

    /// `nil` if no threshold keeps the goal.
    private(set) var stage: Calibration.Stage?
    /// The point that came nearest to the bound.
    private(set) var nearest = ThresholdPoint(threshold: 1, hitShare: 0, wrongShare: 0, limit: 1)
    /// What was tried.
    let proof: ThresholdProof

    /// - Parameter share: how much of what may fail by the goal's confidence may fail here, above 0, at most 1.
    init(_ samples: [CalibrationSample], goal: Calibration.Goal, share: Double, seed: UInt64) {
        let open = samples.filter { !$0.features.isEmpty && !$0.wasBarred }
        // What is not known of all of them is of no use.
        let width = open.map(\.features.count).min() ?? 0
        let rows = open.map { Array($0.features.prefix(width)) }
        let outcomes = open.map(\.wasRight)
        let strangers = samples.count { !$0.wasAnswerable }
        let folds = open.indices.map { SeededGenerator.mixed(seed &+ UInt64($0) &* 0x9E37_79B9_7F4A_7C15) % Self.folds }
        let ways = (strangers > 0 ? Self.emphases : [1]).map { strength in
            let emphasis = open.map { $0.wasAnswerable ? 1 : strength }
            return (emphasis: emphasis, scores: Self.scores(rows, outcomes, emphasis, folds))
        }
        var best = ways[0]
        if ways.count > 1 {
            let forecast = HitForecast(
                goal: goal,
                confidence: ThresholdProof.confidence(goal, share: share),
                strangerConfidence: ThresholdProof.strangerConfidence(goal, share: share),
                strangers: strangers
            )
            let wrong = ways[0].scores.map { 1 - $0 }
            let strange = Self.scores(rows, open.map { !$0.wasAnswerable }, ways[0].emphasis, folds)
            var most = -1
            for way in ways {
                let order = open.indices.sorted { (way.scores[$0], $1) > (way.scores[$1], $0) }
                let hits = forecast.hits(order, wrong: wrong, strange: strange)
                if hits > most { (most, best) = (hits, way) }
            }
        }
        proof = ThresholdProof(
            best.scores,
            open,
            total: samples.count,
            strangers: strangers,
            goal: goal,
            share: share
        )
        if let point = proof.nearest { nearest = point }
        guard proof.hits > 0 else { return }
        let fit = LogisticFit(rows, outcomes: outcomes, emphasis: best.emphasis)
        let terms = MatchFeature.allCases.prefix(width).enumerated().map { place, feature in
            let column = rows.map { $0[place] }
            return Calibration.Term(
                feature: feature,
                weight: fit.weights[place],
                low: column.min() ?? 0,
                high: column.max() ?? 0
            )
        }
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
    /// How likely the event is for each row, by a fit that has not seen the row's fold.
    private static func scores(
        _ rows: [[Double]],
        _ outcomes: [Bool],
        _ emphasis: [Double],
        _ folds: [UInt64]
    ) -> [Double] {
        var scores = [Double](repeating: 0, count: rows.count)
        for fold in 0..<Self.folds {
            let training = rows.indices.filter { folds[$0] != fold }
            let fit = LogisticFit(
                training.map { rows[$0] },
                outcomes: training.map { outcomes[$0] },
                emphasis: training.map { emphasis[$0] }
            )
            for row in rows.indices where folds[row] == fold { scores[row] = 1 / (1 + exp(-fit.score(rows[row]))) }
        }
        return scores
    }
}
