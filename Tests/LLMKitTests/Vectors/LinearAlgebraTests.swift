import Testing

@testable import LLMKit

/// The same for OpenBLAS and for the kernels that stand in for it: which of them is tested, the package's traits decide.
@Suite struct `Linear algebra` {
    typealias Product = LinearAlgebra.Product

    private static func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    static let products: [Product] = [
        Product(rows: 1, columns: 1, depth: 1), Product(rows: 3, columns: 5, depth: 7),
        Product(rows: 9, columns: 33, depth: 130), Product(rows: 9, columns: 33, depth: 130, isFirstTransposed: true),
        Product(rows: 9, columns: 33, depth: 130, isSecondTransposed: true),
        Product(rows: 4, columns: 6, depth: 40, isFirstTransposed: true, isSecondTransposed: true),
        Product(
            rows: 8,
            columns: 17,
            depth: 64,
            isSecondTransposed: true,
            firstStride: 70,
            resultStride: 20,
            isAdded: true
        ),
        Product(rows: 8, columns: 17, depth: 64, isFirstTransposed: true, firstStride: 11, isAdded: true),
        Product(rows: 2, columns: 3, depth: 0),
    ]

    @Test(arguments: products.indices) func `a product is what its definition says`(index: Int) {
        let product = Self.products[index]
        let strides = product.strides
        let (rows, columns, depth) = (product.rows, product.columns, product.depth)
        let a = Self.numbers(strides.first * max(rows, depth) + 1, seed: 1)
        let b = Self.numbers(strides.second * max(columns, depth) + 1, seed: 2)
        let before = Self.numbers(strides.result * rows + 1, seed: 3)
        var expected = before
        for i in 0..<rows {
            for j in 0..<columns {
                var sum = product.isAdded ? Double(before[i * strides.result + j]) : 0
                for k in 0..<depth {
                    let x = product.isFirstTransposed ? a[k * strides.first + i] : a[i * strides.first + k]
                    let y = product.isSecondTransposed ? b[j * strides.second + k] : b[k * strides.second + j]
                    sum += Double(x) * Double(y)
                }
                expected[i * strides.result + j] = Float(sum)
            }
        }
        var single = before
        LinearAlgebra.multiply(product, a, b, into: &single)
        #expect(zip(single, expected).allSatisfy { abs($0 - $1) < 1e-4 })
        var double = before.map(Double.init)
        LinearAlgebra.multiply(product, a.map(Double.init), b.map(Double.init), into: &double)
        #expect(zip(double, expected).allSatisfy { abs($0 - Double($1)) < 1e-5 })
    }

    @Test func `rows are multiplied with each other below the diagonal only`() {
        let rows = Self.numbers(5 * 20, seed: 4)
        var products = [Float](repeating: 7, count: 25)
        LinearAlgebra.multiplyAmong(rows, count: 5, length: 20, into: &products)
        for i in 0..<5 {
            for j in 0..<5 {
                let dot = (0..<20).reduce(0) { $0 + rows[i * 20 + $1] * rows[j * 20 + $1] }
                #expect(j > i ? products[i * 5 + j] == 7 : abs(products[i * 5 + j] - dot) < 1e-5)
            }
        }
    }

    @Test func `what a vector has of orthonormal rows is taken away from it`() {
        let rows: [Double] = [1, 0, 0, 0, 0.6, 0.8]
        var vector: [Double] = [3, -2, 5]
        var shares: [Double] = [0, 0]
        LinearAlgebra.multiply(rows: rows, count: 2, with: vector, length: 3, into: &shares)
        #expect(abs(shares[0] - 3) < 1e-12 && abs(shares[1] - 2.8) < 1e-12)
        LinearAlgebra.subtract(rows: rows, count: 2, times: shares, from: &vector, length: 3)
        LinearAlgebra.multiply(rows: rows, count: 2, with: vector, length: 3, into: &shares)
        #expect(shares.allSatisfy { abs($0) < 1e-12 })
    }

    @Test(arguments: [1, 2, 17, 64]) func `eigenvectors are orthonormal, and the matrix only stretches them`(
        order: Int
    ) throws {
        let half = Self.numbers(order * (order + 3), seed: 5)
        var matrix = [Float](repeating: 0, count: order * order)
        LinearAlgebra.multiply(
            Product(rows: order, columns: order, depth: order + 3, isSecondTransposed: true),
            half,
            half,
            into: &matrix
        )
        let vectors = try #require(LinearAlgebra.eigenvectors(matrix, order: order))
        var last = Float.infinity
        for column in 0..<order {
            let vector = (0..<order).map { vectors[$0 * order + column] }
            let image = (0..<order).map { row in (0..<order).reduce(0) { $0 + matrix[row * order + $1] * vector[$1] } }
            let value = zip(vector, image).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(zip(image, vector).allSatisfy { abs($0 - value * $1) < 1e-3 })
            #expect(value <= last + 1e-3)
            last = value
            for other in 0...column {
                let dot = (0..<order).reduce(0) { $0 + vector[$1] * vectors[$1 * order + other] }
                #expect(abs(dot - (other == column ? 1 : 0)) < 1e-4)
            }
        }
    }

    @Test func `a matrix that has no eigenvectors is no crash`() {
        let vectors = LinearAlgebra.eigenvectors([.nan, 1, 1, .infinity], order: 2)
        #expect(vectors == nil || vectors?.count == 4)
    }
}
