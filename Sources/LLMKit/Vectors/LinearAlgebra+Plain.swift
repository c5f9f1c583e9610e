#if !OpenBLAS
import CKernels

extension LinearAlgebra {
    static func multiply(
        _ product: Product,
        _ a: UnsafePointer<Float>,
        _ b: UnsafePointer<Float>,
        into c: UnsafeMutablePointer<Float>
    ) {
        llmkit_multiply_f32(product.layout, a, b, c)
    }

    static func multiply(
        _ product: Product,
        _ a: UnsafePointer<Double>,
        _ b: UnsafePointer<Double>,
        into c: UnsafeMutablePointer<Double>
    ) {
        llmkit_multiply_f64(product.layout, a, b, c)
    }

    /// The products of all rows with each other, below the diagonal and on it; what is above stays as it was.
    static func multiplyAmong(
        _ rows: UnsafePointer<Float>,
        count: Int,
        length: Int,
        into c: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<count {
            var product = Product(rows: 1, columns: row + 1, depth: length)
            product.isSecondTransposed = true
            multiply(product, rows + row * length, rows, into: c + row * count)
        }
    }

    /// The products of each row with a vector.
    static func multiply(
        rows: UnsafePointer<Double>,
        count: Int,
        with vector: UnsafePointer<Double>,
        length: Int,
        into products: UnsafeMutablePointer<Double>
    ) {
        multiply(
            Product(rows: 1, columns: count, depth: length, isSecondTransposed: true),
            vector,
            rows,
            into: products
        )
    }

    /// Takes the sum of the rows, each times its share, away from a vector.
    static func subtract(
        rows: UnsafePointer<Double>,
        count: Int,
        times shares: UnsafePointer<Double>,
        from vector: UnsafeMutablePointer<Double>,
        length: Int
    ) {
        let negative = (0..<count).map { -shares[$0] }
        multiply(Product(rows: 1, columns: length, depth: count, isAdded: true), negative, rows, into: vector)
    }

    /// The eigenvectors of a symmetric matrix by falling eigenvalue, as the columns of a matrix; `nil` if that fails.
    ///
    /// By Jacobi's method: plane rotations that each make one entry beside the diagonal zero, until all are negligible
    /// (Golub and Van Loan, Matrix Computations, section 8.5).
    static func eigenvectors(_ matrix: [Float], order: Int) -> [Float]? {
        var a = matrix.map(Double.init)
        guard a.allSatisfy(\.isFinite) else { return nil }
        var vectors = (0..<order * order).map { $0 % (order + 1) == 0 ? 1.0 : 0 }
        let size = a.reduce(0) { $0 + $1 * $1 }
        for _ in 0..<30 {
            var rest = 0.0
            for p in 0..<order { for q in 0..<p { rest += 2 * a[p * order + q] * a[p * order + q] } }
            if rest <= size * 1e-20 { break }
            for p in 0..<order {
                for q in p + 1..<order { rotate(&a, &vectors, p, q, order) }
            }
        }
        let places = (0..<order).sorted { a[$0 * (order + 1)] > a[$1 * (order + 1)] }
        return (0..<order * order).map { Float(vectors[$0 / order * order + places[$0 % order]]) }
    }

    private static func rotate(_ a: inout [Double], _ vectors: inout [Double], _ p: Int, _ q: Int, _ order: Int) {
        let beside = a[p * order + q]
        guard beside != 0 else { return }
        let ratio = (a[q * order + q] - a[p * order + p]) / (2 * beside)
        let tangent = (ratio < 0 ? -1 : 1) / (ratio.magnitude + (1 + ratio * ratio).squareRoot())
        let cosine = 1 / (1 + tangent * tangent).squareRoot()
        let sine = tangent * cosine
        func turn(_ matrix: inout [Double], _ first: Int, _ second: Int) {
            let (x, y) = (matrix[first], matrix[second])
            matrix[first] = cosine * x - sine * y
            matrix[second] = sine * x + cosine * y
        }
        for k in 0..<order { turn(&a, k * order + p, k * order + q) }
        for k in 0..<order { turn(&a, p * order + k, q * order + k) }
        for k in 0..<order { turn(&vectors, k * order + p, k * order + q) }
    }
}

extension LinearAlgebra.Product {
    fileprivate var layout: llmkit_product {
        let strides = strides
        return llmkit_product(
            rows: rows,
            columns: columns,
            depth: depth,
            a_stride: strides.first,
            b_stride: strides.second,
            c_stride: strides.result,
            a_transposed: isFirstTransposed,
            b_transposed: isSecondTransposed,
            adds: isAdded
        )
    }
}
#endif
