import CPlatform

/// What kinships say of an answer: the numbers of `MatchFeature` that take an ``AnswerMetric``.
struct KinshipFeatures {
    private(set) var first = 0.0
    private(set) var margin = 0.0
    private(set) var three = 0.0
    private(set) var sharp = 0.0
    private(set) var wide = 0.0

    /// - Parameters:
    ///   - kinships: of all neighbours.
    ///   - groups: the number of each neighbour's answer.
    ///   - answer: the number of the one that might be served.
    /// - Returns: `nil` if a kinship is not known: one number stands for another only if it means the same.
    init?(_ kinships: [Double?], groups: [Int], answer: Int) {
        let known = kinships.compactMap { $0.flatMap { $0.isFinite ? min(max($0, -2), 2) : nil } }
        guard known.count == groups.count, let highest = known.max(), let lowest = known.min() else { return nil }
        var own = TopThree(filler: lowest)
        var other = -Double.infinity
        var (sharpTotal, wideTotal) = (0.0, 0.0)
        for (kinship, group) in zip(known, groups) {
            let (near, far) = (exp((kinship - highest) / 0.05), exp((kinship - highest) / 0.1))
            sharpTotal += near
            wideTotal += far
            if group == answer {
                own.add(kinship)
                sharp += near
                wide += far
            } else {
                other = max(other, kinship)
            }
        }
        first = own.first
        margin = own.first - (other.isFinite ? other : lowest)
        three = own.mean
        sharp = MatchFeature.logOdds(sharp / sharpTotal)
        wide = MatchFeature.logOdds(wide / wideTotal)
    }
}
