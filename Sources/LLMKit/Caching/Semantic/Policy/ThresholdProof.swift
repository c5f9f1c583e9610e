import CPlatform

/// The lowest threshold that is proven to keep a goal, among scored samples.
///
/// Whoever tries many thresholds on the same samples and takes the best that looks proven is fooled more often than the
/// confidence says: the limit of each is wrong with its own five in a hundred. Here a fixed sequence is tested: the trusts of
/// a grid that no outcome has a say in, from strict to loose, and the first that fails is the last that is looked at. Then the
/// whole is wrong no oftener than a single test (Maurer, Hothorn and Lehmacher, 1995): for a threshold that is too loose to be
/// taken, the first such one must have passed.
///
/// Where the sequence begins may depend on the scores, but not on the outcomes: at the strictest threshold at which the
/// scores themselves predict that the proof will succeed.
struct ThresholdProof {
    /// How many points a curve has at most.
    private static let curvePoints = 60
    /// By how much the doubt grows from one threshold of the sequence to the next.
    private static let step = 1.1
    /// The least doubt of the sequence.
    private static let leastDoubt = 1e-5

    private(set) var threshold = 1.0
    private(set) var hits = 0
    private(set) var wrong = 0
    private(set) var strangerHits = 0
    /// What kept the threshold from being lower.
    private(set) var boundBy = Calibration.Limit.samples
    private(set) var curve: [ThresholdPoint] = []
    /// The point with the lowest limit.
    private(set) var nearest: ThresholdPoint?
    /// How sure the proof is that was asked for, with what others have used up paid for.
    let confidence: Double

    /// Folds are not quite independent of each other: what may fail is reckoned lower by this factor.
    private static let foldDebt = 0.9

    /// What all matches down to some trust come to.
    private struct Cut {
        var threshold: Double
        var hits = 0
        var wrong = 0
        var strangers = 0
        /// How many would be wrong if the scores were true.
        var predicted = 0.0
    }

    /// How sure a proof must be of which so much of what may fail is its own.
    static func confidence(_ goal: Calibration.Goal, share: Double) -> Double {
        1 - (1 - goal.confidence) * share * foldDebt
    }

    /// The same for the share of strangers.
    static func strangerConfidence(_ goal: Calibration.Goal, share: Double) -> Double {
        1 - (1 - goal.strangerConfidence) * share
    }

    /// How many of so many hits to expect wrong if scores expect `predicted`: labels are wrong here and there, which no
    /// score can see.
    static func cautious(_ predicted: Double, of hits: Int, _ bound: Double) -> Double {
        min(Double(hits), 1.2 * predicted + Double(hits) * bound / 4)
    }

    /// - Parameters:
    ///   - scores: one per sample.
    ///   - samples: those that found a match.
    ///   - total: how many questions there were, with those that found none.
    ///   - strangers: how many of all had no right answer in the cache.
    ///   - share: how much of what may fail by the goal's confidence may fail here, above 0, at most 1.
    init(
        _ scores: [Double],
        _ samples: [CalibrationSample],
        total: Int,
        strangers: Int,
        goal: Calibration.Goal,
        share: Double
    ) {
        confidence = Self.confidence(goal, share: share)
        let order = scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
        draw(order.map { (scores[$0], !samples[$0].wasRight) }, total: total)
        let strangerConfidence = Self.strangerConfidence(goal, share: share)
        let strangerShare = goal.strangerShare.flatMap {
            BinomialLimit.trialsToProve($0, confidence: strangerConfidence) <= strangers ? $0 : nil
        }
        let cuts = Self.cuts(order, scores, samples)
        guard let start = start(cuts, goal.wrongShare) else { return }
        for cut in cuts[start...] {
            guard BinomialLimit.isProven(cut.wrong, of: cut.hits, within: goal.wrongShare, confidence: confidence)
            else {
                boundBy = .wrongShare
                return
            }
            if let strangerShare,
                !BinomialLimit.isProven(
                    cut.strangers,
                    of: strangers,
                    within: strangerShare,
                    confidence: strangerConfidence
                )
            {
                boundBy = .strangerShare
                return
            }
            (threshold, hits, wrong, strangerHits) = (cut.threshold, cut.hits, cut.wrong, cut.strangers)
        }
    }

    /// The sequence, each threshold with what it takes in beyond the one before.
    private static func cuts(_ order: [Int], _ scores: [Double], _ samples: [CalibrationSample]) -> [Cut] {
        var cuts: [Cut] = []
        var sum = Cut(threshold: 1)
        var place = 0
        var doubt = leastDoubt
        while place < order.count {
            let threshold = max(0, 1 - doubt)
            let before = sum.hits
            while place < order.count, scores[order[place]] >= threshold {
                let sample = samples[order[place]]
                sum.hits += 1
                if !sample.wasRight { sum.wrong += 1 }
                if !sample.wasAnswerable { sum.strangers += 1 }
                sum.predicted += 1 - scores[order[place]]
                place += 1
            }
            sum.threshold = threshold
            if sum.hits > before { cuts.append(sum) }
            // Scores that are no numbers are reached by no threshold.
            if doubt >= 1 { break }
            doubt = min(1, doubt * step)
        }
        return cuts
    }

    /// The first threshold of the sequence that is tested; `nil` if there is none.
    private func start(_ cuts: [Cut], _ bound: Double) -> Int? {
        let needed = BinomialLimit.trialsToProve(bound, confidence: confidence)
        let chances = cuts.map { cut -> Double in
            guard cut.hits >= needed else { return 0 }
            // The most that may be wrong, by bisection, and the chance of no more than that.
            var (low, high) = (0, cut.hits)
            while high - low > 1 {
                let middle = (low + high) / 2
                if BinomialLimit.isProven(middle, of: cut.hits, within: bound, confidence: confidence) {
                    low = middle
                } else {
                    high = middle
                }
            }
            let share = Self.cautious(cut.predicted, of: cut.hits, bound) / Double(cut.hits)
            return 1 - BinomialLimit.regularizedBeta(share, Double(low) + 1, Double(cut.hits - low))
        }
        guard let best = chances.max(), best > 0 else { return cuts.firstIndex { $0.hits >= needed } }
        return chances.firstIndex { $0 >= best * 0.98 }
    }

    /// What thresholds would give, each by itself.
    private mutating func draw(_ matches: [(score: Double, isWrong: Bool)], total: Int) {
        let step = max(1, matches.count / Self.curvePoints)
        var wrong = 0
        for (place, match) in matches.enumerated() {
            if match.isWrong { wrong += 1 }
            // Equal scores stand or fall together.
            if place + 1 < matches.count, matches[place + 1].score == match.score { continue }
            let count = place + 1
            guard count % step == 0 || count == matches.count else { continue }
            let point = ThresholdPoint(
                threshold: match.score,
                hitShare: Double(count) / Double(max(1, total)),
                wrongShare: Double(wrong) / Double(count),
                limit: BinomialLimit.upper(wrong, of: count, confidence: confidence)
            )
            curve.append(point)
            if point.limit < nearest?.limit ?? .infinity { nearest = point }
        }
    }
}
