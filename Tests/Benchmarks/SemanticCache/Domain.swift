import LLMKit

/// Questions with vectors, traits and the numbers of their answers.
struct Domain {
    let vectors: [[Float]]
    let traits: [QuestionTraits]
    /// Questions that no answer is right for have a number of their own.
    let answers: [UInt64]
    let isAnswerable: [Bool]

    init(_ rows: [(text: String, answer: String?)], _ source: VectorSource, part: String) async throws {
        vectors = try await source.vectors(part, rows.map(\.text))
        traits = rows.map { QuestionTraits($0.text) }
        isAnswerable = rows.map { $0.answer != nil }
        var numbers: [String: UInt64] = [:]
        answers = rows.enumerated().map { place, row in
            guard let intent = row.answer else { return 1 << 32 + UInt64(place) }
            let number = numbers[intent] ?? UInt64(numbers.count)
            numbers[intent] = number
            return number
        }
    }

    /// What a cache would have decided on while it filled.
    /// - Parameters:
    ///   - thinning: every how many-th question is asked: traffic in which few ask for the same.
    ///   - cut: the lead of the neighbours' vote from which on a question counts as answered, and is not remembered.
    func coldSamples(seed: UInt64, thinning: Int, cut: Double) throws -> [CalibrationSample] {
        var generator = SplitMix64(seed: seed)
        var order = Array(vectors.indices)
        order.shuffle(using: &generator)
        order.removeLast(order.count - order.count / thinning)
        var cache = try BenchmarkCache(LeadPolicy(cut: cut), dimensions: vectors.first?.count ?? 0)
        var held: Set<UInt64> = []
        return try order.prefix(5000).map { row in
            let decided = try cache.decide(vectors[row], traits[row])
            let sample = CalibrationSample(
                decided.found,
                answer: isAnswerable[row] ? answers[row] : nil,
                isAnswerable: isAnswerable[row] && held.contains(answers[row])
            )
            if decided.decision.action != .serve {
                try cache.insert(vectors[row], traits[row], answer: answers[row])
                held.insert(answers[row])
            }
            return sample
        }
    }
}
