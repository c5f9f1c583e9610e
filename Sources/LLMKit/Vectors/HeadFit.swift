import CKernels

/// The heads of all rows that lived when the filter was last fitted, those of near rows next to each other.
///
/// Unchecked: nothing is written after `init`.
final class HeadFit: @unchecked Sendable {
    let model: HeadModel
    private let count: Int
    private let coarse: MemoryBlock
    private let fine: MemoryBlock
    private let slots: MemoryBlock
    private let unbounded: MemoryBlock
    private let unboundedCount: Int
    private let clusters: HeadClusters?

    var byteCount: Int {
        model.byteCount + coarse.byteCount + fine.byteCount + slots.byteCount + unbounded.byteCount
            + (clusters?.byteCount ?? 0)
    }

    /// - Parameter leastClustered: from how many rows on clusters are worth their while.
    init(model: HeadModel, plan: RefitPlan, kernels: VectorKernels, leastClustered: Int) {
        self.model = model
        let heads = RowHeads(model: model, plan: plan, kernels: kernels)
        count = heads.slots.count
        var order = Array(0..<UInt32(count))
        let isClustered = count >= leastClustered
        var ends = [UInt32](repeating: 0, count: count / RowLayout.chunkRows + 1)
        let parts = llmkit_head_order(
            model.pointer,
            kernels.pointer,
            heads.memory.pointer(to: UInt8.self),
            &order,
            count,
            isClustered ? HeadClusters.rows(of: count) : RowLayout.chunkRows,
            &ends
        )
        let numbers = heads.slots
        clusters =
            isClustered
            ? HeadClusters(&order, ends: ends.prefix(parts).map(Int.init), plan: plan, slots: numbers, kernels: kernels)
            : nil

        let blocks = (count + RowLayout.chunkRows - 1) / RowLayout.chunkRows
        let halfBytes = Int(llmkit_half_block_bytes)
        coarse = MemoryBlock(byteCount: blocks * halfBytes)
        fine = MemoryBlock(byteCount: blocks * halfBytes)
        slots = MemoryBlock(byteCount: count * 4)
        let scratch = MemoryBlock(byteCount: RowLayout.chunkRows * llmkit_head_bytes)
        for block in 0..<blocks {
            let places = block * RowLayout.chunkRows..<min(count, (block + 1) * RowLayout.chunkRows)
            for (row, place) in places.enumerated() {
                let from = Int(order[place])
                slots.pointer(to: UInt32.self)[place] = numbers[from]
                (scratch.start + row * llmkit_head_bytes).copyMemory(
                    from: heads.memory.start + from * llmkit_head_bytes,
                    byteCount: llmkit_head_bytes
                )
            }
            llmkit_head_interleave(
                scratch.pointer(to: UInt8.self),
                places.count,
                coarse.pointer(to: UInt8.self) + block * halfBytes,
                fine.pointer(to: UInt8.self) + block * halfBytes
            )
        }
        unboundedCount = heads.unbounded.count
        unbounded = MemoryBlock(byteCount: unboundedCount * 4)
        unbounded.pointer(to: UInt32.self).update(from: heads.unbounded, count: unboundedCount)
    }

    func describe(_ view: inout llmkit_index_view) {
        view.model = model.pointer
        view.coarse = UnsafePointer(coarse.pointer(to: UInt8.self))
        view.fine = UnsafePointer(fine.pointer(to: UInt8.self))
        view.slots = UnsafePointer(slots.pointer(to: UInt32.self))
        view.fitted_rows = count
        view.unbounded = UnsafePointer(unbounded.pointer(to: UInt32.self))
        view.unbounded_count = unboundedCount
        clusters?.describe(&view)
    }
}

/// The heads of the rows of a plan, one after the other.
private struct RowHeads {
    let memory: MemoryBlock
    /// The rows with a head.
    private(set) var slots: [UInt32] = []
    /// The rows that the model has no bound for.
    private(set) var unbounded: [UInt32] = []

    init(model: HeadModel, plan: RefitPlan, kernels: VectorKernels) {
        var row = [Float](repeating: 0, count: plan.state.layout.paddedDimensions)
        memory = MemoryBlock(byteCount: plan.live.count * llmkit_head_bytes)
        slots.reserveCapacity(plan.live.count)
        for slot in plan.live {
            plan.read(slot, into: &row)
            let head = memory.pointer(to: UInt8.self) + slots.count * llmkit_head_bytes
            if model.encode(row, kernels, into: head) { slots.append(slot) } else { unbounded.append(slot) }
        }
    }
}
