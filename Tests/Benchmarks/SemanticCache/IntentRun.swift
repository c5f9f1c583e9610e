import LLMKit

/// The benchmark on questions with canned answers.
struct IntentRun {
    typealias Row = (text: String, intent: String?)

    let train: [Row]
    let dev: [Row]
    let test: [Row]
    let goal: Calibration.Goal
    let seed: UInt64

    func run(_ source: VectorSource) async throws {
        let began = monotonicSeconds()
        var line = ResultLine()
        var answers = AnswerNumbers()
        let rows = train + dev + test
        let numbers = rows.map { answers.number($0.intent) }
        let vectors =
            try await source.vectors("train", train.map(\.text))
            + source.vectors("dev", dev.map(\.text)) + source.vectors("test", test.map(\.text))
        let traits = rows.map { TextTraits($0.text) }
        let known = train.count + dev.count

        let labelled = try LabelledQuestions(
            vectors: Array(vectors[..<known]),
            answers: Array(numbers[..<known]),
            remembered: train.count
        )
        let samples = labelled.samples(seed: seed) { asked, remembered in
            (traits[asked].overlap(with: traits[remembered]), traits[asked].conflicts(with: traits[remembered]))
        }
        let calibration = try Calibration.fit(samples, goal: goal, seed: seed)
        let fitted = monotonicSeconds()

        let policy = CalibratedPolicy(calibration)
        let index = try VectorIndex(dimensions: vectors[0].count)
        for row in train.indices { try index.insert(vectors[row], id: Int64(row)) }
        var count = train.count
        var (hits, wrong, strangers, strangerHits) = (0, 0, 0, 0)
        var latencies = Samples()
        for row in known..<rows.count {
            let isStranger = numbers[row] == nil
            if isStranger { strangers += 1 }
            let start = threadCPUSeconds()
            let matches = try index.nearest(policy.neighbours, to: vectors[row], atLeast: Float(policy.floor))
            let found = Neighbourhood(
                matches.map { match in
                    let entry = Int(match.id)
                    return Neighbourhood.Neighbour(
                        entry: match.id,
                        similarity: Double(match.similarity),
                        answer: numbers[entry] ?? answers.own(entry),
                        conflicts: traits[row].conflicts(with: traits[entry]),
                        overlap: traits[row].overlap(with: traits[entry])
                    )
                },
                mutual: mutual(matches.map { vectors[Int($0.id)] }),
                count: count
            )
            let decision = policy.decide(found)
            latencies.add(threadCPUSeconds() - start)
            if decision.action == .serve, let neighbour = decision.neighbour {
                hits += 1
                if numbers[row] == nil || found.neighbours[neighbour].answer != numbers[row] { wrong += 1 }
                if isStranger { strangerHits += 1 }
            } else {
                try index.insert(vectors[row], id: Int64(row))
                count += 1
            }
        }
        line.add("hit_rate", Double(hits) / Double(test.count), places: 4)
        line.add("wrong_share", Double(wrong) / Double(max(1, hits)), places: 4)
        line.add("oos_hits", strangerHits)
        line.add("oos_share", Double(strangerHits) / Double(max(1, strangers)), places: 4)
        line.add("n", test.count)
        line.add("hits", hits)
        line.add("wrong", wrong)
        line.add("oos", strangers)
        if let stage = calibration.stages.first {
            line.add("threshold", stage.threshold, places: 5)
            line.add("calibration_n", stage.samples)
            line.add("calibration_hit_rate", Double(stage.hits) / Double(stage.samples), places: 4)
            line.add("calibration_limit", stage.limit, places: 4)
            line.add("calibration_oos_share", Double(stage.strangerHits) / Double(max(1, stage.strangers)), places: 4)
        }
        line.add("stages", calibration.stages.count)
        line.add("fit_s", fitted - began, places: 2)
        line.add("look_up_p50_us", latencies.microseconds(at: 0.5))
        line.print()
    }

    private func mutual(_ rows: [[Float]]) -> [Float] {
        rows.indices.flatMap { i in
            (0..<i).map { j in
                var sum: Float = 0
                for place in rows[i].indices { sum += rows[i][place] * rows[j][place] }
                return sum
            }
        }
    }
}

/// Numbers the answers of a file by their names.
private struct AnswerNumbers {
    private var numbers: [String: UInt64] = [:]

    mutating func number(_ name: String?) -> UInt64? {
        guard let name else { return nil }
        let number = numbers[name] ?? UInt64(numbers.count)
        numbers[name] = number
        return number
    }

    /// The number of an answer that nothing else has.
    func own(_ entry: Int) -> UInt64 { 1 << 32 + UInt64(entry) }
}
