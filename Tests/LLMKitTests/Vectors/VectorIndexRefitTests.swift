import CKernels
import Synchronization
import Testing

@testable import LLMKit

/// What happens to an index while its filter is fitted anew, step by step.
@Suite struct VectorIndexRefitTests {
    private static let dimensions = 32

    /// An index and all that it should hold.
    private struct Filled {
        let index: VectorIndex
        var rows: [[Float]] = []
        private var samples = VectorSamples(.random, dimensions: dimensions, seed: 21)

        init(_ count: Int) throws {
            let policy = RefitPolicy(leastRows: 256, leastClustered: 1024, isAutomatic: false)
            index = try VectorIndex(dimensions: dimensions, refits: policy)
            try insert(count)
        }

        mutating func insert(_ count: Int) throws {
            for _ in 0..<count {
                rows.append(samples.next())
                try index.insert(rows[rows.count - 1], id: Int64(rows.count - 1))
            }
        }

        /// How many rows do not find themselves.
        func lost() throws -> Int {
            try rows.enumerated().count { id, row in try index.best(near: row, atLeast: 0.999)?.id != Int64(id) }
        }
    }

    /// Everything that a refit does up to its last look at the rows.
    private func prepareRefit(_ index: VectorIndex) -> (plan: RefitPlan, fit: HeadFit) {
        let (state, rows, blocks) = index.writer.withLock { writer in
            writer.beginRefit()
            return (writer.state, writer.rows, writer.state.chunks.blocks)
        }
        let plan = RefitPlan(state, rows: rows, blocks: blocks)
        let model = HeadModel(sample: plan.sample(8192), dimensions: Self.dimensions, kernels: index.kernels)
        return (plan, HeadFit(model: model, plan: plan, kernels: index.kernels, leastClustered: 1024))
    }

    @Test(arguments: Soak.isOn ? [0, 63, 64, 1100, 5000] : [0, 64, 1100])
    func `no row is lost that comes between a refit's last look and its adoption`(late: Int) throws {
        var filled = try Filled(2048)
        let index = filled.index
        let (plan, fit) = prepareRefit(index)
        try filled.insert(late)
        index.writer.withLock { writer in
            let tail = BlockList(capacity: 16)
            writer.adopt(fit, chunks: plan.kept, places: plan.places, tail: tail, index.published, index.kernels)
        }
        let state = index.published.object
        #expect(state.tail.count == late / 64)
        #expect(state.tailStart == 2048)
        #expect(try filled.lost() == 0)
        try filled.insert(500)
        #expect(try filled.lost() == 0)
    }

    @Test func `no row is lost that is replaced or removed meanwhile`() throws {
        var filled = try Filled(2048)
        let index = filled.index
        for id in 0..<640 { index.remove(Int64(id)) }
        let (plan, fit) = prepareRefit(index)
        #expect(plan.kept.count == 22)
        for id in 640..<800 { try index.insert(filled.rows[id], id: Int64(id)) }
        for id in 800..<900 { index.remove(Int64(id)) }
        try filled.insert(1500)
        index.writer.withLock { writer in
            writer.adopt(
                fit,
                chunks: plan.kept,
                places: plan.places,
                tail: BlockList(capacity: 2),
                index.published,
                index.kernels
            )
        }
        for (id, row) in filled.rows.enumerated() {
            let isGone = id < 640 || (800..<900).contains(id)
            #expect(try index.best(near: row, atLeast: 0.999)?.id == (isGone ? nil : Int64(id)))
        }
    }

    @Test func `a search refuses counts that do not fit each other`() throws {
        var filled = try Filled(2048)
        filled.index.refitNow()
        try filled.insert(200)
        let state = filled.index.published.object
        let sound = state.view(.best)
        #expect(sound.fitted_rows == 2048 && sound.cluster_count > 0 && sound.rows == 2248)

        func found(_ change: (inout llmkit_index_view) -> Void) -> Int {
            var view = sound
            change(&view)
            var matches = [llmkit_match](repeating: llmkit_match(), count: 5)
            return withExtendedLifetime(state) { llmkit_index_search(&view, filled.rows[0], -1, &matches, 5) }
        }
        #expect(found { _ in } == 5)
        let broken: [(inout llmkit_index_view) -> Void] = [
            { $0.chunk_count -= 1 }, { $0.tail_count -= 1 }, { $0.rows += 128 }, { $0.tail_start -= 128 },
            { $0.tail_start += 1 }, { $0.tail_start = 4096 }, { $0.fitted_rows = 2049 }, { $0.dimensions = 40 },
            { $0.dimensions = 48 }, { $0.chunks = nil }, { $0.tail = nil }, { $0.slots = nil }, { $0.pieces.1 = nil },
            { $0.pieces.0 = $0.pieces.0.map { $0 + 1 } }, { $0.unbounded_count = 4000 }, { $0.fitted_rows = 64 },
            { $0.longest = .nan },
            { $0.kernels = nil },
        ]
        for (number, change) in broken.enumerated() { #expect(found(change) == -1, "change \(number)") }
    }
}
