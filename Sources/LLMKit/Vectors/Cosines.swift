/// The cosine between two vectors of length one.
func cosine(of a: [Float], and b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}

/// How alike vectors are among themselves.
enum MutualCosines {
    /// The triangle below the diagonal of all cosines, row after row: that of `i` and `j < i` is at `i * (i - 1) / 2 + j`.
    /// - Parameter vectors: of length one, all of as many dimensions.
    static func among(_ vectors: [[Float]]) -> [Float] {
        guard vectors.count > 1, let dimensions = vectors.first?.count else { return [] }
        let rows = vectors.flatMap(\.self)
        let count = vectors.count
        var products = [Float](repeating: 0, count: count * count)
        guard rows.count == count * dimensions else { return [] }
        LinearAlgebra.multiplyAmong(rows, count: count, length: dimensions, into: &products)
        var triangle: [Float] = []
        triangle.reserveCapacity(count * (count - 1) / 2)
        for row in 1..<count { triangle += products[row * count..<row * count + row] }
        return triangle
    }
}
