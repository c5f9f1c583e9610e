/// Questions of which it is known which share an answer, to calibrate from.
///
/// Their samples are what a cache would have decided on that remembers all of them but the one that is asked.
public struct LabelledQuestions: Sendable {
    /// The unit vector of each question.
    private let vectors: [Float]
    private let dimensions: Int
    /// The answer of each; questions without one get a number of their own.
    private let answers: [UInt64]
    private let hasAnswer: [Bool]
    private let traits: [QuestionTraits]
    /// How many of the questions, from the first, are remembered; the others are only asked.
    private let remembered: Int
    /// Whose vectors they are; `nil` where nobody has said.
    var origin: VectorOrigin?

    /// - Parameters:
    ///   - texts: the questions.
    ///   - vectors: a unit vector per question, all from one embedder.
    ///   - answers: a number per question: the same for those that one answer does for; `nil` for those that no other's
    ///     answer will ever do for.
    ///   - remembered: how many of the questions, from the first, are remembered; the others are only asked. `nil` for all.
    /// - Throws: ``LLMError/Code/invalidRequest`` if the numbers do not fit together.
    public init(
        _ texts: [String],
        vectors: [[Float]],
        answers: [UInt64?],
        remembered: Int? = nil
    ) throws(LLMError) {
        dimensions = vectors.first?.count ?? 0
        let dimensions = dimensions
        guard vectors.count == answers.count, texts.count == answers.count, dimensions > 0,
            vectors.allSatisfy({ $0.count == dimensions })
        else {
            throw LLMError(
                .invalidRequest,
                "LabelledQuestions: \(texts.count) texts, \(vectors.count) vectors and \(answers.count) answers; each text needs one vector, all of the same length, and one answer"
            )
        }
        guard vectors.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            throw LLMError(.invalidRequest, "LabelledQuestions: a vector holds a number that is not finite")
        }
        self.vectors = vectors.flatMap { $0 }
        traits = texts.map { QuestionTraits($0) }
        self.remembered = min(max(0, remembered ?? vectors.count), vectors.count)
        hasAnswer = answers.map { $0 != nil }
        // Answers are numbered anew, so that those of their own cannot meet another's.
        var numbers: [UInt64: UInt64] = [:]
        self.answers = answers.enumerated().map { row, answer in
            guard let answer else { return UInt64(row) << 1 | 1 }
            let number = numbers[answer] ?? UInt64(numbers.count) << 1
            numbers[answer] = number
            return number
        }
    }

    /// What a cache would have decided on, for every question and every thinning of the cache.
    ///
    /// It compares every question with every other: some seconds for ten thousand questions. Not for an actor or the main
    /// thread.
    /// - Parameters:
    ///   - neighbours: how many neighbours to look for, 1 to 48.
    ///   - thinnings: every how many-th question the caches remember, each 1 or more. A calibration learns a stage from
    ///     each.
    ///   - seed: chooses which those are.
    ///   - guards: which may object to a match.
    public func samples(
        neighbours: Int = 48,
        thinnings: [Int] = [1, 4, 16],
        seed: UInt64 = 0,
        guards: MatchGuards = .all
    ) -> [CalibrationSample] {
        let neighbours = min(max(1, neighbours), Calibration.mostNeighbours)
        return thinnings.flatMap { thinning in
            let entries = (0..<remembered).filter {
                thinning <= 1
                    || SeededGenerator.mixed(seed &+ UInt64($0) &* 0x9E37_79B9_7F4A_7C15) % UInt64(thinning) == 0
            }
            return samples(entries: entries, neighbours: neighbours, guards: guards)
        }
    }

    private func samples(
        entries: [Int],
        neighbours: Int,
        guards: MatchGuards
    ) -> [CalibrationSample] {
        guard !entries.isEmpty else { return [] }
        let metrics = FoldedMetrics(entries.map { (row: $0, answer: answers[$0]) }, dimensions: dimensions) {
            rows([$0])
        }
        var members: [UInt64: Int] = [:]
        for entry in entries { members[answers[entry], default: 0] += 1 }
        let isEntry = Set(entries)
        let matrix = rows(entries)
        var samples: [CalibrationSample] = []
        samples.reserveCapacity(answers.count)
        let blockSize = 64
        var products = [Float](repeating: 0, count: blockSize * entries.count)
        for start in stride(from: 0, to: answers.count, by: blockSize) {
            let block = Array(start..<min(start + blockSize, answers.count))
            multiply(rows(block), block.count, matrix, entries.count, into: &products)
            for (line, question) in block.enumerated() {
                let cosines = products[line * entries.count..<(line + 1) * entries.count]
                let nearest = Self.nearest(neighbours, cosines, entries, without: question)
                let itself = isEntry.contains(question) ? 1 : 0
                let others = members[answers[question], default: 0] - itself
                var found = neighbourhood(question, nearest, count: entries.count - itself, guards)
                if let metric = metrics.metric(for: question) {
                    let kinships = metric.kinships(of: rows([question]), with: nearest.map { rows([$0.entry]) })
                    for (place, kinship) in kinships.enumerated() { found.neighbours[place].kinship = kinship }
                }
                var sample = CalibrationSample(
                    found,
                    answer: hasAnswer[question] ? answers[question] : nil,
                    isAnswerable: hasAnswer[question] && others > 0,
                    neighbours: neighbours
                )
                sample.vectors = origin
                samples.append(sample)
            }
        }
        return samples
    }

    private func neighbourhood(
        _ question: Int,
        _ nearest: [(entry: Int, cosine: Float)],
        count: Int,
        _ guards: MatchGuards
    ) -> Neighbourhood {
        let neighbours = nearest.map { entry, cosine in
            Neighbourhood.Neighbour(
                entry: Int64(entry),
                similarity: Double(cosine),
                answer: answers[entry],
                conflicts: traits[question].conflicts(with: traits[entry]).intersection(guards),
                overlap: traits[question].overlap(with: traits[entry])
            )
        }
        let mutual = MutualCosines.among(nearest.map { rows([$0.entry]) })
        let relaxed = GuardTolerance.relaxed(neighbours, nearest.map { traits[$0.entry] })
        return Neighbourhood(relaxed, mutual: mutual, count: count)
    }

    /// The entries of the largest cosines, the largest first; none below zero.
    private static func nearest(
        _ count: Int,
        _ cosines: ArraySlice<Float>,
        _ entries: [Int],
        without question: Int
    ) -> [(entry: Int, cosine: Float)] {
        var best: [(entry: Int, cosine: Float)] = []
        best.reserveCapacity(count + 1)
        var least: Float = 0
        for (entry, cosine) in zip(entries, cosines) where cosine >= least && entry != question {
            if best.count == count, cosine <= least { continue }
            let place = best.firstIndex { $0.cosine < cosine } ?? best.count
            best.insert((entry, cosine), at: place)
            if best.count > count { best.removeLast() }
            if best.count == count, let last = best.last { least = last.cosine }
        }
        return best
    }

    private func rows(_ places: [Int]) -> [Float] {
        var matrix: [Float] = []
        matrix.reserveCapacity(places.count * dimensions)
        for place in places { matrix += vectors[place * dimensions..<(place + 1) * dimensions] }
        return matrix
    }

    /// The products of every row of one matrix with every row of another.
    private func multiply(_ a: [Float], _ aRows: Int, _ b: [Float], _ bRows: Int, into products: inout [Float]) {
        guard aRows > 0, bRows > 0 else { return }
        LinearAlgebra.multiply(
            .init(rows: aRows, columns: bRows, depth: dimensions, isSecondTransposed: true),
            a,
            b,
            into: &products
        )
    }
}

extension LabelledQuestions: CustomStringConvertible {
    /// Such as `120 questions with 14 answers, 9 without one`.
    public var description: String {
        let known = Set(zip(answers, hasAnswer).filter(\.1).map(\.0)).count
        let open = hasAnswer.count { !$0 }
        return "\(answers.count) questions with \(known) answers" + (open == 0 ? "" : ", \(open) without one")
    }
}
