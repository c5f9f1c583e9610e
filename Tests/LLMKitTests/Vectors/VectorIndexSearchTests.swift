import Testing

@testable import LLMKit

/// Every result is compared with one that looked at every row.
@Suite struct VectorIndexSearchTests {
    private static let kernels = VectorKernels.all

    @Test(arguments: VectorSamples.Kind.allCases, kernels.indices)
    func `no neighbour is ever missed`(kind: VectorSamples.Kind, kernels: Int) throws {
        for clustered in [100, .max] {
            var trial = try VectorTrial(
                kind,
                dimensions: 96,
                kernels: Self.kernels[kernels],
                seed: UInt64(kernels),
                leastClustered: clustered
            )
            try trial.run(steps: 5, changes: 120, queries: 10)
            #expect(trial.mismatches == 0, "of \(trial.searches) searches")
        }
    }

    @Test(arguments: [2, 15, 16, 17, 62, 63, 64, 65, 100, 384, 1024])
    func `any number of dimensions will do`(dimensions: Int) throws {
        var trial = try VectorTrial(
            .clustered,
            dimensions: dimensions,
            kernels: .best,
            seed: 7,
            precision: .f16,
            leastClustered: 100
        )
        try trial.run(steps: 3, changes: 120, queries: 10)
        #expect(trial.mismatches == 0, "of \(trial.searches) searches")
    }

    @Test func `all kernels find the same`() throws {
        var samples = VectorSamples(.clustered, dimensions: 100, seed: 8)
        let policy = RefitPolicy(leastRows: 100, isAutomatic: false)
        let indices = try Self.kernels.map { try VectorIndex(dimensions: 100, refits: policy, kernels: $0) }
        for id in 0..<600 {
            let vector = samples.next()
            for index in indices { try index.insert(vector, id: Int64(id)) }
        }
        for index in indices { index.refitNow() }
        for _ in 0..<30 {
            let query = samples.next()
            let results = try indices.map { try $0.nearest(5, to: query, atLeast: 0.3) }
            for result in results {
                #expect(result.map(\.id) == results[0].map(\.id))
                #expect(zip(result, results[0]).allSatisfy { abs($0.similarity - $1.similarity) < 1e-6 })
            }
        }
    }

    @Test func `searches see whole changes only, while rows come and go`() async throws {
        let index = try VectorIndex(dimensions: 64, refits: RefitPolicy(leastRows: 150, isAutomatic: false))
        var samples = VectorSamples(.random, dimensions: 64, seed: 9)
        let anchors = (0..<200).map { _ in samples.next() }
        for (id, anchor) in anchors.enumerated() { try index.insert(anchor, id: Int64(id)) }
        let (here, there) = (samples.next(), samples.next())
        try index.insert(here, id: 1000)
        let passing = (0..<500).map { _ in samples.next() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 0..<600 {
                    try index.insert(round % 2 == 0 ? there : here, id: 1000)
                    try index.insert(passing[round % 500], id: Int64(2000 + round % 300))
                    index.remove(Int64(2000 + (round * 7) % 300))
                }
            }
            group.addTask {
                for _ in 0..<6 { index.refitNow() }
            }
            for reader in 0..<3 {
                group.addTask {
                    for round in 0..<300 {
                        let id = (round * 13 + reader) % anchors.count
                        let match = try index.best(near: anchors[id], atLeast: 0.999)
                        #expect(match?.id == Int64(id))
                        // The row that moves to and fro is always in exactly one place.
                        let both = try index.nearest(1000, to: here).filter { $0.id == 1000 }
                        #expect(both.count == 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(index.contains(1000))
    }
}

/// Slow: `make soak` runs it, `swift test` does not.
@Suite(.enabled(if: environmentVariable("LLMKIT_SOAK") != nil)) struct `Vector index soak` {
    @Test(arguments: VectorSamples.Kind.allCases, [VectorIndex.Precision.f32, .f16])
    func `hundreds of thousands of searches never miss a neighbour`(
        kind: VectorSamples.Kind,
        precision: VectorIndex.Precision
    ) throws {
        var searches = 0
        for round in 0..<40 {
            var trial = try VectorTrial(
                kind,
                dimensions: [64, 100, 384][round % 3],
                kernels: .best,
                seed: UInt64(round),
                precision: precision,
                leastClustered: round % 2 == 0 ? 100 : .max
            )
            try trial.run(steps: 8, changes: 150, queries: 100)
            searches += trial.searches
            #expect(trial.mismatches == 0, "round \(round): of \(trial.searches) searches")
        }
        print("\(kind) \(precision): \(searches) searches")
    }

    @Test func `no row is lost while fits and insertions race`() async throws {
        for seed in 0..<6 {
            let policy = RefitPolicy(leastRows: 256, leastClustered: 1024, isAutomatic: false)
            let index = try VectorIndex(dimensions: 32, refits: policy)
            var samples = VectorSamples(.random, dimensions: 32, seed: UInt64(seed))
            let rows = (0..<6000).map { _ in samples.next() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for (id, row) in rows.enumerated() {
                        try index.insert(row, id: Int64(id))
                        if id % 3 == 0 { index.remove(Int64(id / 2)) }
                    }
                }
                group.addTask { for _ in 0..<8 { index.refitNow() } }
                group.addTask {
                    for round in 0..<1200 { _ = try index.nearest(round % 50, to: rows[round * 5]) }
                }
                try await group.waitForAll()
            }
            let living = Set(index.ids)
            #expect(living.count == index.count)
            for id in living {
                #expect(try index.best(near: rows[Int(id)], atLeast: 0.9999)?.id == id)
            }
        }
    }
}
