/// The outcome of one match, in the few numbers that a report needs.
package struct CheckedMatch: Hashable, Sendable, Codable {
    package var score: Double
    /// What the score had to reach.
    package var threshold: Double
    /// For how many matches it stands: those like it were checked with the inverse probability.
    package var weight: Double
    package var wasRight: Bool
    package var partition: UInt64

    /// - Parameter trial: the outcome of a match that was checked, or that the app has judged.
    package init(_ trial: HitTrial) {
        score = trial.decision.score
        threshold = trial.decision.threshold
        let rate = trial.decision.checkRate
        weight = trial.decision.action == .check && rate > 0 ? 1 / rate : 1
        wasRight = trial.wasRight
        partition = trial.found.partition
    }

    package init(score: Double, threshold: Double, weight: Double = 1, wasRight: Bool, partition: UInt64 = 0) {
        self.score = score
        self.threshold = threshold
        self.weight = weight
        self.wasRight = wasRight
        self.partition = partition
    }

    /// Whether it would have been served.
    var isHit: Bool { score >= threshold }
}
