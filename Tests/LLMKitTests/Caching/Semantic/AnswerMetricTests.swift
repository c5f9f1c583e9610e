import Testing

@testable import LLMKit

@Suite struct AnswerMetricTests {
    private static let dimensions = 32

    /// Answers in pairs of twins, a little apart, whose questions differ far more in four directions that say nothing.
    struct Twins {
        var vectors: [[Float]] = []
        var answers: [UInt64] = []

        init(_ count: Int, pairs: Int = 10, seed: UInt64 = 1) {
            var centres = SeededGenerator(seed: 99)
            var noise = SeededGenerator(seed: seed)
            let middles = (0..<pairs).map { _ in (0..<dimensions).map { $0 < 4 ? 0 : Float(centres.unit() - 0.5) } }
            for row in 0..<count {
                let answer = row % (2 * pairs)
                var vector = middles[answer / 2]
                vector[4 + answer / 2] += answer % 2 == 0 ? 0.25 : -0.25
                for place in vector.indices { vector[place] += (place < 4 ? 2 : 0.15) * Float(noise.unit() - 0.5) }
                vectors.append(vector.scaledToUnitLength ?? vector)
                answers.append(UInt64(answer))
            }
        }

        var metric: AnswerMetric? { AnswerMetric(answers: answers, dimensions: dimensions) { vectors[$0] } }

        /// How many of other questions are nearest to one with their answer.
        func right(_ others: Twins, by nearness: ([Float]) -> [Double]) -> Int {
            zip(others.vectors, others.answers).count { vector, answer in
                let nearness = nearness(vector)
                return vectors.indices.max { nearness[$0] < nearness[$1] }.map { answers[$0] } == answer
            }
        }
    }

    @Test func `twins that cosines mix up are told apart by what does not vary within an answer`() throws {
        let remembered = Twins(400)
        let asked = Twins(200, seed: 2)
        let metric = try #require(remembered.metric)
        let byCosine = remembered.right(asked) { question in remembered.vectors.map { cosine(of: question, and: $0) } }
        let byKinship = remembered.right(asked) { metric.kinships(of: $0, with: remembered.vectors) }
        #expect(byKinship > byCosine + 20, "\(byKinship) and \(byCosine) of 200")
    }

    @Test func `kinships are scaled to what is remembered, whatever its order`() throws {
        let twins = Twins(300)
        let metric = try #require(twins.metric)
        // √(xᵀ M x) is what a question's kinship to itself is.
        let squares = twins.vectors.map { vector in metric.kinships(of: vector, with: [vector]).map { $0 * $0 }[0] }
        #expect(abs(squares.reduce(0, +) / 300 - 1) < 1e-3)
        let turned = try #require(
            AnswerMetric(answers: twins.answers.reversed(), dimensions: Self.dimensions) { twins.vectors[299 - $0] }
        )
        let (one, other) = (twins.vectors[0], twins.vectors[7])
        #expect(abs(metric.kinships(of: one, with: [other])[0] - turned.kinships(of: one, with: [other])[0]) < 1e-4)
    }

    /// With a covariance of `s` in every direction, `M` is a multiple of the identity, and so kinships are cosines.
    @Test func `where all directions vary alike, it is the cosine`() throws {
        // Each answer's questions: its centre plus and minus each axis.
        var vectors: [[Float]] = []
        for answer in 0..<8 {
            for axis in 0..<8 {
                for sign in [-1, 1] as [Float] {
                    var vector = [Float](repeating: 0, count: 8)
                    vector[answer] += 3
                    vector[axis] += sign
                    vectors.append(vector)
                }
            }
        }
        let metric = try #require(
            AnswerMetric(answers: (0..<128).map { UInt64($0 / 16) }, dimensions: 8) { vectors[$0] }
        )
        let kinships = metric.kinships(of: vectors[0], with: [vectors[0], vectors[1], vectors[40]])
        let cosines = [vectors[0], vectors[1], vectors[40]].map { cosine(of: vectors[0], and: $0) }
        for (kinship, product) in zip(kinships, cosines) {
            #expect(abs(kinship / kinships[0] - product / cosines[0]) < 1e-4)
        }
    }

    @Test func `answers that nobody shares make no metric, and no vector is fetched for them`() {
        var fetched = 0
        let metric = AnswerMetric(answers: (0..<5000).map { UInt64($0) }, dimensions: Self.dimensions) { _ in
            fetched += 1
            return nil
        }
        #expect(metric == nil && fetched == 0)
    }

    @Test func `too few questions, copies, and vectors that are gone or of another length make no metric`() {
        let twins = Twins(80)
        #expect(twins.metric == nil)
        let many = Twins(400)
        let gone = AnswerMetric(answers: many.answers, dimensions: Self.dimensions) { $0 < 60 ? many.vectors[$0] : nil }
        #expect(gone == nil)
        let copies = AnswerMetric(answers: many.answers, dimensions: Self.dimensions) { _ in many.vectors[0] }
        #expect(copies == nil)
        let short = AnswerMetric(answers: many.answers, dimensions: Self.dimensions) { _ in [1, 0] }
        #expect(short == nil)
        #expect(many.metric?.kinships(of: [1, 0], with: many.vectors) == [])
    }

    @Test func `of very many questions an even part decides, and memory stays the same`() throws {
        let few = try #require(Twins(1000).metric)
        let many = try #require(Twins(AnswerMetric.mostRows + 3000).metric)
        #expect(many.bytes == few.bytes)
        let twins = Twins(10)
        let kinships = [few, many].map { $0.kinships(of: twins.vectors[0], with: twins.vectors) }
        for (one, other) in zip(kinships[0], kinships[1]) { #expect(abs(one - other) < 0.1) }
    }

    @Test func `a question is never judged by a metric that has seen it`() throws {
        let twins = Twins(400)
        let entries = twins.answers.indices.dropLast(10).map { (row: $0, answer: twins.answers[$0]) }
        var seen: Set<Int> = []
        let folded = FoldedMetrics(entries, dimensions: Self.dimensions) {
            seen.insert($0)
            return twins.vectors[$0]
        }
        #expect(seen == Set(0..<390))
        let whole = try #require(folded.metric(for: 395)).kinships(of: twins.vectors[395], with: twins.vectors)
        let part = try #require(folded.metric(for: 3)).kinships(of: twins.vectors[395], with: twins.vectors)
        #expect(whole != part)
        let few = FoldedMetrics(Array(entries.prefix(90)), dimensions: Self.dimensions) { twins.vectors[$0] }
        #expect(few.metric(for: 395) == nil && few.metric(for: 3) == nil)
    }

    @Test func `the inverse of a matrix times the matrix is one`() {
        let size = 12
        var generator = SeededGenerator(seed: 4)
        let half = (0..<size * size).map { _ in generator.unit() - 0.5 }
        var full = [Double](repeating: 0, count: size * size)
        for i in 0..<size {
            for j in 0..<size {
                for k in 0..<size { full[i * size + j] += half[i * size + k] * half[j * size + k] }
                if i == j { full[i * size + j] += 0.3 }
            }
        }
        let packed = (0..<size).flatMap { row in full[row * size...row * size + row] }
        let inverse = CholeskyFactor(packed: packed, size: size).inverse()
        for i in 0..<size {
            for j in 0..<size {
                let product = (0..<size).reduce(0) { $0 + full[i * size + $1] * inverse[$1 * size + j] }
                #expect(abs(product - (i == j ? 1 : 0)) < 1e-9)
            }
        }
    }
}
