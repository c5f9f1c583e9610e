/// Which differences between questions tell answers apart, and which are mere wording.
///
/// The questions of one answer differ in directions that say nothing about the answer: length, politeness, who is meant. With
/// `W` the covariance of the questions around the mean of their answer, directions in which it is large count for less:
///
///     kinship(q, x) = qᵀ M x / √(qᵀ M q),   M = c (W + t)⁻¹,   t = tr(W) / dimensions
///
/// `t` shrinks the estimate halfway towards no opinion, and `c` makes the root mean square of the remembered questions' own
/// `xᵀ M x` one, so that kinships read like cosines. It is the metric of a linear discriminant analysis (Fisher, 1936; Rao, 1948);
/// what is remembered is not divided by its own length, so nothing need be kept of each entry, and a fresh metric holds for
/// all of them at once.
package struct AnswerMetric: Sendable {
    /// From more dimensions on, the matrix would take longer than the look-up that it is to help.
    static let mostDimensions = 1024
    /// At most so many questions decide.
    static let mostRows = 8192

    /// How many questions, beyond one per answer, it takes: of fewer, `W` is mostly chance.
    package static func leastDeviations(_ dimensions: Int) -> Int { 2 * dimensions }

    private let dimensions: Int
    /// Numbers from one row of the matrix to the next, as the kernels want it.
    private let stride: Int
    private let matrix: [Float]

    /// The memory it takes.
    var bytes: Int { matrix.count * 4 + 64 }

    /// Fits a metric.
    /// - Parameters:
    ///   - answers: the number of each question's answer; questions whose answer nobody shares say nothing.
    ///   - vector: the unit vector of a question by its place; `nil` if it has gone meanwhile.
    /// - Returns: `nil` if too few questions share their answers: every free-text answer has a number of its own.
    package init?(answers: [UInt64], dimensions: Int, vector: (Int) -> [Float]?) {
        guard (1...Self.mostDimensions).contains(dimensions) else { return nil }
        let places = Self.chosen(answers)
        // Not before this are any vectors fetched.
        guard places.reduce(0, { $0 + $1.count - 1 }) >= Self.leastDeviations(dimensions) else { return nil }
        let members = places.map { $0.compactMap(vector).filter { $0.count == dimensions } }.filter { $0.count > 1 }
        let groups = members.count
        let count = members.reduce(0) { $0 + $1.count }
        guard count - groups >= Self.leastDeviations(dimensions) else { return nil }
        var chosen: [Float] = []
        chosen.reserveCapacity(count * dimensions)
        var means = [Float](repeating: 0, count: groups * dimensions)
        for (group, members) in members.enumerated() {
            // The sum divided by the root of the count: its square is what the mean takes from the members' squares.
            let share = 1 / Float(members.count).squareRoot()
            for row in members {
                chosen += row
                for column in 0..<dimensions { means[group * dimensions + column] += share * row[column] }
            }
        }
        let all = LinearAlgebra.gram(chosen, rows: count, columns: dimensions)
        let between = LinearAlgebra.gram(means, rows: groups, columns: dimensions)
        let freedom = Double(count - groups)
        let within = zip(all, between).map { (Double($0) - Double($1)) / freedom }
        let trace = (0..<dimensions).reduce(0) { $0 + within[$1 * (dimensions + 1)] }
        let shrinkage = trace / Double(dimensions)
        // Copies of one question per answer have no spread to learn from.
        guard shrinkage.isFinite, shrinkage > 1e-9 else { return nil }
        var packed: [Double] = []
        packed.reserveCapacity(dimensions * (dimensions + 1) / 2)
        for row in 0..<dimensions {
            packed += within[row * dimensions...row * dimensions + row]
            packed[packed.count - 1] += shrinkage
        }
        let inverse = CholeskyFactor(packed: packed, size: dimensions).inverse()
        // The mean of x' P x is the trace of P with the second moments.
        let mean = zip(inverse, all).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(count)
        guard mean.isFinite, mean > 0 else { return nil }
        self.dimensions = dimensions
        let stride = (dimensions + 15) / 16 * 16
        self.stride = stride
        var matrix = [Float](repeating: 0, count: dimensions * stride)
        for row in 0..<dimensions {
            for column in 0..<dimensions {
                matrix[row * stride + column] = Float(inverse[row * dimensions + column] / mean)
            }
        }
        self.matrix = matrix
    }

    /// How akin a question is to others, about -1 to 1; higher only where a question is unusually far out.
    package func kinships(of question: [Float], with others: [[Float]]) -> [Double] {
        guard question.count == dimensions else { return [] }
        let kernels = VectorKernels.best
        let padded = question + [Float](repeating: 0, count: stride - dimensions)
        var turned = [Float](repeating: 0, count: dimensions)
        matrix.withUnsafeBufferPointer { matrix in
            padded.withUnsafeBufferPointer { padded in
                guard let matrix = matrix.baseAddress, let padded = padded.baseAddress else { return }
                for row in 0..<dimensions { turned[row] = kernels.dot(matrix + row * stride, padded, stride) }
            }
        }
        let square = Double(kernels.product(of: turned, and: question))
        let scale = square > 0 ? 1 / square.squareRoot() : 0
        return others.map { scale * Double(kernels.product(of: turned, and: $0)) }
    }

    /// The rows of each answer that has several; of many, an even part of each answer's.
    private static func chosen(_ answers: [UInt64]) -> [[Int]] {
        var places: [UInt64: [Int]] = [:]
        for (row, answer) in answers.enumerated() { places[answer, default: []].append(row) }
        let shared = places.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map(\.value)
        let total = shared.reduce(0) { $0 + $1.count }
        guard total > mostRows else { return shared }
        var kept: [[Int]] = []
        var count = 0
        for members in shared where count < mostRows {
            let quota = max(2, members.count * mostRows / total)
            kept.append((0..<quota).map { members[$0 * members.count / quota] })
            count += quota
        }
        return kept
    }
}
