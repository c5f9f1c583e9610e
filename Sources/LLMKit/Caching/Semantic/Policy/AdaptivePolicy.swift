import CPlatform
import PortableFoundation
import Synchronization

/// Learns on the running traffic what may be served, and never stakes more than it has been lent or has earned.
///
/// It begins with what is believed of the embedder (``EmbedderPrior``) or of the owner's calibration, else with a cautious
/// guess, and opens the regions of scores that it expects to be right often enough. Some matches in open regions are checked
/// for ever: the model is asked as on any miss, and its answer compared with the remembered one. What checks show widens
/// the opening or closes it. Near its edge, closed matches are checked too, as long as that can change anything.
///
/// The promise, in each partition and in all of them together: the expected number of wrong answers served is at most
/// ``Promise/wrongShare`` of all that were ever served, and ``Promise/loan`` more, whenever one looks; and with a
/// probability of one less ``Promise/failureProbability`` it is never more than that share and five times the loan. It holds
/// whatever the traffic does, be it that answers are wrong only while they are served; it rests on checks that come to a
/// true verdict, and on coins that nobody foresees. The proof: ``ErrorAccount``.
///
/// What cannot be promised: a region in which one match in twenty is checked serves twenty wrong ones, on average, before the
/// first is noticed. So so much must have been earned, or lent, before checks get so rare. A partition that has lost
/// its loan serves nothing more.
package final class AdaptivePolicy: HitPolicy {
    /// What is promised, and how it is watched over.
    package struct Promise: Hashable, Sendable, Codable {
        /// The largest share of served answers that may be wrong, above 0 and below 1.
        package var wrongShare: Double
        /// The probability, above 0 and below 1, with which that may fail.
        package var failureProbability: Double
        /// The share of matches in open regions that is checked at least, for ever; above 0, at most 1/2.
        package var leastCheckShare: Double
        /// The share of matches in closed regions that is checked at most: the model is asked anyway, so only the
        /// comparison costs. Above 0, at most 1.
        package var closedCheckShare: Double
        /// How many answers may be wrong beyond the share: what it begins with; from 1 to 1,000.
        package var loan: Double

        package init(
            wrongShare: Double,
            failureProbability: Double = 0.05,
            leastCheckShare: Double = 0.05,
            closedCheckShare: Double = 1,
            loan: Double = 40
        ) {
            self.wrongShare = wrongShare
            self.failureProbability = failureProbability
            self.leastCheckShare = leastCheckShare
            self.closedCheckShare = closedCheckShare
            self.loan = loan
        }
    }

    /// More partitions than this are not told apart: the one not seen for longest begins anew.
    static let mostPartitions = 10_000

    package let promise: Promise
    private let perPartition: Bool
    private let terms: ErrorAccount.Terms?
    private let state: Mutex<State>

    /// - Parameters:
    ///   - promise: what is to be kept.
    ///   - calibration: scores the matches, if there is one; it need not be right, for it is only where learning begins.
    ///     Without one the neighbours' vote does, or what is known of the embedder.
    ///   - perPartition: whether the promise is kept in each partition as well as over all of them together, which takes
    ///     earnings, and a loan, of each.
    ///   - seed: chooses which matches are checked. Whoever knows it may know that: leave it to chance outside of tests.
    package init(
        _ promise: Promise,
        calibration: Calibration? = nil,
        perPartition: Bool = true,
        seed: UInt64 = .random(in: 0...UInt64.max)
    ) {
        self.promise = promise
        self.perPartition = perPartition
        terms = promise.isSound ? ErrorAccount.Terms(promise) : nil
        state = Mutex(State(MatchScale(calibration), seed: seed))
    }

    /// What it scores by, unless that is the vote.
    package var calibration: Calibration? { state.withLock { $0.scale.calibration } }
    package var neighbours: Int { calibration?.neighbours ?? Calibration.mostNeighbours }
    package var floor: Double { 0 }
    package var needsMutual: Bool { neighbours > 1 }

    /// Begins with what is believed of an embedder, unless its owner gave it a calibration, or it has begun.
    func begin(with prior: Calibration) {
        state.withLock { state in
            if state.scale.calibration == nil, state.isUntouched { state.scale = MatchScale(prior) }
        }
    }

    package func decide(_ found: Neighbourhood) -> HitDecision {
        weigh(found) { state, match, score, region, key, terms in
            let open = state.open(key, promise, terms)
            state.see(region, in: key, terms)
            let weight = region <= open ? state.allowedWeight(key, terms) : 0
            guard weight > 0 else {
                let rate = promise.closedCheckShare * state.worthOfChecking(region, open, key, promise)
                guard state.generator.unit() < rate else { return .ask(match, score: score, threshold: 1) }
                return .check(match, score: score, threshold: .infinity, rate: rate)
            }
            let rate = min(1, max(promise.leastCheckShare, 1 / (1 + weight)))
            let threshold = state.scale.edges[open]
            if state.generator.unit() < rate {
                state.check(HitDecision.weight(rate), in: key, terms)
                return .check(match, score: score, threshold: threshold, rate: rate)
            }
            state.serve(HitDecision.weight(rate), in: key, terms)
            return HitDecision(.serve, neighbour: match, score: score, threshold: threshold, checkRate: rate)
        }
    }

    /// What it would decide, with nothing served, earned or spent: each match is checked.
    package func rehearse(_ found: Neighbourhood) -> HitDecision {
        weigh(found) { state, match, score, region, key, terms in
            let open = state.open(key, promise, terms)
            state.see(region, in: key, terms)
            let isOpen = region <= open && state.mayServe(key, terms)
            return .check(match, score: score, threshold: isOpen ? state.scale.edges[open] : .infinity)
        }
    }

    /// Decides on the best match, if it lies in any region: by its place among the neighbours, its score, its region, and the
    /// partition's key.
    private func weigh(
        _ found: Neighbourhood,
        _ decide: (inout State, Int, Double, Int, UInt64, ErrorAccount.Terms) -> HitDecision
    ) -> HitDecision {
        guard let terms, let (match, score, region) = grade(found) else { return .ask(threshold: 1) }
        guard let region else { return .ask(match, score: score, threshold: 1) }
        return state.withLock { decide(&$0, match, score, region, key(found.partition), terms) }
    }

    /// The best match's place among the neighbours, its score, and its region, if it lies in any; `nil` if there is none, or
    /// the guards object.
    private func grade(_ found: Neighbourhood) -> (match: Int, score: Double, region: Int?)? {
        let scale = state.withLock { $0.scale }
        guard let match = CalibratedMatch(found, neighbours: scale.neighbours), !match.isBarred else { return nil }
        let score = scale.score(match, count: found.count)
        return (match.neighbour, score, scale.region(score))
    }

    /// Under which key a partition's account is kept.
    private func key(_ partition: UInt64) -> UInt64 { perPartition ? partition : PartitionState.joint }

    package func wouldServe(_ found: Neighbourhood) -> Bool {
        guard let terms, let region = grade(found)?.region else { return false }
        let key = key(found.partition)
        return state.withLock { region <= $0.open(key, promise, terms) && $0.mayServe(key, terms) }
    }

    package func learn(_ trial: HitTrial) {
        let decision = trial.decision
        guard let terms, decision.action != .ask, decision.checkRate > 0 else { return }
        let key = key(trial.found.partition)
        state.withLock { state in
            guard let region = state.scale.region(decision.score) else { return }
            if decision.action == .serve {
                // Apps complain more than they praise, so only that counts.
                guard !trial.wasRight else { return }
                state.report(in: key, terms)
            } else if decision.isHit, decision.checkRate < 1 {
                // What was checked for certain could not be served, and cost nothing.
                state.settle(HitDecision.weight(decision.checkRate), wasRight: trial.wasRight, in: key, terms)
            }
            state.learn(region, wasWrong: !trial.wasRight, in: key, terms)
        }
    }

    /// From which score on matches of a partition are served; `nil` if none are.
    package func threshold(in partition: UInt64 = 0) -> Double? {
        guard let terms else { return nil }
        let key = key(partition)
        return state.withLock { state in
            let open = state.open(key, promise, terms)
            guard state.mayServe(key, terms), state.scale.edges.indices.contains(open) else { return nil }
            return state.scale.edges[open]
        }
    }

    /// How many more wrong ones a partition could serve within the promise.
    package func balance(in partition: UInt64 = 0) -> Double {
        guard let terms else { return 0 }
        return state.withLock { $0.balance(key(partition), terms) }
    }

    package func takeChanges() -> [PolicyPiece] { state.withLock { $0.takeChanges(layout) } }

    package func combined(_ one: PolicyPiece, _ other: PolicyPiece) -> PolicyPiece {
        switch (PartitionState.Lasting(one.bytes), PartitionState.Lasting(other.bytes)) {
        case (let a?, let b?): PolicyPiece(key: one.key, bytes: (a + b).bytes)
        case (nil, _): other
        default: one
        }
    }

    package func merge(_ pieces: [PolicyPiece]) {
        guard let terms else { return }
        state.withLock { $0.merge(pieces, layout, terms) }
    }

    /// What is kept under another promise counts otherwise.
    private var layout: String {
        "\(promise.wrongShare) \(promise.failureProbability) \(promise.loan) \(promise.leastCheckShare)"
    }
}

