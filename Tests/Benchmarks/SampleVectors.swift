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

    init(rows count: Int, queries: Int) {
        var generator = SplitMix64(seed: 1)
        rows = (0..<count).flatMap { _ in Self.unit((0..<384).map { _ in Float.random(in: -1...1, using: &generator) })
        }
        self.queries = (0..<queries).flatMap { _ in
            Self.unit((0..<384).map { _ in Float.random(in: -1...1, using: &generator) })
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

    private static func unit(_ vector: [Float]) -> [Float] {
        var square: Float = 0
        for number in vector { square += number * number }
        let factor = 1 / square.squareRoot()
        return vector.map { $0 * factor }
    }
}

/// Steele, Lea and Flood's generator: the same numbers on every run.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
