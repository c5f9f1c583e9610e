import Foundation
import Testing

@testable import LLMKit

@Suite struct LogisticFitTests {
    private let rows = (0..<60).map { [sin(Double($0)), cos(2 * Double($0)), Double($0) / 60, 3] }
    private let outcomes = (0..<60).map { sin(Double($0)) + 0.5 * cos(2 * Double($0)) + 0.8 * sin(7 * Double($0)) > 0 }
    private let emphasis = (0..<60).map { $0 % 5 == 0 ? 3.0 : 1 }

    /// scikit-learn 1.3: `LogisticRegression(C=1)` on standardised columns, with sample weights.
    @Test func `it finds the weights that scikit-learn finds`() {
        let fit = LogisticFit(rows, outcomes: outcomes, emphasis: emphasis)
        let expected = [1.7914138576216623, 0.581065658874927, -0.9136099242155056, 0]
        for (weight, reference) in zip(fit.weights, expected) { #expect(abs(weight - reference) < 1e-4) }
        #expect(abs(fit.intercept - 0.40802742758505134) < 1e-4)
    }

    @Test func `a constant column weighs nothing`() {
        #expect(LogisticFit(rows, outcomes: outcomes, emphasis: emphasis).weights[3] == 0)
    }

    @Test func `outcomes that are all alike, or separable, end in finite weights`() {
        for outcomes in [rows.map { _ in true }, rows.map { _ in false }, rows.map { $0[0] > 0 }] {
            let fit = LogisticFit(rows, outcomes: outcomes, emphasis: emphasis)
            #expect(fit.weights.allSatisfy(\.isFinite) && fit.intercept.isFinite)
            let right = zip(rows, outcomes).count { (fit.score($0) > 0) == $1 }
            #expect(right >= 57)
        }
    }

    @Test func `no rows at all are no trap`() {
        let fit = LogisticFit([], outcomes: [], emphasis: [])
        #expect(fit.weights.isEmpty && fit.score([1, 2]).isFinite)
    }
}
