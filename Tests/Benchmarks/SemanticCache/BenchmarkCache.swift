import LLMKit

/// The parts of a semantic cache that decide, without the rest: the index, the guards, the policy.
struct BenchmarkCache {
    private struct Entry {
        var vector: [Float]
        var traits: QuestionTraits
        var answer: UInt64
    }

    private let policy: any HitPolicy
    private let index: VectorIndex
    private var entries: [Entry] = []
    private let dimensions: Int
    /// What tells answers apart, as the cache fits it: anew when a quarter has changed.
    private var metric: AnswerMetric?
    private var changes = 0

    init(_ policy: some HitPolicy, dimensions: Int) throws {
        self.policy = policy
        self.dimensions = dimensions
        index = try VectorIndex(dimensions: dimensions)
    }

    mutating func insert(_ vector: [Float], _ traits: QuestionTraits, answer: UInt64) throws {
        try index.insert(vector, id: Int64(entries.count))
        entries.append(Entry(vector: vector, traits: traits, answer: answer))
        changes += 1
        guard policy.needsMutual, changes * 4 >= entries.count,
            entries.count > AnswerMetric.leastDeviations(dimensions)
        else { return }
        changes = 0
        metric = AnswerMetric(answers: entries.map(\.answer), dimensions: dimensions) { entries[$0].vector }
    }

    /// Forgets the entry that was inserted last.
    mutating func removeLast() {
        index.remove(Int64(entries.count - 1))
        entries.removeLast()
    }

    /// The number of the answer that is served; `nil` if the model has to be asked.
    func answer(to vector: [Float], _ traits: QuestionTraits) throws -> UInt64? {
        let decided = try decide(vector, traits)
        return decided.decision.action == .serve ? decided.answer : nil
    }

    /// What is decided, on what, and the answer that was judged.
    func decide(
        _ vector: [Float],
        _ traits: QuestionTraits
    ) throws -> (decision: HitDecision, found: Neighbourhood, answer: UInt64?) {
        let matches = try index.nearest(policy.neighbours, to: vector, atLeast: Float(policy.floor))
        let near = matches.map { entries[Int($0.id)] }
        var neighbours = zip(matches, near).map { match, entry in
            Neighbourhood.Neighbour(
                entry: match.id,
                similarity: Double(match.similarity),
                answer: entry.answer,
                conflicts: traits.conflicts(with: entry.traits),
                overlap: traits.overlap(with: entry.traits)
            )
        }
        if let metric {
            let kinships = metric.kinships(of: vector, with: near.map(\.vector))
            for (place, kinship) in zip(neighbours.indices, kinships) { neighbours[place].kinship = kinship }
        }
        let mutual = policy.needsMutual ? Self.mutual(near.map(\.vector)) : []
        let found = Neighbourhood(neighbours, mutual: mutual, count: entries.count).relaxed(by: near.map(\.traits))
        let decision = policy.decide(found)
        return (decision, found, decision.neighbour.map { neighbours[$0].answer })
    }

    private static func mutual(_ rows: [[Float]]) -> [Float] {
        rows.indices.flatMap { i in (0..<i).map { j in zip(rows[i], rows[j]).reduce(0) { $0 + $1.0 * $1.1 } } }
    }
}
