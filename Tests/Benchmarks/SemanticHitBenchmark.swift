import LLMKit
import LLMKitTesting

/// How long a pipeline takes to answer a rephrased question from a semantic cache, the embedder aside, and how long the
/// cache takes to come back from its file.
struct SemanticHitBenchmark {
    private let rows: Int
    private let threshold: Double
    private let queries: Int
    private let file: String?
    private let isCalibrated: Bool

    init(_ options: Options) throws {
        rows = try options.int("rows", 100_000)
        threshold = try options.double("threshold", 0.85)
        queries = try options.int("queries", 1000)
        file = options.optionalText("vectors")
        isCalibrated = options.has("calibrated")
    }

    func run() async throws {
        let sample =
            try file.map { try SampleVectors(file: $0, rows: rows, queries: queries) }
            ?? SampleVectors(rows: rows, queries: queries)
        let embedder = TableEmbedder(sample, rows: rows)
        let scratch = try ScratchFolder()
        defer { scratch.remove() }
        let path = "\(scratch.path)/semantic.sqlite"
        var options = SemanticCacheOptions()
        options.bytes = 4 << 30
        let policy: BuiltInPolicy =
            isCalibrated ? .calibrated(try embedder.calibration(questions: 4000)) : .fixed(threshold)
        let pipeline = try await filled(embedder, policy, path: path, options)
        var line = ResultLine()
        line.add("rows", rows)

        // Until the filter is fitted to what came in, searches are slower than they will be.
        _ = try await measure(pipeline)
        let (latencies, cpu) = try await measure(pipeline)
        line.add("hits", latencies.count)
        line.add("p50_us", latencies.microseconds(at: 0.5), places: 2)
        line.add("p99_us", latencies.microseconds(at: 0.99), places: 2)
        line.add("cpu_us", cpu * 1e6, places: 2)

        let began = monotonicSeconds()
        let again = try SemanticCache(embedder, policy: policy, path: path, options: options)
        line.add("load_s", monotonicSeconds() - began, places: 3)
        line.add("loaded", again.statistics.entries)
        line.add("bytes_per_entry", Double(again.statistics.bytes) / Double(max(1, again.statistics.entries)))
        line.print()
    }

    private func filled(
        _ embedder: TableEmbedder,
        _ policy: BuiltInPolicy,
        path: String,
        _ options: SemanticCacheOptions
    ) async throws -> Pipeline {
        let cache = try SemanticCache(embedder, policy: policy, path: path, options: options)
        let pipeline = try Pipeline(router: .to("m"), caches: [cache]) {
            ChatModel(
                "m",
                MockProvider("An answer of usual length, which somebody has asked for before in other words.")
            )
        }
        for row in 0..<rows {
            var request = ChatRequest(embedder.question(row))
            request.cachePolicy = .write
            _ = try await pipeline.respond(to: request)
        }
        return pipeline
    }

    /// The times of look-ups that hit, and their mean CPU time.
    private func measure(_ pipeline: Pipeline) async throws -> (Samples, Double) {
        var latencies = Samples()
        var cpu = 0.0
        for query in 0..<queries {
            var request = ChatRequest(TableEmbedder.question(query, of: "queries"))
            request.cachePolicy = .read
            let (began, cpuBegan) = (monotonicSeconds(), cpuSeconds())
            let response = try await pipeline.respond(to: request)
            guard response.servedBy == .semantic else { continue }
            latencies.add(monotonicSeconds() - began)
            cpu += cpuSeconds() - cpuBegan
        }
        return (latencies, cpu / Double(max(1, latencies.count)))
    }
}

/// Looks vectors up instead of computing them.
///
/// All questions have the same words, so that the guards work but never object; punctuation tells them apart.
private struct TableEmbedder: Embedder {
    let info: EmbedderInfo
    private let sample: SampleVectors
    private let rows: Int

    init(_ sample: SampleVectors, rows: Int) {
        self.sample = sample
        self.rows = rows
        info = EmbedderInfo(identity: "table", dimensions: sample.dimensions, maxTokens: 512)
    }

    /// Fitted to the first rows, which share an answer with the nearest one before them if it is very near: what that is
    /// worth does not matter here, only how long such a decision takes.
    func calibration(questions count: Int) throws -> Calibration {
        let count = min(count, rows)
        let dimensions = sample.dimensions
        let vectors = (0..<count).map { Array(sample.rows[$0 * dimensions..<($0 + 1) * dimensions]) }
        let index = try VectorIndex(dimensions: dimensions)
        var answers: [UInt64?] = []
        for (row, vector) in vectors.enumerated() {
            let near = try index.best(near: vector, atLeast: 0.72)
            answers.append(near.flatMap { answers[Int($0.id)] } ?? UInt64(row))
            try index.insert(vector, id: Int64(row))
        }
        let texts = (0..<count).map { question($0) }
        let labelled = try LabelledQuestions(texts, vectors: vectors, answers: answers)
        return try Calibration.fit(labelled.samples(), goal: .init(wrongShare: 0.1))
    }

    func question(_ row: Int) -> String { Self.question(row, of: "rows") }

    static func question(_ number: Int, of kind: String) -> String {
        let bits = (0..<20).map { number >> $0 & 1 == 0 ? "." : "!" }.joined()
        return "How do I get a refund for a cancelled order\(kind == "rows" ? "?" : ";")\(bits)"
    }

    func embed(_ texts: [String]) -> Embeddings {
        Embeddings(
            texts.map { text in
                let bits = text.suffix(20).enumerated().reduce(0) { $0 | ($1.element == "!" ? 1 << $1.offset : 0) }
                if text.dropLast(20).last == "?" {
                    return Array(sample.rows[bits * sample.dimensions..<(bits + 1) * sample.dimensions])
                }
                return sample.withQuery(bits) { Array($0) }
            }
        )
    }
}
