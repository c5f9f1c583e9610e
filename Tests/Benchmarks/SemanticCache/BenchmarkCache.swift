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

    init(_ policy: some HitPolicy, dimensions: Int) throws {
        self.policy = policy
        index = try VectorIndex(dimensions: dimensions)
    }

    mutating func insert(_ vector: [Float], _ traits: QuestionTraits, answer: UInt64) throws {
        try index.insert(vector, id: Int64(entries.count))
        entries.append(Entry(vector: vector, traits: traits, answer: answer))
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
        let neighbours = zip(matches, near).map { match, entry in
            Neighbourhood.Neighbour(
                entry: match.id,
                similarity: Double(match.similarity),
                answer: entry.answer,
                conflicts: traits.conflicts(with: entry.traits),
                overlap: traits.overlap(with: entry.traits)
            )
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
