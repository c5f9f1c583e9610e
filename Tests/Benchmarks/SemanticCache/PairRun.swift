import LLMKit

/// The benchmark on pairs of questions: one of each pair is remembered, the other asked.
struct PairRun {
    typealias Row = (a: String, b: String, isSame: Bool)

    let train: [Row]
    let dev: [Row]
    let test: [Row]
    let goal: Calibration.Goal
    let seed: UInt64

    func run(_ source: VectorSource) async throws {
        let known = try await samples("train", train, source) + samples("dev", dev, source)
        let calibration = try Calibration.fit(
            known.map {
                CalibrationSample(
                    similarity: $0.similarity,
                    overlap: $0.overlap,
                    conflicts: $0.conflicts,
                    isSame: $0.isSame
                )
            },
            goal: goal,
            seed: seed
        )
        let policy = CalibratedPolicy(calibration)
        var (hits, wrong) = (0, 0)
        let unknown = try await samples("test", test, source)
        for pair in unknown {
            let neighbour = Neighbourhood.Neighbour(
                entry: 0,
                similarity: pair.similarity,
                answer: 0,
                conflicts: pair.conflicts,
                overlap: pair.overlap
            )
            guard policy.decide(Neighbourhood([neighbour])).action == .serve else { continue }
            hits += 1
            if !pair.isSame { wrong += 1 }
        }
        var line = ResultLine()
        line.add("hit_rate", Double(hits) / Double(unknown.count), places: 4)
        line.add("wrong_share", Double(wrong) / Double(max(1, hits)), places: 4)
        line.add("oos_hits", 0)
        line.add("n", unknown.count)
        line.add("hits", hits)
        line.add("wrong", wrong)
        line.add(calibration)
        line.print()
    }

    private func samples(
        _ part: String,
        _ rows: [Row],
        _ source: VectorSource
    ) async throws -> [(similarity: Double, overlap: Double, conflicts: MatchGuards, isSame: Bool)] {
        let texts = LabelledFile.pairs(rows).texts
        let vectors = Dictionary(uniqueKeysWithValues: zip(texts, try await source.vectors(part, texts)))
        return rows.map { row in
            var cosine: Float = 0
            for (x, y) in zip(vectors[row.a] ?? [], vectors[row.b] ?? []) { cosine += x * y }
            return (
                Double(cosine), QuestionTraits(row.a).overlap(with: QuestionTraits(row.b)),
                QuestionTraits(row.a).conflicts(with: QuestionTraits(row.b)), row.isSame
            )
        }
    }
}
