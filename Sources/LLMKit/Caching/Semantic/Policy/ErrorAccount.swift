import CPlatform

/// What may still be served wrongly without being noticed, whatever the traffic does.
///
/// Every match that might be served is checked with a probability `p` that whoever makes the traffic may know, but not the
/// coin. A wrong match is then served with `1 - p`, or found out with `p`: the bigger the weight `v = (1 - p) / p`, the
/// more are served wrongly for each that is found. Let `c` be a cap that the weights stay below, `a = log(1 + 1/c)`, and let a
/// wrong one that is found cost `b(v) = -log(1 - v/c)`. Then for each wrong match
///
///     (1 - p) exp(a) + p exp(-b(v)) = 1
///
/// so `exp(a W - B)`, with `W` the number of wrong ones served and `B` the sum of the costs, is a martingale, in whatever order
/// right and wrong ones come, and though each `p` depends on all that was seen. By Ville's inequality
///
///     W <= (log(1/f) + B) / a    at all times, but for a probability of at most f.
///
/// Some caps are kept side by side and share `f` among them. Nothing is served unless, for one of them, the right side is
/// at most `ceiling + bound * served`. Besides, the sum of the weights of those found is an estimate of `W` that is right on
/// average at any time one stops (`W` less the estimate is a martingale), and what the next check may add to it is never
/// more than is left of `loan + bound * served`: so that is what `W` keeps to on average. There are no epochs: nothing is
/// ever forgotten, and no trial starts anew. A check costs from the moment that it is decided; only a verdict that the match
/// was right gives it back, so one that fails is lost.
struct ErrorAccount: Hashable, Sendable, Codable {
    /// The promise, and what follows from it for every cap.
    struct Terms: Hashable, Sendable {
        let bound: Double
        let loan: Double
        let ceiling: Double
        let highestWeight: Double
        fileprivate let caps: [Double]
        /// `a` of each cap.
        fileprivate let gains: [Double]
        /// `log(1/f) / a` of each cap.
        fileprivate let bases: [Double]

        /// The first cap uses up this share of the loan.
        private static let firstBase = 0.6
        static let reserve = 5.0

        /// - Parameters:
        ///   - bound: the share of wrong ones among what is served.
        ///   - loan: how many wrong ones may be served beyond that.
        ///   - failure: with what probability either may be broken.
        ///   - leastCheckShare: the least `p`.
        init(bound: Double, loan: Double, failure: Double, leastCheckShare: Double) {
            self.bound = bound
            self.loan = loan
            ceiling = Self.reserve * loan
            highestWeight = 1 / leastCheckShare - 1
            var caps: [Double] = []
            var gains: [Double] = []
            var bases: [Double] = []
            var share = 0.5
            var cap = 0.0
            while caps.isEmpty || (cap < 1.5 * highestWeight && caps.count < 24) {
                let debt = log(1 / (failure * share))
                // The smallest cap is the one whose own part the loan can pay.
                let gain = caps.isEmpty ? debt / (Self.firstBase * ceiling) : log1p(1 / (cap * 2))
                cap = 1 / (exp(gain) - 1)
                caps.append(cap)
                gains.append(gain)
                bases.append(debt / gain)
                share /= 2
            }
            (self.caps, self.gains, self.bases) = (caps, gains, bases)
        }
    }

    /// A check that finds a wrong match may cost this share of what there is.
    private static let stake = 0.5
    /// A check may cost this share of what is left of the loan and the earnings, by the estimate.
    private static let estimatedStake = 0.4

    private(set) var served = 0.0
    /// What the app reported as wrong: what was found out anyway is none of the proof's business, but it is owed.
    private(set) var reported = 0.0
    /// The greatest weight so far.
    private(set) var heaviest = 0.0
    /// `B` of each cap.
    private(set) var costs: [Double]
    /// The sum of the weights of checks that found a wrong match, or have not come to a verdict: the estimate of `W`.
    private(set) var estimate = 0.0

    init(_ terms: Terms) { self.init(costs: terms.caps.count) }
    init(costs count: Int) { costs = [Double](repeating: 0, count: count) }

    /// What is left to be lost: how many more wrong ones might be served.
    func balance(_ terms: Terms) -> Double {
        var most = -Double.infinity
        for place in terms.caps.indices where terms.caps[place] > heaviest { most = max(most, room(place, terms)) }
        return min(most, purse(terms))
    }

    /// The greatest weight that a match which may be served can have now.
    func allowedWeight(_ terms: Terms) -> Double {
        var weight = 0.0
        for place in terms.caps.indices where terms.caps[place] > heaviest {
            let room = room(place, terms)
            guard room > 0 else { continue }
            let cap = terms.caps[place]
            weight = max(weight, min(0.9, 1 - exp(-terms.gains[place] * Self.stake * room)) * cap)
        }
        return min(weight, max(0, Self.estimatedStake * purse(terms)), terms.highestWeight)
    }

    /// What is left of the loan and the earnings, by the estimate, once another match is served.
    private func purse(_ terms: Terms) -> Double { terms.loan + terms.bound * (served + 1) - estimate - reported }

    /// What would be left of a cap's limit once another match is served.
    private func room(_ place: Int, _ terms: Terms) -> Double {
        guard costs.indices.contains(place) else { return -.infinity }
        return terms.ceiling + terms.bound * (served + 1) - reported - terms.bases[place] - costs[place]
            / terms.gains[place]
    }

    /// A match of some weight is served.
    mutating func serve(weight: Double) {
        heaviest = max(heaviest, weight)
        served += 1
    }

    /// A match of some weight is checked, and counts as wrong until the contrary is known.
    mutating func check(weight: Double, _ terms: Terms) {
        heaviest = max(heaviest, weight)
        change(1, weight, terms)
    }

    /// A checked match of some weight was right.
    mutating func clear(weight: Double, _ terms: Terms) { change(-1, weight, terms) }

    /// A served one was wrong, as the app says.
    mutating func report() { reported += 1 }

    private mutating func change(_ sign: Double, _ weight: Double, _ terms: Terms) {
        estimate += sign * weight
        for place in terms.caps.indices where weight < terms.caps[place] && costs.indices.contains(place) {
            costs[place] -= sign * log1p(-weight / terms.caps[place])
        }
    }

    /// Whether its parts fit together.
    var isSound: Bool { (costs + [served, reported, heaviest, estimate]).allSatisfy(\.isFinite) }

    /// With what another account of the same terms holds.
    static func + (one: ErrorAccount, other: ErrorAccount) -> ErrorAccount {
        var sum = one
        sum.served += other.served
        sum.reported += other.reported
        sum.estimate += other.estimate
        sum.heaviest = max(one.heaviest, other.heaviest)
        for place in sum.costs.indices where place < other.costs.count { sum.costs[place] += other.costs[place] }
        return sum
    }
}
