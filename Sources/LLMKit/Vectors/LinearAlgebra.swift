/// What the vector work needs of linear algebra. Matrices lie row after row.
///
/// OpenBLAS does it where the package's trait of that name is on, as it is by default. Without it kernels of our own do the
/// same more slowly, and a program links neither OpenBLAS nor the Fortran library that comes with it.
enum LinearAlgebra {
    /// How the matrices of a product `C = A B` lie.
    struct Product {
        /// Of the result.
        var rows: Int
        var columns: Int
        /// How many numbers each entry of the result is a sum of.
        var depth: Int
        /// Whether A lies with its rows and columns exchanged.
        var isFirstTransposed = false
        /// Whether B lies with its rows and columns exchanged.
        var isSecondTransposed = false
        /// Numbers from one row to the next as they lie; `nil` if there is nothing in between.
        var firstStride: Int?
        var resultStride: Int?
        /// Whether the product is added to what is there.
        var isAdded = false

        var strides: (first: Int, second: Int, result: Int) {
            (
                firstStride ?? (isFirstTransposed ? rows : depth), isSecondTransposed ? depth : columns,
                resultStride ?? columns
            )
        }
    }

    /// The product of a matrix, turned, with itself: how its columns go together.
    static func gram(_ matrix: [Float], rows: Int, columns: Int) -> [Float] {
        var gram = [Float](repeating: 0, count: columns * columns)
        multiply(
            .init(rows: columns, columns: columns, depth: rows, isFirstTransposed: true),
            matrix,
            matrix,
            into: &gram
        )
        return gram
    }
}