extension AdaptivePolicy.Promise {
    fileprivate var isSound: Bool { (try? check()) != nil }

    fileprivate func check() throws(LLMError) {
        let shares = [
            ("errorBound", wrongShare, 1.0), ("failureProbability", failureProbability, 1),
            ("leastCheckShare", leastCheckShare, 0.5.nextUp), ("closedCheckShare", closedCheckShare, 1.0.nextUp),
        ]
        for (name, share, end) in shares where !(share > 0 && share < end) {
            throw LLMError(
                .invalidConfiguration,
                "AdaptivePolicy: \(name) is \(share); it must be above 0 and \(end == 1 ? "below 1" : "at most \(end.nextDown)")"
            )
        }
        guard loan >= 1, loan <= 1000 else {
            throw LLMError(
                .invalidConfiguration,
                "AdaptivePolicy: the loan is \(loan) wrong answers; it must be 1 to 1,000, and nothing is served without one"
            )
        }
    }
}

extension AdaptivePolicy: RehearsingPolicy {
    package func validate() throws(LLMError) {
        try promise.check()
        try calibration?.validate()
    }
}

extension ErrorAccount.Terms {
    init(_ promise: AdaptivePolicy.Promise) {
        self.init(
            bound: promise.wrongShare,
            loan: promise.loan,
            failure: promise.failureProbability,
            leastCheckShare: promise.leastCheckShare
        )
    }
}

