import Testing

@testable import LLMKit

/// Every result is compared with one that looked at every row.
@Suite struct VectorIndexSearchTests {
    private static let kernels = VectorKernels.all

    @Test(arguments: VectorSamples.Kind.allCases, kernels.indices)
    func `no neighbour is ever missed`(kind: VectorSamples.Kind, kernels: Int) throws {
        for (round, dimensions) in [384, 50].enumerated() {
            var trial = try SearchTrial(
                kind, dimensions: dimensions, kernels: Self.kernels[kernels], seed: UInt64(round), precision: .f32)
            try trial.run(steps: 6, changes: 150, queries: 20)
            #expect(trial.mismatches == 0, "of \(trial.searches) searches")
        }
    }

    @Test(arguments: [2, 15, 16, 17, 62, 63, 64, 65, 100, 1024])
    func `any number of dimensions will do`(dimensions: Int) throws {
        var trial = try SearchTrial(.clustered, dimensions: dimensions, kernels: .best, seed: 7, precision: .f16)
        try trial.run(steps: 3, changes: 120, queries: 10)
        #expect(trial.mismatches == 0, "of \(trial.searches) searches")
    }
}

/// Inserts, replaces, removes and refits at random, and searches in between.
struct SearchTrial {
    private let index: VectorIndex
    private var reference: VectorReference
    private var samples: VectorSamples
    private(set) var searches = 0
    private(set) var mismatches = 0

    init(
        _ kind: VectorSamples.Kind,
        dimensions: Int,
        kernels: VectorKernels,
        seed: UInt64,
        precision: VectorIndex.Precision
    ) throws {
        index = try VectorIndex(
            dimensions: dimensions, precision: precision, refits: RefitPolicy(leastRows: 100, isAutomatic: false),
            kernels: kernels)
        reference = VectorReference(dimensions: dimensions, kernels: kernels)
        samples = VectorSamples(kind, dimensions: dimensions, seed: seed)
    }

    mutating func run(steps: Int, changes: Int, queries: Int) throws {
        for step in 0..<steps {
            for _ in 0..<changes { try change(growing: step < steps / 2) }
            for _ in 0..<queries { try search() }
            if samples.number(0...1) == 0 || step == 1 { index.refitNow() }
            for _ in 0..<queries { try search() }
            if index.count != reference.rows.count || Set(index.ids) != Set(reference.rows.keys) { mismatches += 1 }
        }
    }

    private mutating func change(growing: Bool) throws {
        let id = Int64(samples.number(0...999))
        if samples.number(0...9) < (growing ? 8 : 4) {
            let vector = samples.next()
            try index.insert(vector, id: id)
            reference.set(id, index.vector(id))
        } else {
            let wasThere = index.remove(id)
            if wasThere != (reference.rows[id] != nil) { mismatches += 1 }
            reference.set(id, nil)
        }
    }

    private mutating func search() throws {
        var query = samples.next()
        var threshold = Float(samples.number(-20...99)) / 100
        // Half of the queries have a row very near the threshold, on this side or that.
        if samples.number(0...1) == 0, let row = reference.rows.values.randomElement(using: &samples.generator) {
            let nudge = Double(samples.number(-3...3)) * 1e-6
            query = samples.at(Double(threshold) + nudge, from: Array(row.prefix(samples.dimensions)))
        } else if samples.number(0...1) == 0 {
            // The threshold is exactly what some row reaches.
            threshold = reference.nearest(3, to: query, atLeast: -2).randomElement(using: &samples.generator)?
                .similarity ?? threshold
        }
        searches += 2
        let truth = reference.nearest(7, to: query, atLeast: threshold)
        if try index.best(near: query, atLeast: threshold) != truth.first { mismatches += 1 }
        if try index.nearest(7, to: query, atLeast: threshold) != truth { mismatches += 1 }
    }
}
