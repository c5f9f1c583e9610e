import CPlatform

/// What is known of one partition: from which score on its matches are good enough, and how much trust it has used up.
///
/// Two promises, each broken with at most half of the failure probability, at any time and however often one looks:
///
/// - *A region opens only on proof.* Regions are nested: all matches from some score on. For each, a bet runs against "at
///   least the bound of these are wrong". A checked match multiplies the stake by `1 + λ w (bound - wrong)`, with `w` in
///   inverse proportion to how likely it was to be checked. If that were true, the stake could not be expected to grow, so
///   it reaches `1/p` with a probability of at most `p` (Ville's inequality; Waudby-Smith and Ramdas, "Estimating means of
///   bounded random variables by betting", 2024). Every region has its share of the failure probability, and every time it
///   has to start anew a smaller one.
/// - *Nothing is spent that is not saved.* While a region is open, a part of its matches is still checked, and what was
///   served wrongly without being noticed is bounded from the checked ones, whatever the stream does: with `S` the sum of
///   `(1 - rate) / rate` over those that were wrong, and `v` the largest of these weights so far, the expected number of
///   wrong ones served is at most `(c S + v log(1/p)) / (1 - exp(-c))`. The checks may thin out (`v` may grow) only as far as
///   this stays within the bound of what was served. It begins with a small loan.
struct RegionEvidence: Hashable, Sendable, Codable {
    /// The fractions of the largest possible stake that are bet, side by side.
    private static let stakes = [0.15, 0.4, 0.8]
    /// `c` of the bound on what was served.
    private static let sharpness = 0.7
    /// The first weight of an unnoticed match: two in three are still checked.
    private static let loan = 0.5
    /// The stake at which a bet on "more than the bound are wrong" closes a region.
    private static let alarm = 20.0
    /// What that bet stakes, as multiples of the bound by which the wrong share may have grown.
    private static let alarmStakes = [1.0, 4]

    /// How often it had to start anew, and once.
    private(set) var epoch = 1
    /// The widest region that is proven: an index into the score edges; -1 for none.
    private(set) var open = -1
    /// Matches served, and the weight of the checked ones that were wrong, in this epoch.
    private(set) var served = 0
    private(set) var weightOfWrong = 0.0
    /// The weight of an unnoticed match: for each one that is checked, so many are served.
    private(set) var weight = loan
    /// The logarithm of each bet on each region.
    private var bets: [[Double]]
    /// The bets on trouble.
    private var alarms: [Double]
    /// Matches checked, and how many of them were wrong, in all epochs.
    private(set) var checked = 0
    private(set) var wrong = 0

    init(regions: Int) {
        bets = Self.fresh(regions)
        alarms = Self.calm
    }

    private static func fresh(_ regions: Int) -> [[Double]] {
        [[Double]](repeating: [Double](repeating: 0, count: stakes.count), count: regions)
    }

    private static let calm = [Double](repeating: 1, count: alarmStakes.count)

    var regions: Int { bets.count }

    /// How likely a match in an open region is to be checked.
    func checkRate(least: Double) -> Double { max(least, 1 / (1 + weight)) }

    mutating func serve() { served += 1 }

    /// Takes in the outcome of a match.
    /// - Parameters:
    ///   - region: the narrowest region that it lies in.
    ///   - wasChecked: whether it was checked, and not served.
    ///   - rate: how likely it was to be checked.
    ///   - share: of all regions the prior share of the failure probability.
    mutating func learn(
        region: Int,
        wasWrong: Bool,
        wasChecked: Bool,
        rate: Double,
        share: [Double],
        _ promise: AdaptivePolicy.Promise
    ) {
        let isOpen = region <= open
        guard wasChecked else {
            // The app says that a served answer was wrong. Apps complain more than they praise, so only that counts.
            if wasWrong, isOpen {
                weightOfWrong += 1
                watch(wasWrong: true, promise)
            }
            return
        }
        // Chosen in a region that has closed since: the rates do not fit the others' any more.
        guard isOpen || rate >= promise.closedCheckShare else { return }
        checked += 1
        if wasWrong { wrong += 1 }
        let least = open >= 0 ? min(checkRate(least: promise.leastCheckShare), promise.closedCheckShare) : rate
        let scaled = min(1, least / max(rate, 1e-6)) * (promise.wrongShare - (wasWrong ? 1 : 0))
        for wider in region..<regions {
            for (bet, stake) in Self.stakes.enumerated() {
                bets[wider][bet] += log1p(stake / (1 - promise.wrongShare) * scaled)
            }
        }
        if isOpen {
            if wasWrong { weightOfWrong += (1 - rate) / max(rate, 1e-6) }
            watch(wasWrong: wasWrong, promise)
        }
        widen(share, promise)
        weight = min(max(weight, allowedWeight(promise)), 1 / promise.leastCheckShare - 1)
    }

    /// The largest weight that keeps what was served within the bound.
    private func allowedWeight(_ promise: AdaptivePolicy.Promise) -> Double {
        let saved = promise.wrongShare * Double(served) * (1 - exp(-Self.sharpness))
        return (saved - Self.sharpness * weightOfWrong) / -log(failure(promise))
    }

    /// The failure probability of either promise in this epoch: over all epochs they add up to half the whole.
    private func failure(_ promise: AdaptivePolicy.Promise) -> Double {
        promise.failureProbability / 2 * 6 / (Double.pi * Double.pi) / Double(epoch * epoch)
    }

    private mutating func watch(wasWrong: Bool, _ promise: AdaptivePolicy.Promise) {
        var sum = 0.0
        for (bet, stake) in Self.alarmStakes.enumerated() {
            alarms[bet] = max(alarms[bet], 1) * (1 + stake * ((wasWrong ? 1 : 0) - promise.wrongShare))
            sum += alarms[bet]
        }
        let isOverdrawn = weightOfWrong > 0 && allowedWeight(promise) < (hasEarnedLoan(promise) ? 0 : -2 * Self.loan)
        guard sum / Double(alarms.count) >= Self.alarm || isOverdrawn else { return }
        let regions = regions
        epoch += 1
        (open, served, weightOfWrong, weight) = (-1, 0, 0, Self.loan)
        (bets, alarms) = (Self.fresh(regions), Self.calm)
    }

    private func hasEarnedLoan(_ promise: AdaptivePolicy.Promise) -> Bool {
        Double(served) * promise.wrongShare >= 10
    }

    /// Opens the widest region that is proven by now.
    private mutating func widen(_ share: [Double], _ promise: AdaptivePolicy.Promise) {
        for region in stride(from: regions - 1, to: open, by: -1) where share.indices.contains(region) {
            let most = bets[region].max() ?? 0
            let sum = bets[region].reduce(0) { $0 + exp($1 - most) }
            let stake = most + log(sum / Double(Self.stakes.count))
            if stake >= -log(failure(promise) * share[region]) {
                open = region
                alarms = Self.calm
                return
            }
        }
    }
}
