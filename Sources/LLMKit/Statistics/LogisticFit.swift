import CPlatform

/// A logistic regression: how likely an event is, given some numbers.
///
/// Newton's method on the penalised likelihood `Σ wᵢ log P(yᵢ | xᵢ) - ½ Σ bⱼ²` over standardised columns (iteratively
/// re-weighted least squares), each step halved until it gains. The same rows always give the same fit.
struct LogisticFit {
    /// One weight per column; 0 for columns that were constant.
    private(set) var weights: [Double]
    private(set) var intercept: Double

    /// - Parameters:
    ///   - rows: the numbers; all rows equally long.
    ///   - outcomes: whether the event happened, row by row.
    ///   - emphasis: how much each row counts, 0 or more.
    init(_ rows: [[Double]], outcomes: [Bool], emphasis: [Double]) {
        let columns = rows.first?.count ?? 0
        let scales = Self.scales(rows, columns)
        let used = (0..<columns).filter { scales[$0].deviation > 0 }
        let width = used.count + 1
        // One flat table of standardised numbers, with a column of ones for the intercept.
        var table = [Double](repeating: 1, count: rows.count * width)
        for (row, numbers) in rows.enumerated() {
            for (place, column) in used.enumerated() {
                table[row * width + place] = (numbers[column] - scales[column].mean) / scales[column].deviation
            }
        }
        var problem = Problem(table: table, width: width, outcomes: outcomes, emphasis: emphasis)
        let solution = problem.solve()
        weights = [Double](repeating: 0, count: columns)
        intercept = solution.last ?? 0
        for (place, column) in used.enumerated() {
            weights[column] = solution[place] / scales[column].deviation
            intercept -= weights[column] * scales[column].mean
        }
    }

    /// The log-odds of the event.
    func score(_ numbers: [Double]) -> Double {
        var sum = intercept
        for (weight, number) in zip(weights, numbers) { sum += weight * number }
        return sum
    }

    private static func scales(_ rows: [[Double]], _ columns: Int) -> [(mean: Double, deviation: Double)] {
        let count = Double(max(1, rows.count))
        return (0..<columns).map { column in
            var (sum, squares) = (0.0, 0.0)
            for row in rows { sum += row[column] }
            let mean = sum / count
            for row in rows { squares += (row[column] - mean) * (row[column] - mean) }
            let deviation = (squares / count).squareRoot()
            // What differs by rounding alone is constant.
            return (mean, deviation > 1e-9 * max(1, abs(mean)) ? deviation : 0)
        }
    }
}

extension LogisticFit {
    private struct Problem {
        let table: [Double]
        let width: Int
        let outcomes: [Bool]
        let emphasis: [Double]

        mutating func solve() -> [Double] {
            var weights = [Double](repeating: 0, count: width)
            var loss = self.loss(weights)
            for _ in 0..<50 {
                let step = newtonStep(weights)
                var size = 1.0
                var gained = false
                while size > 1e-6 {
                    let candidate = zip(weights, step).map { $0 + size * $1 }
                    let candidateLoss = self.loss(candidate)
                    if candidateLoss <= loss {
                        gained = loss - candidateLoss > 1e-9 * (1 + abs(loss))
                        (weights, loss) = (candidate, candidateLoss)
                        break
                    }
                    size /= 2
                }
                if !gained { break }
            }
            return weights
        }

        private func margin(_ row: Int, _ weights: [Double]) -> Double {
            var sum = 0.0
            for column in 0..<width { sum += table[row * width + column] * weights[column] }
            return sum
        }

        private func loss(_ weights: [Double]) -> Double {
            var sum = 0.0
            for row in outcomes.indices {
                let margin = outcomes[row] ? self.margin(row, weights) : -self.margin(row, weights)
                // log(1 + exp(-margin)) without overflow.
                sum += emphasis[row] * (margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin)
            }
            for weight in weights.dropLast() { sum += weight * weight / 2 }
            return sum
        }

        private func newtonStep(_ weights: [Double]) -> [Double] {
            var gradient = [Double](repeating: 0, count: width)
            var curvature = [Double](repeating: 0, count: width * (width + 1) / 2)
            table.withUnsafeBufferPointer { table in
                for row in outcomes.indices {
                    let probability = 1 / (1 + exp(-margin(row, weights)))
                    let error = emphasis[row] * ((outcomes[row] ? 1 : 0) - probability)
                    let bend = emphasis[row] * probability * (1 - probability)
                    var place = 0
                    for i in 0..<width {
                        let number = table[row * width + i]
                        gradient[i] += error * number
                        for j in 0...i {
                            curvature[place] += bend * number * table[row * width + j]
                            place += 1
                        }
                    }
                }
            }
            for i in 0..<width {
                // The intercept, which comes last, is not penalised.
                if i < width - 1 { gradient[i] -= weights[i] }
                curvature[i * (i + 1) / 2 + i] += i < width - 1 ? 1 : 1e-9
            }
            return CholeskyFactor(packed: curvature, size: width).solve(gradient)
        }
    }
}
