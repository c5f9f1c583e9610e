import CPlatform

extension Calibration {
    /// Fits a calibration.
    ///
    /// Samples are judged by a regression that was fitted without them (five folds), so the proof is not flattered.
    /// - Parameters:
    ///   - samples: what is known, a sample per question, in any order; also of questions that found nothing. The more, the
    ///     tighter the proof: 1 % takes about 300 hits none of which was wrong, or 5,000 with 35 wrong.
    ///   - goal: what is to be proven.
    ///   - seed: deals the samples into folds. The same samples and seed give the same calibration.
    /// - Throws: ``LLMError/Code/invalidConfiguration`` if the samples are too few, or too bad, to prove the bound.
    public static func fit(
        _ samples: [CalibrationSample],
        goal: Goal,
        seed: UInt64 = 0
    ) throws(LLMError) -> Calibration {
        try goal.validate()
        let width = MatchFeature.allCases.count
        let usable = samples.filter { $0.features.isEmpty || $0.features.count == width }
        guard usable.count == samples.count, usable.allSatisfy({ $0.features.allSatisfy(\.isFinite) }) else {
            throw LLMError(
                .invalidConfiguration,
                "Calibration: some samples are not of \(width) finite numbers; they are damaged, or of another version of LLMKit"
            )
        }
        let neighbours = samples.first?.neighbours ?? 1
        guard samples.allSatisfy({ $0.neighbours == neighbours }), (1...mostNeighbours).contains(neighbours) else {
            throw LLMError(
                .invalidConfiguration,
                "Calibration: the samples looked at different numbers of neighbours; samples of pairs and of policies that ask for other numbers do not mix"
            )
        }
        let needed = BinomialLimit.trialsToProve(goal.wrongShare, confidence: goal.confidence)
        guard samples.count >= needed else {
            throw LLMError(
                .invalidConfiguration,
                "Calibration: \(samples.count) samples cannot prove a wrong share of \(goal.wrongShare): that takes at least \(needed), all right"
            )
        }
        var stages: [Stage] = []
        var best: ThresholdPoint?
        for group in groups(of: samples) {
            let fit = StageFit(group, goal: goal, seed: seed)
            if let stage = fit.stage {
                stages.append(stage)
            } else if fit.nearest.limit < best?.limit ?? .infinity {
                best = fit.nearest
            }
        }
        guard !stages.isEmpty else {
            let reached =
                best.map { ": the best limit was \($0.limit.formatted), at \($0.hitShare.formatted) hits" } ?? ""
            throw LLMError(
                .invalidConfiguration,
                "Calibration: no threshold keeps the wrong share within \(goal.wrongShare) with its confidence limit\(reached). More samples tighten the limit; else allow a larger share"
            )
        }
        return Calibration(goal: goal, neighbours: neighbours, stages: stages)
    }

