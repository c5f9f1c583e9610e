#if OpenBLAS
import COpenBLAS

extension LinearAlgebra {
    static func multiply(
        _ product: Product,
        _ a: UnsafePointer<Float>,
        _ b: UnsafePointer<Float>,
        into c: UnsafeMutablePointer<Float>
    ) {
        let strides = product.strides
        cblas_sgemm(
            CblasRowMajor,
            product.isFirstTransposed ? CblasTrans : CblasNoTrans,
            product.isSecondTransposed ? CblasTrans : CblasNoTrans,
            blasint(product.rows),
            blasint(product.columns),
            blasint(product.depth),
            1,
            a,
            blasint(strides.first),
            b,
            blasint(strides.second),
            product.isAdded ? 1 : 0,
            c,
            blasint(strides.result)
        )
    }

    static func multiply(
        _ product: Product,
        _ a: UnsafePointer<Double>,
        _ b: UnsafePointer<Double>,
        into c: UnsafeMutablePointer<Double>
    ) {
        let strides = product.strides
        cblas_dgemm(
            CblasRowMajor,
            product.isFirstTransposed ? CblasTrans : CblasNoTrans,
            product.isSecondTransposed ? CblasTrans : CblasNoTrans,
            blasint(product.rows),
            blasint(product.columns),
            blasint(product.depth),
            1,
            a,
            blasint(strides.first),
            b,
            blasint(strides.second),
            product.isAdded ? 1 : 0,
            c,
            blasint(strides.result)
        )
    }

    /// The products of all rows with each other, below the diagonal and on it; what is above stays as it was.
    static func multiplyAmong(
        _ rows: UnsafePointer<Float>,
        count: Int,
        length: Int,
        into c: UnsafeMutablePointer<Float>
    ) {
        cblas_ssyrk(
            CblasRowMajor,
            CblasLower,
            CblasNoTrans,
            blasint(count),
            blasint(length),
            1,
            rows,
            blasint(length),
            0,
            c,
            blasint(count)
        )
    }

    /// The products of each row with a vector.
    static func multiply(
        rows: UnsafePointer<Double>,
        count: Int,
        with vector: UnsafePointer<Double>,
        length: Int,
        into products: UnsafeMutablePointer<Double>
    ) {
        cblas_dgemv(
            CblasRowMajor,
            CblasNoTrans,
            blasint(count),
            blasint(length),
            1,
            rows,
            blasint(length),
            vector,
            1,
            0,
            products,
            1
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
        cblas_dgemv(
            CblasRowMajor,
            CblasTrans,
            blasint(count),
            blasint(length),
            -1,
            rows,
            blasint(length),
            shares,
            1,
            1,
            vector,
            1
        )
    }

    /// The eigenvectors of a symmetric matrix by falling eigenvalue, as the columns of a matrix; `nil` if that fails.
    static func eigenvectors(_ matrix: [Float], order: Int) -> [Float]? {
        var matrix = matrix
        var values = [Float](repeating: 0, count: order)
        var work = [Float](repeating: 0, count: 1 + 6 * order + 2 * order * order)
        var integers = [blasint](repeating: 0, count: 3 + 5 * order)
        var (count, workCount, integerCount) = (blasint(order), blasint(work.count), blasint(integers.count))
        var status: blasint = 0
        ssyevd_("V", "U", &count, &matrix, &count, &values, &work, &workCount, &integers, &integerCount, &status)
        guard status == 0 else { return nil }
        var vectors = [Float](repeating: 0, count: order * order)
        for row in 0..<order {
            // LAPACK's columns are our rows, in the order of rising eigenvalues.
            for column in 0..<order { vectors[row * order + column] = matrix[(order - 1 - column) * order + row] }
        }
        return vectors
    }
}
#endif
