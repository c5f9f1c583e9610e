import Testing

@testable import LLMKit

/// A calibration that cannot be fitted says what to aim at.
@Suite struct FitRefusalTests {
    /// Pairs of which a share is right whatever their cosine, which lies above one half.
    private func pairs(_ count: Int, right share: Double, seed: UInt64 = 3) -> [CalibrationSample] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let similarity = 0.5 + generator.unit() / 2
            return CalibrationSample(similarity: similarity, overlap: 0, isSame: generator.unit() < share)
        }
    }

    private func refusal(_ samples: [CalibrationSample], _ bound: Double = 0.02) throws -> String {
        let error = #expect(throws: LLMError.self) { try Calibration.fit(samples, goal: .init(wrongShare: bound)) }
        #expect(error?.code == .invalidConfiguration)
        return try #require(error?.message)
    }

    @Test func `too few are told with the least number, and one to aim at`() throws {
        let message = try refusal(pairs(100, right: 1))
        #expect(message.contains("100 pairs cannot prove"))
        #expect(message.contains("at least 149"))
        // 149 of which none may be wrong; more where a quarter of the bound is.
        let aim = try #require(ProofForecast(bound: 0.02, confidence: 0.95).samples(hitShare: 1))
        #expect(aim > 200 && aim < 700)
        #expect(message.contains("aim at about \(ProofForecast.words(aim))"))
    }

    @Test func `nothing to aim at is made up where no match was right`() throws {
        #expect(try !refusal(pairs(100, right: 0)).contains("aim at"))
    }

    @Test func `samples that are good, but too few, are told how many would do`() throws {
        let message = try refusal(pairs(160, right: 0.99), 0.02)
        #expect(message.contains("160 pairs no threshold proves"))
        #expect(message.contains("pairs would prove it"))
    }

    @Test func `of samples that are too bad no number is told`() throws {
        let message = try refusal(pairs(500, right: 0.5))
        #expect(message.contains("More of the like do not help"))
    }

    @Test func `errors speak of what the file holds`() throws {
        var verdicts = pairs(100, right: 1)
        for place in verdicts.indices { verdicts[place].unit = .verdict }
        #expect(try refusal(verdicts).contains("100 verdicts"))
        #expect(try refusal(verdicts + pairs(10, right: 1)).contains("110 samples"))
        var one = pairs(1, right: 1)
        one[0].unit = .question
        #expect(try refusal(one).contains("1 question cannot"))
    }

    @Test(arguments: [0, 0.001, 0.005, 0.01, 0.015])
    func `so many hits as are foretold prove the bound in five cases of six, and clearly fewer in less`(
        wrong: Double
    ) throws {
        let hits = try #require(ProofForecast(bound: 0.02, confidence: 0.95).hits(wrong: wrong))
        func limit(_ hits: Double) -> Double {
            BinomialLimit.upper(wrong * hits + (wrong * hits).squareRoot(), of: hits, confidence: 0.95)
        }
        #expect(limit(hits) <= 0.02 && limit(0.9 * hits) > 0.02)
        var coin = SeededGenerator(seed: 11)
        let proven = (0..<200).count { _ in
            let count = Int(hits.rounded(.up))
            let seen = (0..<count).count { _ in coin.unit() < wrong }
            return BinomialLimit.isProven(seen, of: count, within: 0.02, confidence: 0.95)
        }
        #expect(proven >= 140)
    }

    @Test func `no number of hits proves a bound that they break`() {
        let forecast = ProofForecast(bound: 0.02, confidence: 0.95)
        for wrong in [0.02, 0.5, 1, 0.019_999_9] { #expect(forecast.hits(wrong: wrong) == nil) }
        #expect(forecast.samples(hitShare: 0) == nil)
        #expect(forecast.samples([], total: 100) == nil)
    }

    @Test(arguments: [
        (0.2, "1"), (7, "7"), (99, "99"), (101, "110"), (149, "150"), (1_234, "1,300"), (99_999, "100,000"),
        (1_234_567, "1,300,000"),
    ])
    func `numbers to aim at have two digits, rounded up`(count: Double, words: String) {
        #expect(ProofForecast.words(count) == words)
    }
}
