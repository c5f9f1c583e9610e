import COpenBLAS

/// The directions that hold the most of the rows' energy, by subspace iteration.
///
/// They are the leading eigenvectors of the uncentred second-moment matrix X'X, found without forming it: a block of
/// vectors is multiplied by X'X and made orthonormal again, a few times, and a Rayleigh–Ritz step sorts the directions
/// inside the block. That costs the same for vectors of 4096 numbers as for those of 384, per number. The directions
/// need not be exact, only orthonormal: what they miss makes a filter weaker, never wrong.
struct PrincipalDirections {
    private static let width = 64
    private static let rounds = 6

    /// `[dimensions][64]`: a direction per column, by falling energy; the columns beyond those kept are zero.
    let matrix: [Float]
    /// No eigenvalue of V'V differs from 1 by more, V being the columns kept.
    let skew: Double

    /// - Parameters:
    ///   - rows: vectors of `dimensions` numbers, one after the other.
    ///   - keeping: how many directions, at most 64.
    init(_ rows: [Float], dimensions: Int, keeping kept: Int) {
        let width = min(Self.width, dimensions)
        let count = rows.count / dimensions
        var generator = SplitMix64(seed: 0x5EED)
        var basis = Columns(rows: dimensions, count: width)
        basis.fill(&generator)
        basis.orthonormalize(&generator)

        var products = [Float](repeating: 0, count: count * width)
        for _ in 0..<Self.rounds {
            Self.multiply(rows, basis.values, into: &products, count, dimensions, width)
            cblas_sgemm(
                CblasRowMajor, CblasTrans, CblasNoTrans, blasint(dimensions), blasint(width), blasint(count),
                1, rows, blasint(dimensions), products, blasint(width), 0, &basis.values, blasint(width))
            basis.orthonormalize(&generator)
        }
        Self.multiply(rows, basis.values, into: &products, count, dimensions, width)
        basis.turn(by: Self.eigenvectors(of: products, count, width))
        basis.orthonormalize(&generator)

        var matrix = [Float](repeating: 0, count: dimensions * 64)
        let used = min(kept, width)
        for row in 0..<dimensions {
            for column in 0..<used { matrix[row * 64 + column] = basis.values[row * width + column] }
        }
        self.matrix = matrix
        skew = basis.skew(used)
    }

    private static func multiply(
        _ rows: [Float],
        _ basis: [Float],
        into products: inout [Float],
        _ count: Int,
        _ dimensions: Int,
        _ width: Int
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(count), blasint(width), blasint(dimensions),
            1, rows, blasint(dimensions), basis, blasint(width), 0, &products, blasint(width))
    }

    /// The eigenvectors of Z'Z by falling eigenvalue, as the columns of a row-major matrix; the identity if that fails.
    private static func eigenvectors(of products: [Float], _ count: Int, _ width: Int) -> [Float] {
        var gram = [Float](repeating: 0, count: width * width)
        cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, blasint(width), blasint(width), blasint(count),
            1, products, blasint(width), products, blasint(width), 0, &gram, blasint(width))
        var values = [Float](repeating: 0, count: width)
        var work = [Float](repeating: 0, count: 1 + 6 * width + 2 * width * width)
        var integers = [blasint](repeating: 0, count: 3 + 5 * width)
        var (order, workCount, integerCount) = (blasint(width), blasint(work.count), blasint(integers.count))
        var status: blasint = 0
        ssyevd_("V", "U", &order, &gram, &order, &values, &work, &workCount, &integers, &integerCount, &status)
        var turned = [Float](repeating: 0, count: width * width)
        for row in 0..<width {
            for column in 0..<width {
                // LAPACK's columns are our rows, in the order of rising eigenvalues.
                turned[row * width + column] =
                    status == 0 ? gram[(width - 1 - column) * width + row] : (row == column ? 1 : 0)
            }
        }
        return turned
    }
}

/// A few long columns, row-major.
private struct Columns {
    let rows: Int
    let count: Int
    var values: [Float]

    init(rows: Int, count: Int) {
        self.rows = rows
        self.count = count
        values = Array(repeating: 0, count: rows * count)
    }

    mutating func fill(_ generator: inout SplitMix64) {
        for place in values.indices { values[place] = generator.centred() }
    }

    /// Gram–Schmidt, each column twice and in double precision. A column that depends on those before it is replaced by
    /// a random one.
    mutating func orthonormalize(_ generator: inout SplitMix64) {
        var done: [[Double]] = []
        for column in 0..<count {
            var vector = (0..<rows).map { Double(values[$0 * count + column]) }
            var attempts = 0
            while true {
                let before = Self.dot(vector, vector)
                for _ in 0..<2 {
                    for other in done {
                        let product = Self.dot(vector, other)
                        for place in 0..<rows { vector[place] -= product * other[place] }
                    }
                }
                let square = Self.dot(vector, vector)
                if square > 1e-10 * before, square > 1e-30, square.isFinite {
                    let factor = 1 / square.squareRoot()
                    for place in 0..<rows { vector[place] *= factor }
                    break
                }
                attempts += 1
                // As many columns as rows, the last of which rounding has eaten up: better none than a wrong one.
                guard attempts < 8 else {
                    vector = Array(repeating: 0, count: rows)
                    break
                }
                vector = (0..<rows).map { _ in Double(generator.centred()) }
            }
            done.append(vector)
            for place in 0..<rows { values[place * count + column] = Float(vector[place]) }
        }
    }

    /// Multiplies by a square matrix from the right.
    mutating func turn(by matrix: [Float]) {
        let old = values
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(count), blasint(count),
            1, old, blasint(count), matrix, blasint(count), 0, &values, blasint(count))
    }

    /// The greatest sum of a row of |V'V − 1|, which no eigenvalue of V'V − 1 exceeds; zero columns are left out.
    func skew(_ used: Int) -> Double {
        let columns = (0..<used).map { column in (0..<rows).map { Double(values[$0 * count + column]) } }
        var greatest = 0.0
        for a in columns where a.contains(where: { $0 != 0 }) {
            var sum = 0.0
            for b in columns { sum += abs(Self.dot(a, b)) }
            let square = Self.dot(a, a)
            greatest = max(greatest, sum - square + abs(square - 1))
        }
        return greatest * (1 + 1e-9) + 1e-12
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for place in a.indices { sum += a[place] * b[place] }
        return sum
    }
}

/// Steele, Lea and Flood's generator: the same directions on every run.
private struct SplitMix64 {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }

    /// Evenly distributed between -1 and 1.
    mutating func centred() -> Float { Float(Int64(bitPattern: next()) >> 40) * 0x1p-23 }
}
