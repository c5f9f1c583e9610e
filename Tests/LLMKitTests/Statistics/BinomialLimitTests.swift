import Testing

@testable import LLMKit

/// The references are from scipy 1.11: `beta.ppf`, `gammaln`.
@Suite struct BinomialLimitTests {
    @Test(arguments: [
        (0, 149, 0.95, 0.019904816220685077, 0.0), (0, 300, 0.95, 0.009936081944457708, 0),
        (3, 200, 0.95, 0.03830970849856934, 0.004100613335069911),
        (35, 5000, 0.95, 0.009270233625117932, 0.005178144448719784),
        (128, 6400, 0.99, 0.02445743975138781, 0.016148803436844415), (7, 7, 0.9, 1, 0.719685673001152),
        (1, 1, 0.5, 1, 0.5), (0, 1, 0.95, 0.95, 0), (250, 500, 0.9, 0.5296156460747348, 0.4703843539252652),
        (12_000, 1_000_000, 0.95, 0.01218064858220137, 0.011821444522439172),
    ])
    func `limits are those of Clopper and Pearson`(
        events: Int,
        trials: Int,
        confidence: Double,
        upper: Double,
        lower: Double
    ) {
        #expect(abs(BinomialLimit.upper(events, of: trials, confidence: confidence) - upper) < 1e-9)
        #expect(abs(BinomialLimit.lower(events, of: trials, confidence: confidence) - lower) < 1e-9)
        #expect(BinomialLimit.isProven(events, of: trials, within: min(1, upper + 1e-6), confidence: confidence))
        guard events < trials else { return }
        #expect(!BinomialLimit.isProven(events, of: trials, within: upper - 1e-6, confidence: confidence))
    }

    @Test func `no trials prove nothing`() {
        #expect(BinomialLimit.upper(0, of: 0, confidence: 0.95) == 1)
        #expect(BinomialLimit.lower(0, of: 0, confidence: 0.95) == 0)
        #expect(!BinomialLimit.isProven(0, of: 0, within: 0.5, confidence: 0.95))
    }

    @Test func `so many faultless trials prove a share`() {
        #expect(BinomialLimit.trialsToProve(0.02, confidence: 0.95) == 149)
        #expect(BinomialLimit.trialsToProve(0.01, confidence: 0.95) == 299)
        #expect(BinomialLimit.trialsToProve(0, confidence: 0.95) == .max)
        #expect(BinomialLimit.trialsToProve(1, confidence: 0.95) == 1)
    }

    @Test(arguments: [
        (0.1, 2.252712651734206), (0.5, 0.5723649429247), (1, 0), (2.5, 0.2846828704729192), (10, 12.801827480081469),
        (171.3, 708.1149470389971), (1e5, 1_051_287.7089736569),
    ])
    func `the gamma function is exact`(x: Double, expected: Double) {
        #expect(abs(BinomialLimit.logGamma(x) - expected) <= 1e-13 * max(1, abs(expected)))
    }
}