extension HitDecision {
    /// How many matches are served for each that is checked at a rate.
    fileprivate static func weight(_ rate: Double) -> Double { (1 - rate) / rate }
}

extension HitPolicy where Self == BuiltInPolicy {
    /// Learns on the running traffic what may be served, and never stakes more than it has been lent or has earned.
    ///
    /// With an embedder that LLMKit knows (`MiniLMEmbedder`), or a calibration, it serves from the first day, within its loan;
    /// with others, after some hundred checks. Some matches are checked for ever: the model is asked as on any miss, and
    /// its answer compared with the remembered one. What they show widens what is served, or closes it.
    ///
    /// The promise, in each partition and in all together, whatever the traffic does: the expected number of wrong answers
    /// served is at most `errorBound` of those served, and `loan` more, whenever one looks; and with a probability of
    /// `1 - failureProbability`, it is never more than `errorBound` of them and five times the loan. It rests on
    /// checks that come to a true verdict. A partition that has lost its loan serves hardly anything any more.
    /// - Parameters:
    ///   - errorBound: the share of served answers that may be wrong, such as 0.02; above 0 and below 1.
    ///   - loan: how many answers may be wrong beyond that, 1 to 1,000. The more, the fewer checks in the beginning.
    ///   - failureProbability: the probability, above 0 and below 1, with which the second part may fail.
    ///   - leastCheckShare: the share of matches that might be served that is checked at least, for ever; above 0, at most 1/2.
    ///   - closedCheckShare: how many of those matches are checked that are not served, but might be some day; above 0, at
    ///     most 1, for as many as can change anything. The model is asked anyway, so only the comparison costs.
    ///   - calibration: scores the matches, if there is one; it need not be right, for it is only where learning begins.
    ///   - perPartition: whether the promise is kept in each partition, too, which takes a loan of each; else only over all
    ///     of them together.
    /// - Returns: the policy.
    public static func adaptive(
        errorBound: Double,
        loan: Double = 40,
        failureProbability: Double = 0.05,
        leastCheckShare: Double = 0.05,
        closedCheckShare: Double = 1,
        calibration: Calibration? = nil,
        perPartition: Bool = true
    ) -> BuiltInPolicy {
        let promise = AdaptivePolicy.Promise(
            wrongShare: errorBound,
            failureProbability: failureProbability,
            leastCheckShare: leastCheckShare,
            closedCheckShare: closedCheckShare,
            loan: loan
        )
        return BuiltInPolicy(AdaptivePolicy(promise, calibration: calibration, perPartition: perPartition))
    }
}
