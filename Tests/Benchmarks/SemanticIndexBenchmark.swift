import LLMKit

/// How long an exact search of a vector index takes, on one thread and in CPU time, and whether it ever is wrong.
struct SemanticIndexBenchmark {
    private let rows: Int
    private let threshold: Float
    private let precision: VectorIndex.Precision
    private let neighbours: Int
    private let queries: Int
    private let file: String?
    /// Where to write queries and rows to, for other programs to search.
    private let dump: String?

    init(_ options: Options) throws {
        rows = try options.int("rows", 10_000)
        // Calibrated and adaptive policies want the nearest whatever their cosine.
        threshold = options.has("any") ? 0 : Float(try options.double("threshold", 0.85))
        precision = options.has("f16") ? .f16 : .f32
        neighbours = try options.int("k", 1)
        queries = try options.int("queries", rows > 300_000 ? 200 : 500)
        file = options.optionalText("vectors")
        dump = options.optionalText("dump")
    }

    func run() async throws {
        let sample =
            try file.map { try SampleVectors(file: $0, rows: rows, queries: queries) }
            ?? SampleVectors(rows: rows, queries: queries)
        if let dump { try sample.write(to: dump) }
        let index = try VectorIndex(dimensions: sample.dimensions, precision: precision)
        var line = ResultLine()
        line.add("rows", rows)
        line.add("dimensions", sample.dimensions)

        var began = monotonicSeconds()
        try index.insert(contentsOf: sample.rows, ids: (0..<rows).map(Int64.init))
        line.add("build_s", monotonicSeconds() - began, places: 3)
        began = monotonicSeconds()
        await index.refit()
        line.add("refit_s", monotonicSeconds() - began, places: 3)
        line.add("bytes_per_row", Double(index.bytes) / Double(rows))

        var latencies = Samples()
        var found: [[VectorIndex.Match]] = []
        for round in 0..<(rows > 300_000 ? 3 : 10) {
            for query in 0..<queries {
                let start = threadCPUSeconds()
                let matches = try sample.withQuery(query) { query in
                    neighbours == 1
                        ? try index.best(near: query, atLeast: threshold).map { [$0] } ?? []
                        : try index.nearest(neighbours, to: query, atLeast: threshold)
                }
                latencies.add(threadCPUSeconds() - start)
                if round == 0 { found.append(matches) }
            }
        }
        line.add("p50_us", latencies.microseconds(at: 0.5), places: 2)
        line.add("p99_us", latencies.microseconds(at: 0.99), places: 2)
        line.add("hits", found.count { !$0.isEmpty })
        line.add("queries", queries)
        let reference = ExactNeighbours(sample: precision == .f32 ? sample : sample.asStored(in: index))
        line.add("mismatches", reference.mismatches(found, threshold: threshold, neighbours: neighbours))
        try measureChanges(index, sample, &line)
        line.print()
    }

    /// Inserts and removes rows, as medians, while the index is as large as it was.
    private func measureChanges(_ index: VectorIndex, _ sample: SampleVectors, _ line: inout ResultLine) throws {
        var inserts = Samples()
        var removals = Samples()
        let changes = 1000
        for change in 0..<changes {
            try sample.withQuery(change % queries) { vector in
                let start = threadCPUSeconds()
                try index.insert(vector, id: Int64(rows + change))
                inserts.add(threadCPUSeconds() - start)
            }
        }
        for change in 0..<changes {
            let start = threadCPUSeconds()
            index.remove(Int64(rows + change))
            removals.add(threadCPUSeconds() - start)
        }
        line.add("insert_us", inserts.mean * 1e6, places: 2)
        line.add("delete_us", removals.mean * 1e6, places: 2)
        line.add("insert_p50_us", inserts.microseconds(at: 0.5), places: 2)
        line.add("delete_p50_us", removals.microseconds(at: 0.5), places: 2)
    }
}
