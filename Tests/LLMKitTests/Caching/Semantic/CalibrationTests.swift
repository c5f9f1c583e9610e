import Foundation
import Testing

@testable import LLMKit

@Suite(.timeLimit(.minutes(5))) struct CalibrationTests {
    /// Pairs whose chance of being wrong falls with their cosine.
    private func pairs(
        _ count: Int,
        seed: UInt64,
        change: SyntheticTraffic.Change = .none
    ) -> [(CalibrationSample, Double)] {
        var traffic = SyntheticTraffic(seed: seed, change: change)
        var coin = SeededGenerator(seed: seed &+ 77)
        return (0..<count).map { _ in
            let (score, chance) = traffic.next(at: 0)
            let isSame = coin.unit() >= chance
            return (CalibrationSample(similarity: score, overlap: score * score, isSame: isSame), chance)
        }
    }

    private func decision(_ policy: CalibratedPolicy, _ sample: CalibrationSample) -> Bool {
        guard let stage = policy.calibration.stages.first else { return false }
        return stage.score(sample.features) >= stage.threshold
    }

    @Test func `the bound is kept on many streams but for a few, as the confidence says`() throws {
        var (broken, fitted) = (0, 0)
        let streams: UInt64 = Soak.isOn ? 200 : 20
        for seed in 0..<streams {
            let samples = pairs(1500, seed: seed)
            guard let calibration = try? Calibration.fit(samples.map(\.0), goal: .init(wrongShare: 0.05)) else {
                continue
            }
            fitted += 1
            let policy = CalibratedPolicy(calibration)
            // The true wrong share of what it would serve, on as many new questions.
            let fresh = pairs(3000, seed: seed).dropFirst(1500).filter { decision(policy, $0.0) }
            let wrong = fresh.reduce(0) { $0 + $1.1 }
            if wrong > 0.05 * Double(fresh.count) { broken += 1 }
        }
        #expect(fitted * 4 >= streams)
        // Five in a hundred may break; the chance to see twice as many of 200 is below one in a hundred.
        #expect(broken * 10 <= streams, "broken in \(broken) of \(fitted)")
    }

    @Test func `traffic that is hardly worse than the bound is taken for proven no oftener than the confidence says`() {
        var accepted = 0
        let runs = Soak.count(1000, else: 12)
        for run in 0..<runs {
            var coin = SeededGenerator(seed: UInt64(run) &* 7919 &+ 13)
            let samples = (0..<2000).map { _ in
                CalibrationSample(
                    similarity: 0.7 + 0.3 * coin.unit(),
                    overlap: coin.unit(),
                    isSame: coin.unit() >= 0.0202
                )
            }
            if (try? Calibration.fit(samples, goal: .init(wrongShare: 0.02), seed: UInt64(run))) != nil {
                accepted += 1
            }
        }
        // Five in a hundred; chance makes it two in twelve now and then.
        #expect(accepted <= max(2, runs / 20), "\(accepted) of \(runs)")
    }

    @Test func `too few samples are refused with the number that it takes`() throws {
        let error = #expect(throws: LLMError.self) {
            try Calibration.fit(pairs(100, seed: 1).map(\.0), goal: .init(wrongShare: 0.02))
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("at least 149") == true)
    }

    @Test func `samples that are too bad are refused with what they reach`() throws {
        var coin = SeededGenerator(seed: 5)
        let bad = (0..<500).map { _ in
            CalibrationSample(similarity: coin.unit(), overlap: 0, isSame: coin.unit() < 0.5)
        }
        let error = #expect(throws: LLMError.self) { try Calibration.fit(bad, goal: .init(wrongShare: 0.02)) }
        #expect(error?.message.contains("best limit") == true)
    }

    @Test(arguments: [0, 1, -1, .nan, 2] as [Double]) func `a bound that makes no sense is refused`(bound: Double) {
        #expect(throws: LLMError.self) {
            try Calibration.fit(pairs(10, seed: 1).map(\.0), goal: .init(wrongShare: bound))
        }
    }

    @Test func `samples of other versions, or of mixed origin, are refused`() throws {
        var samples = pairs(400, seed: 9).map(\.0)
        samples[3].features = [1, 2]
        #expect(throws: LLMError.self) { try Calibration.fit(samples, goal: .init(wrongShare: 0.05)) }
        samples[3] = samples[4]
        samples[3].features[0] = .nan
        #expect(throws: LLMError.self) { try Calibration.fit(samples, goal: .init(wrongShare: 0.05)) }
        samples[3] = CalibrationSample(Neighbourhood([]), answer: 1, isAnswerable: true)
        #expect(throws: LLMError.self) { try Calibration.fit(samples, goal: .init(wrongShare: 0.05)) }
    }

    @Test func `the same samples give the same calibration, and it survives encoding`() throws {
        let samples = pairs(2000, seed: 12).map(\.0)
        let calibration = try Calibration.fit(samples, goal: .init(wrongShare: 0.1))
        #expect(try Calibration.fit(samples, goal: .init(wrongShare: 0.1)) == calibration)
        let decoded = try JSONDecoder().decode(Calibration.self, from: JSONEncoder().encode(calibration))
        #expect(decoded == calibration)
        try decoded.validate()
        let decodedSamples = try JSONDecoder().decode([CalibrationSample].self, from: JSONEncoder().encode(samples))
        #expect(decodedSamples == samples)
    }

    @Test func `a damaged calibration is told at assembly`() throws {
        let sound = try Calibration.fit(pairs(2000, seed: 12).map(\.0), goal: .init(wrongShare: 0.1))
        var damaged = [sound, sound, sound, sound]
        damaged[0].stages = []
        damaged[1].stages[0].terms.removeLast()
        damaged[2].stages[0].threshold = .nan
        damaged[3].neighbours = 0
        for calibration in damaged {
            let error = #expect(throws: LLMError.self) { try CalibratedPolicy(calibration).validate() }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test func `a calibration from pairs looks at one neighbour only`() throws {
        let calibration = try Calibration.fit(pairs(2000, seed: 12).map(\.0), goal: .init(wrongShare: 0.1))
        let policy = CalibratedPolicy(calibration)
        #expect(policy.neighbours == 1 && !policy.needsMutual)
        let near = Neighbourhood.Neighbour(entry: 4, similarity: 0.999, answer: 1, overlap: 0.99)
        let far = Neighbourhood.Neighbour(entry: 5, similarity: 0.998, answer: 2, overlap: 0.99)
        #expect(policy.decide(Neighbourhood([near])).action == .serve)
        #expect(policy.decide(Neighbourhood([near])) == policy.decide(Neighbourhood([near, far])))
        var barred = near
        barred.conflicts = .numbers
        let decision = policy.decide(Neighbourhood([barred]))
        #expect(decision.action == .ask && !decision.isHit)
        #expect(policy.decide(Neighbourhood([])).action == .ask)
    }

    /// Answers as clusters of vectors on a sphere; strangers anywhere.
    private func labelled(_ count: Int, strangers: Int = 0, seed: UInt64) throws -> LabelledQuestions {
        var generator = SeededGenerator(seed: seed)
        func normal() -> Float {
            Float((-2 * log(1 - generator.unit())).squareRoot() * cos(2 * Double.pi * generator.unit()))
        }
        func unit(_ vector: [Float]) -> [Float] {
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return vector.map { $0 / length }
        }
        let centres = (0..<40).map { _ in unit((0..<24).map { _ in normal() }) }
        let vectors = (0..<count + strangers).map { row in
            row < count
                ? unit(centres[row % 40].map { $0 + 0.17 * normal() }) : unit((0..<24).map { _ in normal() })
        }
        let answers = (0..<count + strangers).map { $0 < count ? UInt64($0 % 40) : nil }
        return try LabelledQuestions(answers.map { _ in "" }, vectors: vectors, answers: answers)
    }

    @Test func `questions with known answers calibrate caches of every size that can be proven`() throws {
        let samples = try labelled(2400, strangers: 300, seed: 3).samples()
        #expect(samples.count == 3 * 2700)
        let calibration = try Calibration.fit(samples, goal: .init(wrongShare: 0.02))
        #expect(calibration.neighbours == Calibration.mostNeighbours)
        let first = try #require(calibration.stages.first)
        #expect(first.count == 2699 && first.samples == 2700)
        #expect(first.limit <= 0.02 && Double(first.hits) > 0.6 * 2400)
        #expect(BinomialLimit.upper(first.strangerHits, of: first.strangers, confidence: 0.9) <= 0.03)
        #expect(first.boundBy != .samples || first.hits > 2000)
        #expect(calibration.stages.map(\.count) == calibration.stages.map(\.count).sorted(by: >))
        // A cache that holds less than was ever looked at proves nothing.
        let policy = CalibratedPolicy(calibration)
        let copy = Neighbourhood.Neighbour(entry: 1, similarity: 1, answer: 1, overlap: 1)
        #expect(policy.decide(Neighbourhood([copy], count: 3)).action == .ask)
    }

    @Test func `kinships count where the answers' metric is known, and what was fitted without them goes on working`()
        throws
    {
        let samples = try labelled(2400, strangers: 300, seed: 3).samples()
        let calibration = try Calibration.fit(samples, goal: .init(wrongShare: 0.02))
        try calibration.validate()
        let first = try #require(calibration.stages.first)
        #expect(first.terms.map(\.feature) == MatchFeature.allCases)
        // As kept by a version that knew of none.
        let old = samples.prefix(2700).map { sample in
            var sample = sample
            sample.features = Array(sample.features.prefix(MatchFeature.basicCount))
            return sample
        }
        let basic = try Calibration.fit(old, goal: .init(wrongShare: 0.02))
        try basic.validate()
        let sure = try #require(old.first { $0.count == first.count && basic.stages[0].score($0.features) > 0.999 })
        #expect(basic.stages[0].terms.count == MatchFeature.basicCount && first.score(sure.features) == 0)
        #expect(calibration.stage(for: first.count, features: MatchFeature.allCases.count) == first)
        // Without a metric a cache is judged as a smaller one that has none, if at all.
        let lesser = calibration.stage(for: first.count, features: MatchFeature.basicCount)
        #expect(lesser.map { $0.terms.count == MatchFeature.basicCount && $0.count < first.count } ?? true)
        // Of samples with and without, only what all have is used.
        let mixed = try Calibration.fit(Array(samples.prefix(1350)) + old[1350...], goal: .init(wrongShare: 0.02))
        #expect(mixed.stages[0].terms.count == MatchFeature.basicCount)
    }

    @Test func `choosing how much strangers count costs the proof nothing`() {
        var accepted = 0
        let runs = Soak.count(1000, else: 4)
        for run in 0..<runs {
            var coin = SeededGenerator(seed: UInt64(run) &* 7919 &+ 13)
            // One in a hundred matches is of a stranger, and altogether a little more than the bound are wrong.
            let samples = (0..<2000).map { _ in
                let isStranger = coin.unit() < 0.01
                var sample = CalibrationSample(
                    similarity: 0.7 + 0.3 * coin.unit(),
                    overlap: coin.unit(),
                    isSame: !isStranger && coin.unit() >= 0.0103
                )
                sample.wasAnswerable = !isStranger
                return sample
            }
            let goal = Calibration.Goal(wrongShare: 0.02, strangerShare: nil)
            if (try? Calibration.fit(samples, goal: goal, seed: UInt64(run))) != nil { accepted += 1 }
        }
        #expect(accepted <= max(2, runs / 20), "\(accepted) of \(runs)")
    }

    @Test func `labels and vectors that do not fit together are refused`() {
        #expect(throws: LLMError.self) { try LabelledQuestions(["a"], vectors: [[1, 0]], answers: [1, 2]) }
        #expect(throws: LLMError.self) {
            try LabelledQuestions(["a", "b"], vectors: [[1, 0], [1]], answers: [1, 2])
        }
        #expect(throws: LLMError.self) { try LabelledQuestions([], vectors: [], answers: []) }
        #expect(throws: LLMError.self) { try LabelledQuestions(["a"], vectors: [[.nan, 0]], answers: [1]) }
    }

    @Test func `a trial from a ledger makes the same sample as a question with a known answer`() {
        let neighbours = (0..<5).map {
            Neighbourhood.Neighbour(entry: $0, similarity: 0.9 - 0.05 * Double($0), answer: 1, overlap: 0.5)
        }
        let found = Neighbourhood(neighbours, count: 100)
        let trial = HitTrial(found: found, decision: .check(0, score: 0.5, threshold: 0.4), wasRight: true)
        var asked = CalibrationSample(found, answer: 1, isAnswerable: true)
        asked.unit = nil
        #expect(CalibrationSample(trial, neighbours: 48) == asked)
    }

    /// Trials of half good matches with a high score, and half bad ones with a low one.
    private func trials(_ seed: UInt64, isShadow: Bool) -> [CacheTrial] {
        var coin = SeededGenerator(seed: seed)
        let policy = AdaptivePolicy(.init(wrongShare: 0.03), seed: seed)
        return (0..<20_000).compactMap { _ in
            let (score, isWrong) = Self.draw(&coin)
            let found = SyntheticTraffic.neighbourhood(score: score)
            let decision = isShadow ? policy.rehearse(found) : policy.decide(found)
            guard decision.action == .check else { return nil }
            let trial = HitTrial(found: found, decision: decision, wasRight: !isWrong)
            policy.learn(trial)
            return CacheTrial(date: Date(), entry: 1, source: isShadow ? .shadow : .recheck, trial: trial)
        }
    }

    private static func draw(_ coin: inout SeededGenerator) -> (Double, Bool) {
        coin.unit() < 0.5
            ? (0.7 + 0.12 * coin.unit(), coin.unit() < 0.002) : (0.25 + 0.1 * coin.unit(), coin.unit() < 0.15)
    }

    @Test func `what is checked seldom counts for as much as what is checked often`() {
        func shareOfBad(_ samples: [CalibrationSample]) -> Double {
            // The vote of one neighbour is the support.
            Double(samples.count { ($0.features.first ?? 0) < 0.5 }) / Double(max(1, samples.count))
        }
        let checked = trials(3, isShadow: false)
        let raw = checked.map { CalibrationSample($0.trial, neighbours: Calibration.mostNeighbours) }
        let fair = CalibrationSample.samples(of: checked, neighbours: Calibration.mostNeighbours)
        // Half of the traffic is bad, and less of the checks.
        #expect(shareOfBad(raw) < 0.35)
        #expect(abs(shareOfBad(fair) - 0.5) < abs(shareOfBad(raw) - 0.5))
        let shadow = trials(4, isShadow: true)
        let whole = CalibrationSample.samples(of: shadow, neighbours: Calibration.mostNeighbours)
        #expect(whole.count == shadow.count)
        #expect(abs(shareOfBad(whole) - 0.5) < 0.02)
        #expect(shadow.count == 20_000)
    }
}
