import CPlatform

/// How much it would take to prove a share of wrong ones: something to aim at, not a promise.
struct ProofForecast {
    /// The largest share of hits that may be wrong.
    let bound: Double
    /// How sure the limit of that share must be.
    let confidence: Double

    /// More than this is as good as never.
    private static let most = 50_000_000.0
    /// Where nothing is known, hits are taken for four times as good as they must be.
    private static let margin = 4.0
    /// A point of a curve that fewer hits have drawn says little.
    private static let leastHits = 20.0

    /// How many hits prove the bound if a share of them is wrong; `nil` if no number does, or none that anybody has.
    func hits(wrong share: Double) -> Double? {
        // With as many wrong ones as chance makes of it in five cases of six, that is, a standard deviation more.
        func isProven(_ hits: Double) -> Bool {
            let wrong = share * hits
            return BinomialLimit.isProven(wrong + wrong.squareRoot(), of: hits, within: bound, confidence: confidence)
        }
        var high = Double(BinomialLimit.trialsToProve(bound, confidence: confidence))
        guard share < bound, high < Self.most else { return nil }
        var low = high / 2
        while !isProven(high) {
            (low, high) = (high, 2 * high)
            if high > Self.most { return nil }
        }
        while high - low > max(1, low / 100) {
            let middle = (low + high) / 2
            if isProven(middle) { high = middle } else { low = middle }
        }
        return high
    }

    /// How many samples to aim at if a share of them is hits.
    func samples(hitShare: Double) -> Double? {
        guard hitShare > 0, let hits = hits(wrong: bound / Self.margin) else { return nil }
        return hits / hitShare
    }

    /// How many samples like those that drew a curve would prove the bound at some threshold of it; `nil` where too many are
    /// wrong at all of them.
    /// - Parameter total: how many samples there were.
    func samples(_ curve: [ThresholdPoint], total: Int) -> Double? {
        curve.compactMap { point in
            let hits = point.hitShare * Double(total)
            guard hits >= Self.leastHits else { return nil }
            // None wrong of few is no share of zero: Jeffreys' estimate.
            let wrong = (point.wrongShare * hits + 0.5) / (hits + 1)
            return self.hits(wrong: wrong).map { $0 / point.hitShare }
        }.min()
    }

    /// In words, rounded up to two digits, as `1,300`.
    static func words(_ count: Double) -> String {
        var (rounded, unit) = (max(1, count.rounded(.up)), 1.0)
        while rounded > 99 * unit { unit *= 10 }
        rounded = (rounded / unit).rounded(.up) * unit
        var (digits, words) = (String(Int(min(rounded, 1e15))), "")
        while digits.count > 3 {
            words = "," + digits.suffix(3) + words
            digits.removeLast(3)
        }
        return digits + words
    }
}
