import Testing

@testable import LLMKit

@Suite struct VectorIndexTests {
    private let x: [Float] = [1, 0, 0]
    private let y: [Float] = [0, 1, 0]

    @Test func `an empty index finds nothing`() throws {
        let index = try VectorIndex(dimensions: 3)
        #expect(try index.best(near: x, atLeast: -1) == nil)
        #expect(try index.nearest(5, to: x).isEmpty)
        #expect(index.count == 0)
        #expect(!index.remove(1))
    }

    @Test func `the nearest row is found if it is near enough`() throws {
        let index = try VectorIndex(dimensions: 3)
        try index.insert(x, id: 7)
        try index.insert(y, id: -8)
        #expect(try index.best(near: [0.6, 0.8, 0], atLeast: 0.5) == VectorIndex.Match(id: -8, similarity: 0.8))
        #expect(try index.best(near: [0.6, 0.8, 0], atLeast: 0.81) == nil)
        #expect(try index.nearest(9, to: [0.6, 0.8, 0]).map(\.id) == [-8, 7])
        #expect(try index.nearest(9, to: [0.6, 0.8, 0], atLeast: 0.7).map(\.id) == [-8])
        #expect(try index.nearest(0, to: x).isEmpty)
        #expect(try index.nearest(-1, to: x).isEmpty)
    }

    @Test func `of equally near rows the one with the smallest id comes first`() throws {
        let index = try VectorIndex(dimensions: 3)
        for id: Int64 in [5, -3, 9, .max, .min, 4] { try index.insert(x, id: id) }
        #expect(try index.best(near: x, atLeast: 1)?.id == .min)
        #expect(try index.nearest(4, to: x).map(\.id) == [.min, -3, 4, 5])
    }

    @Test func `an id that is there is replaced`() throws {
        let index = try VectorIndex(dimensions: 3)
        try index.insert(x, id: 1)
        try index.insert(y, id: 1)
        #expect(index.count == 1)
        #expect(try index.nearest(9, to: x) == [VectorIndex.Match(id: 1, similarity: 0)])
        #expect(index.vector(1) == y)
        #expect(index.ids == [1])
    }

    @Test func `a removed row is not found, and may come back`() throws {
        let index = try VectorIndex(dimensions: 3)
        try index.insert(x, id: 1)
        #expect(index.contains(1))
        #expect(index.remove(1))
        #expect(!index.remove(1))
        #expect(!index.contains(1))
        #expect(index.vector(1) == nil)
        #expect(try index.best(near: x, atLeast: 0) == nil)
        try index.insert(x, id: 1)
        #expect(try index.best(near: x, atLeast: 0)?.id == 1)
    }

    @Test(arguments: [0, 1, 4097, -5]) func `sizes beyond sense are refused`(dimensions: Int) {
        #expect(throws: LLMError.self) { try VectorIndex(dimensions: dimensions) }
    }

    @Test func `a limit that holds nothing is refused`() {
        #expect(throws: LLMError.self) { try VectorIndex(dimensions: 4, byteLimit: 0) }
    }

    @Test(
        arguments: [
            ([1, 0], "2 dimensions, not 3"), ([], "0 dimensions"), ([1, 0, 0, 0], "4 dimensions"),
            ([0, 0, 0], "length is 0.0"), ([1, 1, 0], "length is 1.4142"), ([0.99, 0, 0], "length is 0.99"),
            ([.nan, 0, 1], "NaN"), ([.infinity, 0, 0], "without bound"), ([3e38, 3e38, 0], "without bound"),
        ] as [([Float], String)]
    )
    func `what is no unit vector is refused with the reason`(vector: [Float], reason: String) throws {
        let index = try VectorIndex(dimensions: 3)
        for attempt: () throws -> Void in [
            { try index.insert(vector, id: 1) }, { _ = try index.best(near: vector, atLeast: 0.5) },
            { _ = try index.nearest(3, to: vector) },
        ] {
            let error = #expect(throws: LLMError.self, performing: attempt)
            #expect(error?.code == .invalidRequest)
            #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
        }
        #expect(index.count == 0)
    }

    @Test func `a threshold that is no number is refused`() throws {
        let index = try VectorIndex(dimensions: 3)
        #expect(throws: LLMError.self) { try index.best(near: x, atLeast: .nan) }
    }

    @Test func `thresholds beyond one find nothing, and those below minus one everything`() throws {
        let index = try VectorIndex(dimensions: 3)
        try index.insert(x, id: 1)
        #expect(try index.best(near: x, atLeast: 1.1) == nil)
        #expect(try index.best(near: x, atLeast: .infinity) == nil)
        #expect(try index.best(near: [-1, 0, 0], atLeast: -.infinity)?.id == 1)
    }

