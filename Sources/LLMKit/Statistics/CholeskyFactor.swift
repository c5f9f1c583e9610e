/// The factor `L` of a small symmetric positive matrix `A = L Lᵀ`, for solving `A x = b`.
struct CholeskyFactor {
    /// The triangle with the diagonal, row after row.
    private var factor: [Double]
    private let size: Int

    /// - Parameters:
    ///   - packed: the lower triangle with the diagonal, row after row: `size * (size + 1) / 2` numbers.
    ///   - size: how many rows.
    init(packed: [Double], size: Int) {
        factor = packed
        self.size = size
        factor.withUnsafeMutableBufferPointer { factor in
            for i in 0..<size {
                let row = i * (i + 1) / 2
                for j in 0...i {
                    let other = j * (j + 1) / 2
                    var sum = factor[row + j]
                    for k in 0..<j { sum -= factor[row + k] * factor[other + k] }
                    // A pivot that rounding, or a matrix that is none, made negative: the row counts as noise.
                    factor[row + j] = i == j ? max(sum, 1e-12).squareRoot() : sum / factor[other + j]
                }
            }
        }
    }

    func solve(_ b: [Double]) -> [Double] {
        var x = b
        factor.withUnsafeBufferPointer { factor in
            for i in 0..<size {
                let row = i * (i + 1) / 2
                var sum = x[i]
                for k in 0..<i { sum -= factor[row + k] * x[k] }
                x[i] = sum / factor[row + i]
            }
            for i in stride(from: size - 1, through: 0, by: -1) {
                var sum = x[i]
                for k in i + 1..<max(size, i + 1) { sum -= factor[k * (k + 1) / 2 + i] * x[k] }
                x[i] = sum / factor[i * (i + 1) / 2 + i]
            }
        }
        return x
    }

    /// `A⁻¹`, row after row, both halves.
    func inverse() -> [Double] {
        let size = size
        // L⁻¹ first, a row from the rows before it; what is above its diagonal is zero.
        var lower = [Double](repeating: 0, count: size * size)
        var inverse = lower
        lower.withUnsafeMutableBufferPointer { lower in
            factor.withUnsafeBufferPointer { factor in
                for i in 0..<size {
                    let start = i * (i + 1) / 2
                    let scale = 1 / factor[start + i]
                    for k in 0..<i {
                        let share = factor[start + k] * scale
                        for j in 0...k { lower[i * size + j] -= share * lower[k * size + j] }
                    }
                    lower[i * size + i] = scale
                }
            }
            // A⁻¹ = L⁻ᵀ L⁻¹.
            inverse.withUnsafeMutableBufferPointer { inverse in
                for k in 0..<size {
                    for i in 0...k {
                        let share = lower[k * size + i]
                        for j in 0...i { inverse[i * size + j] += share * lower[k * size + j] }
                    }
                }
                for i in 0..<size {
                    for j in 0..<i { inverse[j * size + i] = inverse[i * size + j] }
                }
            }
        }
        return inverse
    }
}
