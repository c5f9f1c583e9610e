public import LLMKit

/// Checks that an embedder keeps the rules of ``LLMKit/Embedder``, for the tests of whoever writes one.
///
/// ```swift
/// try await EmbedderConformance().check { MyEmbedder() }
/// ```
public struct EmbedderConformance: Sendable {
    package var tolerance: Float
    package var patience: Duration

    /// - Parameters:
    ///   - tolerance: how far from one a vector's length may be, and how far apart the vectors of one text: in another batch
    ///     the same text may be added up in another order; embedders of few bits need more.
    ///   - patience: how long anything may take.
    public init(tolerance: Float = 1e-3, patience: Duration = .seconds(30)) {
        self.tolerance = tolerance
        self.patience = patience
    }

    /// Runs every check.
    /// - Parameter makeEmbedder: makes an embedder; called several times.
    /// - Throws: ``ConformanceFailure`` that lists every broken rule.
    public func check<Tested: Embedder>(
        _ makeEmbedder: @escaping @Sendable () async throws -> Tested
    ) async throws(ConformanceFailure) {
        let report = ConformanceReport("Embedder")
        await report.run("what is known beforehand") { try await checkInfo(makeEmbedder, report) }
        for (what, texts) in Self.batches {
            await report.run(what) {
                _ = try await embed(texts, with: try await makeEmbedder(), what, report)
            }
        }
        await report.run("the order of a batch") { try await checkOrder(try await makeEmbedder(), report) }
        await report.run("two embedders of one identity") {
            let first = try await embed(Self.questions, with: try await makeEmbedder(), "questions", report)
            let second = try await embed(Self.questions, with: try await makeEmbedder(), "questions", report)
            report.expect(areAlike(first, second), "embedders of one identity give one text different vectors")
        }
        await report.run("use by many tasks at the same time") {
            try await checkConcurrency(try await makeEmbedder(), report)
        }
        try report.finish()
    }

    private static let questions = [
        "How tall is Mont Blanc?", "Can I change the delivery address of my order?", "Was kostet ein Zimmer für zwei?",
        "How high is the Mont Blanc?", "東京の人口は？",
    ]

    private static let batches: [(String, [String])] = [
        ("no texts", []),
        ("an empty text", ["", " \n\t"]),
        ("an empty text between others", [questions[0], "", questions[1]]),
        ("very long texts", [String(repeating: "word ", count: 20_000), String(repeating: "x", count: 100_000)]),
        (
            "hostile texts",
            [
                "\0", "\u{200B}\u{FEFF}", "\u{202E}desrever", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
                "e\u{301}\u{327}",
                String(repeating: "\u{301}", count: 1_000), "[CLS] [SEP] [MASK] <|endoftext|>", "\"\\\u{7}",
                "\u{10FFFF}\u{FFFE}",
                "???", "'; DROP TABLE answers; --",
            ]
        ),
        ("many texts", (0..<70).map { "What is the answer to question \($0)?" }),
    ]

    private func embed(
        _ texts: [String],
        with embedder: some Embedder,
        _ what: String,
        _ report: ConformanceReport
    ) async throws -> [[Float]] {
        let vectors = try await patiently(patience) { try await embedder.embed(texts) }.vectors
        report.expect(vectors.count == texts.count, "\(vectors.count) vectors for \(texts.count) texts (\(what))")
        for vector in vectors {
            let dimensions = embedder.info.dimensions
            guard vector.count == dimensions else {
                report.fail("a vector has \(vector.count) numbers, not the \(dimensions) of its info (\(what))")
                break
            }
            let squares = vector.reduce(0) { $0 + $1 * $1 }
            // Written so that what is no number fails too.
            guard abs(squares.squareRoot() - 1) <= tolerance else {
                report.fail("a vector has the length \(squares.squareRoot()), not 1 (\(what))")
                break
            }
        }
        return vectors
    }

    private func checkInfo<Tested: Embedder>(
        _ makeEmbedder: @Sendable () async throws -> Tested,
        _ report: ConformanceReport
    ) async throws {
        let (first, second) = (try await makeEmbedder(), try await makeEmbedder())
        report.expect(!first.info.identity.isEmpty, "the identity is empty")
        report.expect(first.info == second.info, "two embedders made alike must have the same info")
        report.expect(first.info.dimensions > 0, "the vectors have \(first.info.dimensions) dimensions")
        report.expect(first.info.maxTokens > 0, "\(first.info.maxTokens) tokens of a text count")
        try first.validate()
    }

    private func checkOrder(_ embedder: some Embedder, _ report: ConformanceReport) async throws {
        let texts = Self.questions
        let batch = try await embed(texts, with: embedder, "questions", report)
        var single: [[Float]] = []
        for text in texts { single += try await embed([text], with: embedder, "one question", report) }
        report.expect(areAlike(batch, single), "vectors must come in the order of their texts, each the same as alone")
        let twice = try await embed([texts[0], texts[1], texts[0]], with: embedder, "a text twice", report)
        guard twice.count == 3 else { return }
        report.expect(areAlike([twice[0]], [twice[2]]), "a text that comes twice must have the same vector twice")
        report.expect(
            !areAlike([twice[0]], [twice[1]]),
            "texts that have nothing in common must have different vectors"
        )
    }

    private func areAlike(_ a: [[Float]], _ b: [[Float]]) -> Bool {
        a.count == b.count
            && zip(a, b).allSatisfy { a, b in
                a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
            }
    }

    private func checkConcurrency(_ embedder: some Embedder, _ report: ConformanceReport) async throws {
        let expected = try await embed(Self.questions, with: embedder, "questions", report)
        guard expected.count == Self.questions.count else { return }
        let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<32 {
                group.addTask {
                    let place = index % Self.questions.count
                    let vectors = try await patiently(patience) { try await embedder.embed([Self.questions[place]]) }
                        .vectors
                    return !areAlike(vectors, [expected[place]])
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        report.expect(wrong == 0, "\(wrong) of 32 tasks at the same time did not get their own text's vector")
    }
}
