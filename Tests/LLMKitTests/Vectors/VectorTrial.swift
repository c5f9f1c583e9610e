@testable import LLMKit

/// Inserts, replaces, removes and refits at random, and searches in between.
struct VectorTrial {
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
        precision: VectorIndex.Precision = .f32,
        leastClustered: Int
    ) throws {
        let policy = RefitPolicy(leastRows: 100, leastClustered: leastClustered, isAutomatic: false)
        index = try VectorIndex(dimensions: dimensions, precision: precision, refits: policy, kernels: kernels)
        reference = VectorReference(dimensions: dimensions, kernels: kernels)
        samples = VectorSamples(kind, dimensions: dimensions, seed: seed)
    }

    mutating func run(steps: Int, changes: Int, queries: Int) throws {
        for step in 0..<steps {
            for _ in 0..<changes { try change(growing: 2 * step < steps) }
            for _ in 0..<queries { try search() }
            if samples.number(0...1) == 0 || step == 1 {
                index.refitNow()
                for _ in 0..<queries { try search() }
            }
            if index.count != reference.rows.count || Set(index.ids) != Set(reference.rows.keys) { mismatches += 1 }
        }
    }

    private mutating func change(growing: Bool) throws {
        let id = Int64(samples.number(0...999))
        if samples.number(0...9) < (growing ? 9 : 4) {
            try index.insert(samples.next(), id: id)
            reference.set(id, index.vector(id))
        } else {
            if index.remove(id) != (reference.rows[id] != nil) { mismatches += 1 }
            reference.set(id, nil)
        }
    }

    private mutating func search() throws {
        var query = samples.next()
        var threshold = Float(samples.number(-20...99)) / 100
        switch samples.number(0...3) {
        case 0:
            // A row lies very near the threshold, on this side or that.
            guard let row = reference.rows[Int64(samples.number(0...999))] else { return }
            let nudge = Double(samples.number(-3...3)) * 1e-6
            query = samples.at(Double(threshold) + nudge, from: Array(row.prefix(samples.dimensions)))
        case 1:
            // The threshold is exactly what some row reaches.
            threshold =
                reference.nearest(3, to: query, atLeast: -2).randomElement(using: &samples.generator)?
                .similarity ?? threshold
        default: break
        }
        searches += 2
        let truth = reference.nearest(7, to: query, atLeast: threshold)
        if try index.best(near: query, atLeast: threshold) != truth.first { mismatches += 1 }
        if try index.nearest(7, to: query, atLeast: threshold) != truth { mismatches += 1 }
    }
}
