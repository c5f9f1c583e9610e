import CPlatform
import LLMKit

/// Unit vectors to search, and others to search them with.
struct SampleVectors {
    private(set) var dimensions = 384
    /// One after the other.
    var rows: [Float]
    private var queries: [Float]

    func withQuery<Result>(_ query: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
        try queries.withUnsafeBufferPointer {
            try body(UnsafeBufferPointer(rebasing: $0[query * dimensions..<(query + 1) * dimensions]))
        }
    }

    /// Real vectors: a NumPy file of 32-bit floats, one vector a row, shuffled.
    ///
    /// Queries are held out. Where more rows are wanted than there are, the rest is made of three rows each:
    /// x + 0.35 (y − z), made a unit vector again.
    init(file: String, rows count: Int, queries: Int) throws {
        let matrix = try NumpyFile(file)
        let (numbers, dimensions) = (matrix.numbers, matrix.columns)
        self.dimensions = dimensions
        var generator = SplitMix64(seed: 1)
        var order = Array(0..<numbers.count / dimensions)
        order.shuffle(using: &generator)
        guard order.count > queries + 2 else {
            throw UsageError(message: "\(file) has \(order.count) vectors: too few for \(queries) queries")
        }
        func vector(_ place: Int) -> ArraySlice<Float> {
            numbers[order[place] * dimensions..<(order[place] + 1) * dimensions]
        }
        self.queries = []
        for place in 0..<queries { self.queries += vector(place) }
        rows = []
        rows.reserveCapacity(count * dimensions)
        let real = min(count, order.count - queries)
        for place in 0..<real { rows += vector(queries + place) }
        for _ in real..<max(real, count) {
            let (x, y, z) = (
                Int.random(in: 0..<real, using: &generator), Int.random(in: 0..<real, using: &generator),
                Int.random(in: 0..<real, using: &generator)
            )
            var mixed = [Float](repeating: 0, count: dimensions)
            for place in 0..<dimensions {
                mixed[place] =
                    rows[x * dimensions + place]
                    + 0.35 * (rows[y * dimensions + place] - rows[z * dimensions + place])
            }
            rows += Self.unit(mixed)
        }
    }

    /// Vectors of 384 dimensions that are made up, but as hard to search as real ones.
    ///
    /// Their energy falls over the principal directions as that of 107,000 sentences in MiniLM's vectors does (.263,
    /// .382, .543, .750, .877 of it in the first 16, 32, 64, 128, 192 directions); they gather in topics and subtopics;
    /// and half of them rephrase an earlier one, at cosines of 0.72 to 0.97. So of 100,000 rows about as many pass a bound
    /// made of the first 31 or 62 directions as of real ones, and about as many queries have a neighbour.
    init(rows count: Int, queries: Int) {
        var made = TextLikeVectors(seed: 1)
        self.queries = []
        rows = []
        rows.reserveCapacity(count * dimensions)
        // A query may rephrase any row: so they are drawn from one stream, evenly spread.
        let every = max(1, (count + queries) / queries)
        for place in 0..<count + queries {
            let isQuery = place % every == every - 1 && self.queries.count < queries * dimensions
            if isQuery || rows.count == count * dimensions {
                self.queries += made.next()
            } else {
                rows += made.next()
            }
        }
    }

    /// The same with the rows as an index has rounded them.
    func asStored(in index: VectorIndex) -> SampleVectors {
        var copy = self
        copy.rows = []
        copy.rows.reserveCapacity(rows.count)
        for row in 0..<rows.count / dimensions { copy.rows += index.vector(Int64(row)) ?? [] }
        return copy
    }

    /// Writes the queries and then the rows as raw 32-bit floats.
    func write(to path: String) throws {
        guard let file = fopen(path, "wb") else { throw UsageError(message: "cannot write \(path)") }
        defer { fclose(file) }
        guard fwrite(queries, 4, queries.count, file) == queries.count, fwrite(rows, 4, rows.count, file) == rows.count
        else { throw UsageError(message: "cannot write all of \(path)") }
    }

    static func unit(_ vector: [Float]) -> [Float] {
        var square: Float = 0
        for number in vector { square += number * number }
        let factor = 1 / square.squareRoot()
        return vector.map { $0 * factor }
    }
}
