/// How many hits a ranking of matches promises within a goal, as far as scores can tell.
///
/// What a match is expected to be comes from fits that have not seen its outcome, and no outcome is counted: so rankings may be
/// compared, and the best one taken, before anything is proven, and the proof need not pay for those that were not taken.
struct HitForecast {
    let goal: Calibration.Goal
    /// How sure the proofs will have to be.
    let confidence: Double
    let strangerConfidence: Double
    /// How many samples had no right answer in the cache.
    let strangers: Int

    /// The most hits that are expected to be proven.
    /// - Parameters:
    ///   - order: the matches, the most trusted first.
    ///   - wrong: how likely each match is to be wrong.
    ///   - strange: how likely its question is to have no right answer.
    func hits(_ order: [Int], wrong: [Double], strange: [Double]) -> Int {
        let mostStrangers = strangerLimit
        var (expected, expectedStrangers) = (0.0, 0.0)
        // The most wrong ones that prove the bound; it grows with the hits.
        var allowed = -1
        var best = 0
        for (place, match) in order.enumerated() {
            let count = place + 1
            expected += wrong[match]
            expectedStrangers += strange[match]
            while allowed < count,
                BinomialLimit.isProven(allowed + 1, of: count, within: goal.wrongShare, confidence: confidence)
            {
                allowed += 1
            }
            if expectedStrangers > mostStrangers { break }
            if ThresholdProof.cautious(expected, of: count, goal.wrongShare) <= Double(allowed) { best = count }
        }
        return best
    }

    /// How many strangers may be hit; infinitely many where no limit can be proven.
    private var strangerLimit: Double {
        guard let share = goal.strangerShare,
            BinomialLimit.trialsToProve(share, confidence: strangerConfidence) <= strangers
        else { return .infinity }
        var most = 0
        while BinomialLimit.isProven(most + 1, of: strangers, within: share, confidence: strangerConfidence) {
            most += 1
        }
        return Double(most)
    }
}
