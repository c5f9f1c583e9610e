/// What a semantic cache was worth, and how far it can be trusted.
///
/// The wrong share comes from checked matches alone: nobody knows of an unchecked one whether it was right. Each counts for
/// as many as were not checked, and the interval takes that into account. It is wide while few were checked, and printing the
/// report tells how many more would halve it (``checksToHalveInterval``).
public struct CacheReport: Hashable, Sendable, Codable {
    /// What a cache counted.
    package struct Counters: Hashable, Sendable, Codable {
        /// How many questions were looked up.
        package var lookups: Int
        /// How many of them were served from memory.
        package var hits: Int
        /// What those would have cost.
        package var saved: Money

        package init(lookups: Int, hits: Int, saved: Money = .zero) {
            self.lookups = lookups
            self.hits = hits
            self.saved = saved
        }
    }

    /// A share that was estimated from a sample.
    ///
    /// The true share lies between ``low`` and ``high`` with the report's confidence (95 %, unless asked for otherwise): the
    /// exact interval of Clopper and Pearson (Biometrika 26, 1934). Matches that stand for others that were not checked count
    /// as so many equal ones as tell the share as exactly (Kish's effective sample size).
    public struct Estimate: Hashable, Sendable, Codable {
        public var share: Double
        /// The ends of its confidence interval.
        public var low: Double
        public var high: Double
    }

    package var counters: Counters
    /// How many questions were looked up.
    public var lookups: Int { counters.lookups }
    /// How many of them were served from memory.
    public var hits: Int { counters.hits }
    /// What those would have cost.
    public var saved: Money { counters.saved }
    /// The share of lookups that were served.
    public var hitRate: Double
    /// The share of lookups whose match the policy served, or would have served: in shadow mode, what serving would bring.
    public var servableShare: Double
    /// How many matches that would have been served were checked.
    public var checkedHits: Int
    /// The share of hits that are wrong; `nil` if none was ever checked.
    public var wrongShare: Estimate?
    /// About how many more hits must be checked until the interval around ``wrongShare`` is half as wide; `nil` if none was
    /// ever checked.
    public var checksToHalveInterval: Int?
    /// How sure the interval is, two-sided.
    package var confidence: Double
    /// What other thresholds would have given, the strictest first.
    public var curve: [ThresholdPoint]
    /// The threshold in force when the last match was checked.
    public var threshold: Double?
    /// Of partitions with checked matches the wrong share.
    public var partitions: [UInt64: Estimate]

    /// - Parameters:
    ///   - counters: what the cache counted.
    ///   - matches: those whose outcome is known, in the order in which they came.
    ///   - confidence: of the interval, two-sided; above 0 and below 1.
    package init(_ counters: Counters, matches: [CheckedMatch], confidence: Double = 0.95) {
        self.counters = counters
        self.confidence = confidence
        hitRate = Double(counters.hits) / Double(max(1, counters.lookups))
        let hits = matches.filter(\.isHit)
        checkedHits = hits.count
        let servable = hits.reduce(0) { $0 + ($1.weight.isFinite ? max(0, $1.weight) : 0) }
        servableShare = min(1, max(servable, Double(counters.hits)) / Double(max(1, counters.lookups)))
        wrongShare = Self.estimate(hits, confidence)
        checksToHalveInterval = Self.checksToHalve(hits, confidence)
        partitions = Dictionary(grouping: hits, by: \.partition).compactMapValues { Self.estimate($0, confidence) }
        threshold = matches.last?.threshold
        curve = Self.curve(matches, lookups: counters.lookups, confidence)
    }

    private static func estimate(_ matches: [CheckedMatch], _ confidence: Double) -> Estimate? {
        guard !matches.isEmpty else { return nil }
        let sum = WeightedShare(matches)
        let (low, high) = interval(sum.share, of: sum.effectiveCount, confidence)
        return Estimate(share: sum.share, low: low, high: high)
    }

