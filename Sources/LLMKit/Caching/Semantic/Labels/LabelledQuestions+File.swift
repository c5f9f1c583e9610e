extension LabelledQuestions {
    /// Reads questions and the names of their answers from a file, and has them embedded.
    ///
    /// Either JSON lines, `{"question": "When do you open?", "answer": "opening hours"}`, or a `.csv` or `.tsv` with the columns
    /// `question` and `answer`, separated by commas, semicolons or tabs. An empty or `null` answer is one of its own: no other's will do for that question. Reading
    /// blocks, and some thousand questions take an embedder seconds.
    /// - Parameters:
    ///   - path: the file.
    ///   - embedder: that of the cache which is to be calibrated.
    ///   - remembered: how many of the questions, from the first, are remembered; the others are only asked. `nil` for all.
    /// - Throws: ``LLMError``: with code `invalid_request`, and the line, if the file is none; what the embedder throws.
    public init(contentsOf path: String, embedder: some Embedder, remembered: Int? = nil) async throws {
        guard case .questions(let questions) = try LabelledFile(path) else {
            throw LLMError(
                .invalidRequest,
                "\(path): holds pairs, not questions with answers; read it with `CalibrationSample.samples(ofPairsIn:embedder:)`"
            )
        }
        var numbers: [String: UInt64] = [:]
        let answers = questions.map { question in
            question.answer.map { name in
                let number = numbers[name] ?? UInt64(numbers.count)
                numbers[name] = number
                return number
            }
        }
        let texts = questions.map(\.text)
        try self.init(
            texts,
            vectors: await Self.vectors(of: texts, embedder),
            answers: answers,
            remembered: remembered
        )
        origin = embedder.info.origin
    }

    /// So many texts at once keep the memory of an embedder small.
    private static let batch = 256

    static func vectors(of texts: [String], _ embedder: some Embedder) async throws -> [[Float]] {
        var vectors: [[Float]] = []
        for start in stride(from: 0, to: texts.count, by: batch) {
            let batch = Array(texts[start..<min(start + batch, texts.count)])
            let found = try await embedder.embed(batch).vectors
            guard found.count == batch.count else {
                throw LLMError(
                    .malformedResponse,
                    "the embedder '\(embedder.info.identity)' gave \(found.count) vectors for \(batch.count) texts"
                )
            }
            vectors += found
        }
        return vectors
    }
}

extension CalibrationSample {
    /// Reads pairs of questions from a file, and has them embedded: `{"a": "…", "b": "…", "same": true}` a line, or a
    /// `.csv` or `.tsv` with these columns.
    /// - Parameters:
    ///   - path: the file.
    ///   - embedder: that of the cache which is to be calibrated.
    ///   - guards: which may object to a match.
    /// - Returns: a sample for each pair.
    /// - Throws: ``LLMError``: with code `invalid_request`, and the line, if the file is none; what the embedder throws.
    public static func samples(
        ofPairsIn path: String,
        embedder: some Embedder,
        guards: MatchGuards = .all
    ) async throws -> [CalibrationSample] {
        guard case .pairs(let pairs) = try LabelledFile(path) else {
            throw LLMError(
                .invalidRequest,
                "\(path): holds questions with answers, not pairs; read it with `LabelledQuestions(contentsOf:embedder:)`"
            )
        }
        let a = try await LabelledQuestions.vectors(of: pairs.map(\.a), embedder)
        let b = try await LabelledQuestions.vectors(of: pairs.map(\.b), embedder)
        return pairs.indices.map { place in
            let (one, other) = (QuestionTraits(pairs[place].a), QuestionTraits(pairs[place].b))
            var sample = CalibrationSample(
                similarity: cosine(of: a[place], and: b[place]),
                overlap: one.overlap(with: other),
                conflicts: one.conflicts(with: other).intersection(guards),
                isSame: pairs[place].isSame
            )
            sample.vectors = embedder.info.origin
            return sample
        }
    }
}
