import Foundation
import Testing

@testable import LLMKit

@Suite(.timeLimit(.minutes(5))) struct AdaptivePolicyTests {
    struct Outcome {
        var served = 0
        var wrong = 0
        var checks = 0
        /// The most wrong ones there ever were beyond the bound.
        var mostBeyond = 0.0
    }

    private static let bound = 0.05

    /// Runs a stream through a policy. What it may know: whether matches are served now, and how much may be lost.
    private func run(
        _ policy: AdaptivePolicy,
        _ matches: Int,
        score: Double = 0.82,
        isWrong: (_ match: Int, _ isOpen: Bool, _ balance: Double) -> Bool
    ) -> Outcome {
        var outcome = Outcome()
        let found = SyntheticTraffic.neighbourhood(score: score, partition: 7)
        for match in 0..<matches {
            let wrong = isWrong(match, policy.threshold(in: 7) != nil, policy.balance(in: 7))
            let decision = policy.decide(found)
            switch decision.action {
            case .serve:
                outcome.served += 1
                if wrong { outcome.wrong += 1 }
            case .check:
                outcome.checks += 1
                policy.learn(HitTrial(found: found, decision: decision, wasRight: !wrong))
            case .ask: break
            }
            let beyond = Double(outcome.wrong) - Self.bound * Double(outcome.served)
            outcome.mostBeyond = max(outcome.mostBeyond, beyond)
        }
        return outcome
    }

    enum Foe: CaseIterable {
        case wrongWhileOpen
        case rightThenWrong
        case wrongAgainAndAgain
        case wrongOnceRich
        case burstsUntilCaught
        case hardlyWorseThanTheBound
    }

    @Test(arguments: Foe.allCases) func `the promise is kept whatever the traffic does`(foe: Foe) {
        let runs = Soak.count(30, else: 4)
        let loan = 20.0
        var (excess, broken) = (0.0, 0)
        for seed in 0..<UInt64(runs) {
            let policy = AdaptivePolicy(.init(wrongShare: Self.bound, loan: loan), seed: seed)
            var coin = SeededGenerator(seed: seed &+ 31)
            var isBursting = false
            var waiting = 0
            let outcome = run(policy, 6000) { match, isOpen, balance in
                switch foe {
                case .wrongWhileOpen: return isOpen
                case .rightThenWrong: return match > 1500
                case .wrongAgainAndAgain: return match % 212 >= 200
                case .wrongOnceRich: return isOpen && balance > 1.5 * loan
                case .burstsUntilCaught:
                    // A balance that falls tells that it was caught.
                    if isBursting, balance < Double(waiting) { isBursting = false }
                    if isOpen, coin.unit() < 0.002 { isBursting = true }
                    waiting = Int(balance)
                    return isBursting
                case .hardlyWorseThanTheBound: return coin.unit() < 1.1 * Self.bound
                }
            }
            excess += Double(outcome.wrong) - Self.bound * Double(outcome.served)
            if outcome.mostBeyond > 5 * loan { broken += 1 }
        }
        // On average no more than the loan; the deviation of a mean of thirty is below a third of it.
        #expect(excess / Double(runs) <= loan * (Soak.isOn ? 4.0 / 3 : 2))
        #expect(broken <= runs / 10, "broken in \(broken) of \(runs)")
    }

    @Test func `right answers open it within some hundred checks, and are served`() {
        let outcome = run(AdaptivePolicy(.init(wrongShare: Self.bound), seed: 1), 3000) { _, _, _ in false }
        #expect(outcome.served > 2000)
        #expect(outcome.checks < 600)
    }

    private func feed(_ policy: AdaptivePolicy, _ count: Int, partition: UInt64 = 0, isRight: Bool = true) {
        let found = SyntheticTraffic.neighbourhood(score: 0.82, partition: partition)
        for _ in 0..<count {
            let decision = policy.decide(found)
            guard decision.action == .check else { continue }
            policy.learn(HitTrial(found: found, decision: decision, wasRight: isRight))
        }
    }

    @Test func `it opens on evidence, keeps checking, and closes when the evidence turns`() throws {
        let policy = AdaptivePolicy(.init(wrongShare: Self.bound), seed: 2)
        let found = SyntheticTraffic.neighbourhood(score: 0.82)
        #expect(policy.threshold() == nil)
        feed(policy, 600)
        let threshold = try #require(policy.threshold())
        #expect(threshold <= 0.82)
        #expect(policy.wouldServe(found))
        feed(policy, 1000, isRight: false)
        #expect(policy.threshold() == nil)
        #expect(!policy.wouldServe(found))
    }

    @Test func `a belief opens it from the first match on, within the loan`() throws {
        let policy = AdaptivePolicy(.init(wrongShare: 0.02, loan: 30), seed: 3)
        let info = EmbedderInfo(identity: "minilm:float32:384:0", dimensions: 384, maxTokens: 256)
        let prior = try #require(EmbedderPrior.of(info))
        try prior.validate()
        policy.begin(with: prior)
        #expect(policy.threshold() != nil)
        #expect(policy.balance() <= 30.1)
        #expect(EmbedderPrior.of(EmbedderInfo(identity: "other", dimensions: 384, maxTokens: 1)) == nil)
    }

    @Test func `what one partition shows helps another, but each has its own loan and all have one together`() {
        let policy = AdaptivePolicy(.init(wrongShare: Self.bound), seed: 4)
        feed(policy, 600, partition: 1)
        #expect(policy.threshold(in: 2) != nil)
        feed(policy, 2000, partition: 2, isRight: false)
        #expect(policy.threshold(in: 2) == nil)
        #expect(policy.balance(in: 2) < policy.balance(in: 1) + 20)
    }

    @Test func `together, partitions count as one`() {
        let policy = AdaptivePolicy(.init(wrongShare: Self.bound), perPartition: false, seed: 5)
        for partition in 0..<100 as Range<UInt64> { feed(policy, 6, partition: partition) }
        #expect(policy.threshold(in: 5) != nil)
    }

    @Test func `checks without a verdict count as lost`() {
        let policy = AdaptivePolicy(.init(wrongShare: Self.bound), seed: 6)
        feed(policy, 600)
        let before = policy.balance()
        let found = SyntheticTraffic.neighbourhood(score: 0.82)
        var isChecked = false
        while !isChecked { isChecked = policy.decide(found).action == .check }
        #expect(policy.balance() < before)
    }

    @Test func `complaints of the app about served answers close a region`() {
        let policy = AdaptivePolicy(.init(wrongShare: Self.bound), seed: 7)
        feed(policy, 600)
        let found = SyntheticTraffic.neighbourhood(score: 0.82)
        for _ in 0..<3000 where policy.threshold() != nil {
            let decision = policy.decide(found)
            if decision.action == .serve { policy.learn(HitTrial(found: found, decision: decision, wasRight: false)) }
        }
        #expect(policy.threshold() == nil)
    }

    @Test func `what two processes have learned and spent adds up`() throws {
        func policy(_ seed: UInt64) -> AdaptivePolicy { AdaptivePolicy(.init(wrongShare: Self.bound), seed: seed) }
        let (one, other) = (policy(8), policy(9))
        feed(one, 600, partition: 4)
        feed(other, 300, partition: 4)
        let pieces = one.takeChanges()
        #expect(one.takeChanges().isEmpty)
        let more = Dictionary(uniqueKeysWithValues: other.takeChanges().map { ($0.key, $0) })
        let kept = pieces.map { piece in more[piece.key].map { one.combined(piece, $0) } ?? piece }
        one.merge(kept)
        other.merge(kept)
        #expect(abs(one.balance(in: 4) - other.balance(in: 4)) < 1e-9)
        #expect(other.threshold(in: 4) != nil)
        let again = policy(10)
        again.merge(kept)
        #expect(abs(again.balance(in: 4) - one.balance(in: 4)) < 1e-9)
        // What was learned after the taking is not forgotten by merging.
        feed(one, 200, partition: 4)
        let balance = one.balance(in: 4)
        one.merge(kept)
        #expect(abs(one.balance(in: 4) - balance) < 1e-9)
        again.merge([PolicyPiece(key: kept[0].key, bytes: [1, 2]), PolicyPiece(key: "x", bytes: [])])
        #expect(abs(again.balance(in: 4) - one.balance(in: 4)) < 1000)
    }

    @Test func `matches that a guard objects to are neither served nor checked`() {
        let policy = AdaptivePolicy(.init(wrongShare: Self.bound), seed: 11)
        feed(policy, 600)
        var found = SyntheticTraffic.neighbourhood(score: 0.82)
        found.neighbours[0].conflicts = .dates
        #expect(policy.decide(found).action == .ask)
    }

    @Test func `promises that make no sense are refused`() throws {
        let promises: [AdaptivePolicy.Promise] = [
            .init(wrongShare: 0), .init(wrongShare: .nan), .init(wrongShare: 0.02, failureProbability: 1),
            .init(wrongShare: 0.02, leastCheckShare: 0.6), .init(wrongShare: 0.02, closedCheckShare: 0),
            .init(wrongShare: 0.02, loan: 0),
        ]
        for promise in promises {
            let policy = AdaptivePolicy(promise)
            let error = #expect(throws: LLMError.self) { try policy.validate() }
            #expect(error?.code == .invalidConfiguration)
            #expect(policy.decide(SyntheticTraffic.neighbourhood(score: 0.8)).action == .ask)
        }
        try AdaptivePolicy(.init(wrongShare: 0.02, leastCheckShare: 0.5)).validate()
    }
}
