import Foundation

/// What a transformer encoder calculates, in double precision and straight from the formulas.
enum EncoderFormulas {
    typealias Rows = [[Double]]

    static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for (x, y) in zip(a, b) { sum += x * y }
        return sum
    }

    static func sum(_ values: [Double]) -> Double { dot(values, [Double](repeating: 1, count: values.count)) }

    /// - Parameters:
    ///   - weights: one row for each output, one after the other.
    ///   - bias: one number for each output.
    static func linear(_ x: Rows, _ weights: [Double], _ bias: [Double]) -> Rows {
        x.map { row in
            var y = bias
            for column in bias.indices {
                let first = column * row.count
                y[column] += dot(row, Array(weights[first..<first + row.count]))
            }
            return y
        }
    }

    static func norm(_ x: Rows, _ weight: [Double], _ bias: [Double], epsilon: Double) -> Rows {
        x.map { row in
            let count = Double(row.count)
            let mean: Double = sum(row) / count
            let centered: [Double] = row.map { $0 - mean }
            let scale: Double = (dot(centered, centered) / count + epsilon).squareRoot()
            var y = bias
            for index in y.indices { y[index] += centered[index] / scale * weight[index] }
            return y
        }
    }

    static func gelu(_ x: Double) -> Double { x / 2 * erfc(-x / 2.0.squareRoot()) }

    static func geluTanh(_ x: Double) -> Double {
        let inner: Double = x + 0.044715 * x * x * x
        return x / 2 * (1 + tanh((2 / Double.pi).squareRoot() * inner))
    }

    static func relu(_ x: Double) -> Double { x > 0 ? x : 0 }

    /// Attention of one head.
    static func attend(_ queries: Rows, _ keys: Rows, _ values: Rows, scale: Double) -> Rows {
        queries.map { query in
            let scores: [Double] = keys.map { dot(query, $0) * scale }
            let largest: Double = scores.max() ?? 0
            let shares: [Double] = scores.map { exp($0 - largest) }
            let total: Double = sum(shares)
            var mixed = [Double](repeating: 0, count: values.first?.count ?? 0)
            for (share, value) in zip(shares, values) {
                for index in mixed.indices { mixed[index] += share / total * value[index] }
            }
            return mixed
        }
    }

    /// The Walsh-Hadamard transform of each block: the sign is the parity of the bits that both indices have.
    static func rotate(_ x: [Double], block: Int) -> [Double] {
        x.indices.map { index in
            let first = index / block * block
            var sum = 0.0
            for other in 0..<block {
                let isEven = (other & index).nonzeroBitCount % 2 == 0
                sum += isEven ? x[first + other] : -x[first + other]
            }
            return sum
        }
    }

    /// The largest difference of two sets of rows.
    static func distance(_ a: Rows, _ b: Rows) -> Double {
        guard a.count == b.count, zip(a, b).allSatisfy({ $0.count == $1.count }) else { return .infinity }
        var largest = 0.0
        for (x, y) in zip(a.joined(), b.joined()) { largest = (x - y).isNaN ? .infinity : max(largest, abs(x - y)) }
        return largest
    }
}