    @Test func `many rows go in at once`() throws {
        let index = try VectorIndex(dimensions: 3)
        try index.insert(contentsOf: x + y, ids: [1, 2])
        #expect(Set(index.ids) == [1, 2])
        #expect(throws: LLMError.self) { try index.insert(contentsOf: x + y, ids: [1]) }
        let error = #expect(throws: LLMError.self) { try index.insert(contentsOf: x + [0, 0, 0], ids: [3, 4]) }
        #expect(error?.message.contains("vector of id 4") == true)
        #expect(Set(index.ids) == [1, 2, 3])
    }

    @Test func `an index that is full says so, and takes rows again once some are gone`() throws {
        let index = try VectorIndex(dimensions: 384, byteLimit: 400_000, refits: RefitPolicy(isAutomatic: false))
        var samples = VectorSamples(.random, dimensions: 384, seed: 1)
        var inserted: Int64 = 0
        let error = #expect(throws: LLMError.self) {
            while true {
                try index.insert(samples.next(), id: inserted)
                inserted += 1
            }
        }
        #expect(error?.code == .storage)
        #expect(index.bytes <= 400_000)
        #expect(inserted > 150)
        #expect(index.count == Int(inserted))
        for id in 0..<64 { index.remove(Int64(id)) }
        index.refitNow()
        try index.insert(samples.next(), id: 1000)
    }

    @Test func `half precision rounds rows only`() throws {
        let index = try VectorIndex(dimensions: 384, precision: .f16)
        var samples = VectorSamples(.random, dimensions: 384, seed: 2)
        let vector = samples.next()
        try index.insert(vector, id: 1)
        let stored = try #require(index.vector(1))
        #expect(zip(stored, vector).allSatisfy { abs($0 - $1) <= abs($1) / 2048 + 1e-7 })
        let match = try #require(try index.best(near: vector, atLeast: 0.99))
        #expect(abs(Double(match.similarity) - VectorSamples.dot(stored, vector)) < 1e-6)
    }

    @Test func `a row takes as little memory as was promised`() async throws {
        for (precision, limit) in [(VectorIndex.Precision.f32, 1760.0), (.f16, 990)] {
            let index = try VectorIndex(dimensions: 384, precision: precision, refits: RefitPolicy(isAutomatic: false))
            var samples = VectorSamples(.clustered, dimensions: 384, seed: 3)
            let vectors = (0..<500).map { _ in samples.next() }
            for id in 0..<10_000 { try index.insert(vectors[id % 500], id: Int64(id)) }
            index.refitNow()
            #expect(Double(index.bytes) / 10_000 <= limit)
        }
    }

    @Test func `memory of removed rows comes back`() throws {
        let index = try VectorIndex(dimensions: 64, refits: RefitPolicy(leastRows: 500, isAutomatic: false))
        var samples = VectorSamples(.random, dimensions: 64, seed: 4)
        for id in 0..<2000 { try index.insert(samples.next(), id: Int64(id)) }
        index.refitNow()
        let before = index.bytes
        let kept = try #require(index.vector(1999))
        for id in 0..<1999 where id % 10 != 0 { index.remove(Int64(id)) }
        index.refitNow()
        #expect(index.count == 201)
        #expect(index.bytes < before / 4)
        #expect(index.vector(1999) == kept)
        #expect(try index.best(near: kept, atLeast: 0.99)?.id == 1999)
    }

    @Test func `rows that come and go without end take no more memory in the end`() throws {
        let index = try VectorIndex(dimensions: 16, refits: RefitPolicy(leastRows: 500, isAutomatic: false))
        var samples = VectorSamples(.random, dimensions: 16, seed: 5)
        var bytes: [Int] = []
        for round in 0..<6 {
            for id in 0..<1000 { try index.insert(samples.next(), id: Int64(id % 100)) }
            index.refitNow()
            if round > 0 { bytes.append(index.bytes) }
        }
        #expect(Set(bytes).count <= 2)
        #expect(index.count == 100)
    }

    @Test func `fits begin by themselves, and change no result`() async throws {
        let index = try VectorIndex(dimensions: 32, refits: RefitPolicy(leastRows: 200))
        var samples = VectorSamples(.clustered, dimensions: 32, seed: 6)
        var vectors: [[Float]] = []
        for id in 0..<1000 {
            vectors.append(samples.next())
            try index.insert(vectors[id], id: Int64(id))
        }
        // Fits run one after the other on one thread: behind this one, none is left that began by itself.
        await index.refit()
        #expect(index.published.object.fit != nil)
        for (id, vector) in vectors.enumerated() {
            let match = try #require(try index.best(near: vector, atLeast: 0.9999))
            #expect(match.id == id || vectors[Int(match.id)] == vector || match.similarity >= 1)
        }
    }
}
