import LLMKit

/// The benchmark on questions with canned answers.
struct IntentRun {
    typealias Row = (text: String, answer: String?)

    let train: [Row]
    let dev: [Row]
    let test: [Row]
    let goal: Calibration.Goal
    let seed: UInt64
    /// Pairs of which one must not get the other's answer, to be asked once the test is over.
    let twins: [Twin]

    func run(_ source: VectorSource) async throws {
        let began = monotonicSeconds()
        let rows = train + dev + test
        let known = train.count + dev.count
        let traits = rows.map { QuestionTraits($0.text) }
        var answers = AnswerNumbers()
        let numbers = rows.map { answers.number($0.answer) }
        var vectors = try await source.vectors("train", train.map(\.text))
        vectors += try await source.vectors("dev", dev.map(\.text))
        vectors += try await source.vectors("test", test.map(\.text))
        let embedded = monotonicSeconds()

        // The test rows take no part in this.
        let labelled = try LabelledQuestions(
            rows[..<known].map(\.text),
            vectors: Array(vectors[..<known]),
            answers: Array(numbers[..<known]),
            remembered: train.count
        )
        let samples = labelled.samples(seed: seed)
        let calibration = try Calibration.fit(samples, goal: goal, seed: seed)
        let fitted = monotonicSeconds()

        var cache = try BenchmarkCache(CalibratedPolicy(calibration), dimensions: vectors[0].count)
        for row in train.indices {
            try cache.insert(vectors[row], traits[row], answer: numbers[row] ?? answers.own(row))
        }
        var (hits, wrong, strangers, strangerHits) = (0, 0, 0, 0)
        for row in known..<rows.count {
            if numbers[row] == nil { strangers += 1 }
            guard let answer = try cache.answer(to: vectors[row], traits[row]) else {
                try cache.insert(vectors[row], traits[row], answer: numbers[row] ?? answers.own(row))
                continue
            }
            hits += 1
            if answer != numbers[row] { wrong += 1 }
            if numbers[row] == nil { strangerHits += 1 }
        }

        var line = ResultLine()
        line.add("hit_rate", Double(hits) / Double(test.count), places: 4)
        line.add("wrong_share", Double(wrong) / Double(max(1, hits)), places: 4)
        line.add("oos_hits", strangerHits)
        line.add("n", test.count)
        line.add("oos_share", Double(strangerHits) / Double(max(1, strangers)), places: 4)
        line.add("hits", hits)
        line.add("wrong", wrong)
        line.add("oos", strangers)
        line.add(calibration)
        line.add("embed_s", embedded - began, places: 2)
        line.add("fit_s", fitted - embedded, places: 2)
        if !twins.isEmpty {
            let outcome = try await TwinOutcome(twins, cache, answers.own(rows.count), source)
            line.add("twins", outcome.twins)
            line.add("twins_served", outcome.served)
            line.add("paraphrases", outcome.paraphrases)
            line.add("paraphrases_served", outcome.paraphrasesServed)
        }
        line.print()
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

extension ResultLine {
    /// What was decided, and on what grounds.
    mutating func add(_ calibration: Calibration) {
        guard let stage = calibration.stages.first else { return }
        add("threshold", stage.threshold, places: 5)
        add("calibration_n", stage.samples)
        add("calibration_hit_rate", Double(stage.hits) / Double(max(1, stage.samples)), places: 4)
        add("calibration_wrong_share", Double(stage.wrong) / Double(max(1, stage.hits)), places: 4)
        add("calibration_limit", stage.limit, places: 4)
        add("calibration_oos_share", Double(stage.strangerHits) / Double(max(1, stage.strangers)), places: 4)
        add("stages", calibration.stages.count)
    }
}
