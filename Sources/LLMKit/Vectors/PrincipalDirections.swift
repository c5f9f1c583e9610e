import CKernels

/// The directions that hold the most of the rows' energy, by subspace iteration.
///
/// They are the leading eigenvectors of the uncentred second-moment matrix X'X, found without forming it: a block of
/// vectors is multiplied by X'X and made orthonormal again, a few times, and a Rayleigh–Ritz step sorts the directions
/// inside the block. That costs the same for vectors of 4096 numbers as for those of 384, per number. The directions
/// need not be exact, only orthonormal: what they miss makes a filter weaker, never wrong.
struct PrincipalDirections {
    private static let width = Int(llmkit_rotation_columns)
    private static let rounds = 6

    /// `[width / 64][dimensions][64]`, as the kernels want it: a direction per column, by falling energy; the columns
    /// beyond those kept are zero.
    let matrix: [Float]
    /// No eigenvalue of V'V differs from 1 by more, V being the columns kept.
    let skew: Double

    /// - Parameters:
    ///   - rows: vectors of `dimensions` numbers, one after the other.
    ///   - keeping: how many directions, at most `width`.
    init(_ rows: [Float], dimensions: Int, keeping kept: Int) {
        let width = min(Self.width, dimensions)
        let count = rows.count / dimensions
        var generator = SeededGenerator(seed: 0x5EED)
        var basis = Columns(length: dimensions, count: width, &generator)
        basis.orthonormalize(&generator)

        var products = [Float](repeating: 0, count: count * width)
        var next = [Float](repeating: 0, count: dimensions * width)
        for _ in 0..<Self.rounds {
            Self.multiply(rows, basis.matrix, into: &products, count, dimensions, width)
            LinearAlgebra.multiply(
                .init(rows: dimensions, columns: width, depth: count, isFirstTransposed: true),
                rows,
                products,
                into: &next
            )
            basis.matrix = next
            basis.orthonormalize(&generator)
        }
        Self.multiply(rows, basis.matrix, into: &products, count, dimensions, width)
        Self.multiply(
            basis.matrix,
            Self.eigenvectors(of: products, count, width),
            into: &next,
            dimensions,
            width,
            width
        )
        basis.matrix = next
        basis.orthonormalize(&generator)

        let used = min(kept, width)
        let narrow = basis.matrix
        matrix = [Float](unsafeUninitializedCapacity: dimensions * Self.width) { buffer, filled in
            buffer.initialize(repeating: 0)
            for column in 0..<used {
                let (part, place) = column.quotientAndRemainder(dividingBy: 64)
                for row in 0..<dimensions {
                    buffer[(part * dimensions + row) * 64 + place] = narrow[row * width + column]
                }
            }
            filled = dimensions * Self.width
        }
        skew = Self.skew(narrow, width, used)
    }

    /// The greatest sum of a row of |V'V − 1|, which no eigenvalue of V'V − 1 exceeds; zero columns are left out.
    private static func skew(_ matrix: [Float], _ width: Int, _ used: Int) -> Double {
        let wide = matrix.map(Double.init)
        var gram = [Double](repeating: 0, count: width * width)
        LinearAlgebra.multiply(
            .init(rows: width, columns: width, depth: wide.count / width, isFirstTransposed: true),
            wide,
            wide,
            into: &gram
        )
        var greatest = 0.0
        for a in 0..<used where gram[a * (width + 1)] != 0 {
            var sum = 0.0
            for b in 0..<used { sum += abs(gram[a * width + b] - (a == b ? 1 : 0)) }
            greatest = max(greatest, sum)
        }
        return greatest * (1 + 1e-9) + 1e-12
    }

    private static func multiply(
        _ rows: [Float],
        _ basis: [Float],
        into products: inout [Float],
        _ count: Int,
        _ dimensions: Int,
        _ width: Int
    ) {
        LinearAlgebra.multiply(.init(rows: count, columns: width, depth: dimensions), rows, basis, into: &products)
    }

    /// The eigenvectors of Z'Z by falling eigenvalue, as the columns of a row-major matrix; the identity if that fails.
    private static func eigenvectors(of products: [Float], _ count: Int, _ width: Int) -> [Float] {
        let gram = LinearAlgebra.gram(products, rows: count, columns: width)
        return LinearAlgebra.eigenvectors(gram, order: width)
            ?? (0..<width * width).map { $0 % (width + 1) == 0 ? 1 : 0 }
    }
}

/// A few long columns, one after the other.
private struct Columns {
    let length: Int
    let count: Int
    var values: [Double]

    init(length: Int, count: Int, _ generator: inout SeededGenerator) {
        self.length = length
        self.count = count
        values = (0..<length * count).map { _ in generator.centred() }
    }

    /// The columns side by side: `[length][count]`.
    var matrix: [Float] {
        get {
            [Float](unsafeUninitializedCapacity: values.count) { buffer, used in
                for column in 0..<count {
                    for row in 0..<length { buffer[row * count + column] = Float(values[column * length + row]) }
                }
                used = values.count
            }
        }
        set {
            for column in 0..<count {
                for row in 0..<length { values[column * length + row] = Double(newValue[row * count + column]) }
            }
        }
    }

    /// Gram–Schmidt, each column twice. A column that depends on those before it is replaced by a random one.
    mutating func orthonormalize(_ generator: inout SeededGenerator) {
        let length = length
        values.withUnsafeMutableBufferPointer { buffer in
            guard let first = buffer.baseAddress else { return }
            for column in 0..<count {
                let vector = first + column * length
                var attempts = 0
                while !Self.orthonormalize(vector, length, against: first, column) {
                    attempts += 1
                    // As many columns as dimensions, and rounding has eaten the last one up: better none than a wrong one.
                    for place in 0..<length { vector[place] = attempts < 8 ? generator.centred() : 0 }
                    if attempts == 8 { break }
                }
            }
        }
    }

    private static func orthonormalize(
        _ vector: UnsafeMutablePointer<Double>,
        _ length: Int,
        against columns: UnsafePointer<Double>,
        _ count: Int
    ) -> Bool {
        let before = norm(vector, length)
        var products = [Double](repeating: 0, count: count)
        if count > 0 {
            for _ in 0..<2 {
                LinearAlgebra.multiply(rows: columns, count: count, with: vector, length: length, into: &products)
                LinearAlgebra.subtract(rows: columns, count: count, times: products, from: vector, length: length)
            }
        }
        let after = norm(vector, length)
        guard after > 1e-5 * before, after > 1e-15, after.isFinite else { return false }
        let scale = 1 / after
        for place in 0..<length { vector[place] *= scale }
        return true
    }

    private static func norm(_ vector: UnsafePointer<Double>, _ length: Int) -> Double {
        var squares = 0.0
        for place in 0..<length { squares += vector[place] * vector[place] }
        return squares.squareRoot()
    }
}

extension SeededGenerator {
    /// Evenly distributed between -1 and 1.
    fileprivate mutating func centred() -> Double { Double(Int64(bitPattern: next())) * 0x1p-63 }
}