    /// What a share of so many equal matches says of the true share.
    private static func interval(_ share: Double, of count: Double, _ confidence: Double) -> (low: Double, high: Double)
    {
        let tail = 1 - (1 - confidence) / 2
        return (
            BinomialLimit.lower(share * count, of: count, confidence: tail),
            BinomialLimit.upper(share * count, of: count, confidence: tail)
        )
    }

    /// How many more matches like these would halve the interval, if as many of them are wrong.
    private static func checksToHalve(_ matches: [CheckedMatch], _ confidence: Double) -> Int? {
        let sum = WeightedShare(matches)
        guard sum.effectiveCount > 0 else { return nil }
        func width(_ factor: Double) -> Double {
            let (low, high) = interval(sum.share, of: factor * sum.effectiveCount, confidence)
            return high - low
        }
        // Four times as many, as a rule, twice as many where none is wrong; more where they are few.
        let aim = width(1) / 2
        var (low, high) = (1.0, 2.0)
        while width(high) > aim, high < 1_000 { (low, high) = (high, 2 * high) }
        while high - low > 0.01 * low {
            let middle = (low + high) / 2
            if width(middle) > aim { low = middle } else { high = middle }
        }
        return Int(((high - 1) * Double(matches.count)).rounded(.up))
    }

    private static func curve(_ matches: [CheckedMatch], lookups: Int, _ confidence: Double) -> [ThresholdPoint] {
        let sorted = matches.sorted { $0.score > $1.score }
        let step = max(1, sorted.count / 60)
        var sum = WeightedShare()
        var points: [ThresholdPoint] = []
        for (place, match) in sorted.enumerated() {
            sum.add(match)
            let isLast = place + 1 == sorted.count
            if !isLast, sorted[place + 1].score == match.score { continue }
            guard (place + 1) % step == 0 || isLast else { continue }
            points.append(
                ThresholdPoint(
                    threshold: match.score,
                    hitShare: min(1, sum.weight / Double(max(1, lookups))),
                    wrongShare: sum.share,
                    limit: BinomialLimit.upper(sum.effectiveWrong, of: sum.effectiveCount, confidence: confidence)
                )
            )
        }
        return points
    }
}

/// A share among weighted matches, and how many equal ones would tell it as exactly (Kish's effective sample size).
private struct WeightedShare {
    private(set) var weight = 0.0
    private var squares = 0.0
    private var wrong = 0.0

    init(_ matches: [CheckedMatch] = []) {
        for match in matches { add(match) }
    }

    mutating func add(_ match: CheckedMatch) {
        let own = match.weight.isFinite ? max(0, match.weight) : 0
        weight += own
        squares += own * own
        if !match.wasRight { wrong += own }
    }

    var share: Double { weight > 0 ? wrong / weight : 0 }
    var effectiveCount: Double { squares > 0 ? weight * weight / squares : 0 }
    var effectiveWrong: Double { share * effectiveCount }
}

extension CacheReport: CustomStringConvertible {
    public var description: String {
        var lines = [
            "\(counters.hits) of \(counters.lookups) questions answered from memory (\(hitRate.asPercent)), \(counters.saved) saved"
        ]
        if counters.hits == 0, checkedHits > 0 {
            lines.append("would have been, had it served: about \(servableShare.asPercent)")
        }
        if let wrongShare {
            lines.append("wrong: about \(wrongShare.share.asPercent) of hits, by \(checkedHits) that were checked")
            let range = "\(wrongShare.low.asPercent) to \(wrongShare.high.asPercent)"
            var line = "the true share is \(range), with \(confidence.asPercent) confidence"
            if let checksToHalveInterval {
                let count = ProofForecast.words(Double(checksToHalveInterval))
                line += "; about \(count) more checks make that range half as wide"
            }
            lines.append(line)
        } else {
            lines.append("wrong: not known, no hit was checked")
        }
        return lines.joined(separator: "\n")
    }
}

extension Double {
    /// As `1.9 %`; small shares with as many places as they need.
    var asPercent: String {
        let places = abs(self) < 0.01 ? 100.0 : 10.0
        let rounded = (self * 100 * places).rounded() / places
        return rounded == rounded.rounded() ? "\(Int(rounded)) %" : "\(rounded) %"
    }
}
