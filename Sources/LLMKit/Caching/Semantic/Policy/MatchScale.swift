/// What an adaptive policy scores matches by, into which regions it parts the scores, and what it believes of each before it
/// has seen any.
struct MatchScale: Sendable {
    /// `nil` where the neighbours' vote is the score.
    let calibration: Calibration?
    /// Where the regions begin; the best first.
    let edges: [Double]
    /// The wrong share that is believed of each.
    let believed: [Double]
    /// How many wrong ones the belief counts for as a whole, and how many checks in each region.
    let strength: Double
    let weight: Double

    init(_ calibration: Calibration?) {
        self.calibration = calibration
        if calibration == nil {
            edges = [0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2]
            believed = [0.03, 0.03, 0.03, 0.035, 0.04, 0.045, 0.05, 0.06, 0.07, 0.09, 0.12, 0.16, 0.2]
            (strength, weight) = (1, 40)
        } else {
            let doubts = [
                0.001, 0.0015, 0.002, 0.003, 0.004, 0.006, 0.008, 0.011, 0.015, 0.02, 0.028, 0.04, 0.055, 0.08, 0.12,
                0.2,
            ]
            edges = doubts.map { 1 - $0 }
            // On traffic that it was not fitted on, a calibration is wrong about twice as often as it believes.
            believed = zip([0.0005] + doubts, doubts).map { $0 + $1 }
            (strength, weight) = (1, 40)
        }
    }

    var neighbours: Int { calibration?.neighbours ?? Calibration.mostNeighbours }

    func score(_ match: CalibratedMatch, count: Int) -> Double {
        guard let calibration else { return min(max(match.lead, 0), 1) }
        return calibration.stage(for: count, features: match.features.count)?.score(match.features) ?? 0
    }

    func region(_ score: Double) -> Int? { edges.firstIndex { score >= $0 } }
}
