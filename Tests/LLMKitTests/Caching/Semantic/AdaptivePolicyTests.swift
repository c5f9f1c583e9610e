import Foundation
import Testing

@testable import LLMKit

@Suite(.timeLimit(.minutes(5))) struct AdaptivePolicyTests {
    struct Outcome {
        var served = 0
        var wrong = 0
        /// Whether the bound was broken at any checkpoint with enough served answers.
        var isBroken = false
        /// How many the best fixed threshold would have served, knowing every chance.
        var oracle = 0
        var questions = 0
    }

    /// Runs a stream through a policy, and counts what it would have served wrongly.
    private func run(
        _ policy: AdaptivePolicy,
        _ traffic: SyntheticTraffic,
        seed: UInt64,
        questions: Int,
        partition: UInt64 = 0
    ) -> Outcome {
        var traffic = traffic
        var coin = SeededGenerator(seed: seed &+ 13)
        var outcome = Outcome(questions: questions)
        var chances: [(score: Double, chance: Double)] = []
        let bound = policy.promise.wrongShare
        for question in 0..<questions {
            let (score, chance) = traffic.next(at: Double(question) / Double(questions))
            chances.append((score, chance))
            let found = SyntheticTraffic.neighbourhood(score: score, partition: partition)
            let isRight = coin.unit() >= chance
            let decision = policy.decide(found)
            switch decision.action {
            case .serve:
                outcome.served += 1
                if !isRight { outcome.wrong += 1 }
            case .check: policy.learn(HitTrial(found: found, decision: decision, wasRight: isRight))
            case .ask: break
            }
            let isCheckpoint = (question + 1) % (questions / 4) == 0
            if isCheckpoint, Double(outcome.served) * bound >= 10,
                Double(outcome.wrong) > bound * Double(outcome.served)
            {
                outcome.isBroken = true
            }
        }
        var expected = 0.0
        for (place, match) in chances.sorted(by: { $0.score > $1.score }).enumerated() {
            expected += match.chance
            if expected <= bound * Double(place + 1) { outcome.oracle = place + 1 }
        }
        return outcome
    }

    @Test func `the bound is kept on many streams, drifting ones among them, and answers are served`() {
        var (broken, served, oracle) = (0, 0, 0)
        let streams: UInt64 = Soak.isOn ? 200 : 40
        for seed in 0..<streams {
            let change = SyntheticTraffic.Change.allCases[Int(seed % 4)]
            let policy = AdaptivePolicy(.init(wrongShare: 0.05), seed: seed)
            let traffic = SyntheticTraffic(seed: seed, change: change)
            let outcome = run(policy, traffic, seed: seed, questions: Soak.isOn ? 20_000 : 3000)
            if outcome.isBroken { broken += 1 }
            served += outcome.served
            oracle += outcome.oracle
        }
        // What the failure probability allows on average.
        #expect(broken * 20 <= streams, "broken in \(broken) of \(streams)")
        #expect(Double(served) > (Soak.isOn ? 0.5 : 0.2) * Double(oracle), "served \(served), the oracle \(oracle)")
        if Soak.isOn { print("adaptive: broken \(broken) of \(streams), served \(served), oracle \(oracle)") }
    }

    @Test func `traffic that is hardly worse than the bound is not served`() {
        var opened = 0
        let streams: UInt64 = Soak.isOn ? 200 : 20
        for seed in 0..<streams {
            let policy = AdaptivePolicy(.init(wrongShare: 0.05), seed: seed)
            let traffic = SyntheticTraffic(seed: seed, hard: 0.055)
            if run(policy, traffic, seed: seed, questions: 3000).served > 0 { opened += 1 }
        }
        #expect(opened * 20 <= streams, "opened in \(opened) of \(streams)")
    }

    @Test func `small partitions stay closed, or keep the bound together`() {
        let policy = AdaptivePolicy(.init(wrongShare: 0.05), seed: 3)
        var (served, wrong) = (0, 0)
        for partition in 0..<40 as Range<UInt64> {
            let traffic = SyntheticTraffic(seed: 900 + partition)
            let outcome = run(policy, traffic, seed: partition, questions: 400, partition: partition)
            served += outcome.served
            wrong += outcome.wrong
        }
        #expect(Double(wrong) <= 0.05 * Double(served) + 3)
    }

    private func feed(
        _ policy: AdaptivePolicy,
        _ count: Int,
        partition: UInt64 = 0,
        isRight: (Int) -> Bool = { _ in true }
    ) {
        for question in 0..<count {
            let found = SyntheticTraffic.neighbourhood(score: 0.82, partition: partition)
            let decision = policy.decide(found)
            guard decision.action == .check else { continue }
            policy.learn(HitTrial(found: found, decision: decision, wasRight: isRight(question)))
        }
    }

    @Test func `it starts closed, opens on proof, keeps checking, and closes when the evidence turns`() throws {
        let policy = AdaptivePolicy(.init(wrongShare: 0.05))
        let found = SyntheticTraffic.neighbourhood(score: 0.82)
        #expect(policy.decide(found).action == .check)
        #expect(policy.threshold() == nil)
        feed(policy, 600)
        let threshold = try #require(policy.threshold())
        #expect(threshold <= 0.82)
        #expect(policy.wouldServe(found))
        let actions = (0..<400).map { _ in policy.decide(found).action }
        #expect(actions.contains(.serve) && actions.contains(.check) && !actions.contains(.ask))
        feed(policy, 600) { _ in false }
        #expect(policy.threshold() == nil)
        #expect(!policy.wouldServe(found))
    }

    @Test func `what one partition has proven does not open another, but hastens its proof`() {
        func questionsToOpen(_ policy: AdaptivePolicy, _ partition: UInt64) -> Int {
            (1...3000).first { _ in
                feed(policy, 1, partition: partition)
                return policy.threshold(in: partition) != nil
            } ?? .max
        }
        let policy = AdaptivePolicy(.init(wrongShare: 0.05))
        let first = questionsToOpen(policy, 1)
        #expect(policy.threshold(in: 2) == nil)
        let second = questionsToOpen(policy, 2)
        #expect(second < first)
        #expect(second > 50)
    }

    @Test func `together, partitions count as one`() {
        let policy = AdaptivePolicy(.init(wrongShare: 0.05), perPartition: false)
        for partition in 0..<100 as Range<UInt64> { feed(policy, 6, partition: partition) }
        #expect(policy.threshold(in: 5) != nil)
    }

    @Test func `what was learned survives a restart`() throws {
        let policy = AdaptivePolicy(.init(wrongShare: 0.05))
        feed(policy, 700, partition: 4)
        let data = try JSONEncoder().encode(policy.snapshot())
        let snapshot = try JSONDecoder().decode(AdaptivePolicy.Snapshot.self, from: data)
        #expect(snapshot == policy.snapshot())
        let resumed = AdaptivePolicy(.init(wrongShare: 0.05), resuming: snapshot)
        #expect(resumed.threshold(in: 4) == policy.threshold(in: 4))
        #expect(resumed.threshold(in: 4) != nil)
    }

    @Test func `complaints of the app about served answers close a region`() {
        let policy = AdaptivePolicy(.init(wrongShare: 0.05))
        feed(policy, 600)
        let found = SyntheticTraffic.neighbourhood(score: 0.82)
        for _ in 0..<1000 where policy.threshold() != nil {
            let decision = policy.decide(found)
            if decision.action == .serve { policy.learn(HitTrial(found: found, decision: decision, wasRight: false)) }
        }
        #expect(policy.threshold() == nil)
    }

    @Test func `matches that a guard objects to are neither served nor checked`() {
        let policy = AdaptivePolicy(.init(wrongShare: 0.05))
        feed(policy, 600)
        var found = SyntheticTraffic.neighbourhood(score: 0.82)
        found.neighbours[0].conflicts = .dates
        #expect(policy.decide(found).action == .ask)
    }

    @Test func `promises that make no sense are refused`() throws {
        let promises: [AdaptivePolicy.Promise] = [
            .init(wrongShare: 0), .init(wrongShare: .nan), .init(wrongShare: 0.02, failureProbability: 1),
            .init(wrongShare: 0.02, leastCheckShare: 0.6), .init(wrongShare: 0.02, closedCheckShare: 0),
        ]
        for promise in promises {
            let error = #expect(throws: LLMError.self) { try AdaptivePolicy(promise).validate() }
            #expect(error?.code == .invalidConfiguration)
        }
        try AdaptivePolicy(.init(wrongShare: 0.02, leastCheckShare: 0.5)).validate()
    }
}