    /// Samples of caches of about the same size, the fullest first: sizes differ by a factor of four.
    private static func groups(of samples: [CalibrationSample]) -> [[CalibrationSample]] {
        let most = Double(max(1, samples.map(\.count).max() ?? 1))
        var groups: [Int: [CalibrationSample]] = [:]
        for sample in samples {
            let step = log(most / Double(max(1, sample.count))) / log(4)
            groups[Int(step.rounded()), default: []].append(sample)
        }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension Double {
    /// As `0.0123`, for messages.
    fileprivate var formatted: String { "\((self * 10_000).rounded() / 10_000)" }
}

/// The search for the weights and the threshold of one stage.
private struct StageFit {
    /// How much more a question that the cache cannot answer may count in the fit: what keeps most hits is taken.
    private static let emphases = [1.0, 4, 16]
    private static let folds: UInt64 = 5

    /// `nil` if no threshold keeps the goal.
    private(set) var stage: Calibration.Stage?
    /// The point that came nearest to the bound.
    private(set) var nearest = ThresholdPoint(threshold: 1, hitShare: 0, wrongShare: 0, limit: 1)

    init(_ samples: [CalibrationSample], goal: Calibration.Goal, seed: UInt64) {
        let open = samples.filter { !$0.features.isEmpty && !$0.wasBarred }
        let rows = open.map(\.features)
        let outcomes = open.map(\.wasRight)
        let strangers = samples.count { !$0.wasAnswerable }
        let folds = open.indices.map { SeededGenerator.mixed(seed &+ UInt64($0) &* 0x9E37_79B9_7F4A_7C15) % Self.folds }
        var best: (cut: ThresholdCut, emphasis: [Double])?
        for strength in strangers > 0 ? Self.emphases : [1] {
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
            let cut = ThresholdCut(scores, open, total: samples.count, strangers: strangers, goal: goal)
            if cut.hits > best?.cut.hits ?? -1 { best = (cut, emphasis) }
        }
        if let point = best?.cut.nearest { nearest = point }
        guard let best, best.cut.hits > 0 else { return }
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
        stage = Calibration.Stage(
            count: samples.map(\.count).min() ?? 0,
            intercept: fit.intercept,
            terms: terms,
            threshold: best.cut.threshold,
            samples: samples.count,
            hits: best.cut.hits,
            wrong: best.cut.wrong,
            limit: BinomialLimit.upper(best.cut.wrong, of: best.cut.hits, confidence: goal.confidence),
            strangers: strangers,
            strangerHits: best.cut.strangerHits,
            curve: best.cut.curve
        )
    }
}

/// The lowest threshold that keeps a goal, among scored samples.
struct ThresholdCut {
    /// How many points a curve has at most.
    private static let curvePoints = 60

    private(set) var threshold = 1.0
    private(set) var hits = 0
    private(set) var wrong = 0
    private(set) var strangerHits = 0
    private(set) var curve: [ThresholdPoint] = []
    /// The point with the lowest limit.
    private(set) var nearest: ThresholdPoint?

    /// - Parameters:
    ///   - scores: one per sample.
    ///   - samples: those that found a match.
    ///   - total: how many questions there were, with those that found none.
    ///   - strangers: how many of all had no right answer in the cache.
    init(
        _ scores: [Double],
        _ samples: [CalibrationSample],
        total: Int,
        strangers: Int,
        goal: Calibration.Goal
    ) {
        let order = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
        let heedsStrangers =
            goal.strangerShare.map {
                BinomialLimit.trialsToProve($0, confidence: goal.strangerConfidence) <= strangers
            } ?? false
        var (wrongSoFar, strangersSoFar) = (0, 0)
        let step = max(1, order.count / Self.curvePoints)
        for (place, row) in order.enumerated() {
            if !samples[row].wasRight { wrongSoFar += 1 }
            if !samples[row].wasAnswerable { strangersSoFar += 1 }
            // Equal scores stand or fall together.
            if place + 1 < order.count, scores[order[place + 1]] == scores[row] { continue }
            let count = place + 1
            if count % step == 0 || count == order.count {
                let point = ThresholdPoint(
                    threshold: scores[row],
                    hitShare: Double(count) / Double(max(1, total)),
                    wrongShare: Double(wrongSoFar) / Double(count),
                    limit: BinomialLimit.upper(wrongSoFar, of: count, confidence: goal.confidence)
                )
                curve.append(point)
                if point.limit < nearest?.limit ?? .infinity { nearest = point }
            }
            guard
                BinomialLimit.isProven(wrongSoFar, of: count, within: goal.wrongShare, confidence: goal.confidence)
            else { continue }
            if heedsStrangers, let share = goal.strangerShare {
                let isKept = BinomialLimit.isProven(
                    strangersSoFar,
                    of: strangers,
                    within: share,
                    confidence: goal.strangerConfidence
                )
                guard isKept else { continue }
            }
            (threshold, hits, wrong, strangerHits) = (scores[row], count, wrongSoFar, strangersSoFar)
        }
    }
}
