import CKernels

/// The heads of all rows that lived when the filter was last fitted, those of near rows next to each other.
///
/// Unchecked: nothing is written after `init`.
final class HeadFit: @unchecked Sendable {
    let model: HeadModel
    private let count: Int
    /// One per level.
    private let pieces: [MemoryBlock]
    private let slots: MemoryBlock
    private let unbounded: MemoryBlock
    private let unboundedCount: Int
    private let clusters: HeadClusters?

    var byteCount: Int {
        pieces.reduce(model.byteCount + slots.byteCount + unbounded.byteCount) { $0 + $1.byteCount }
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
        let parts = llmkit_sketch_order(
            model.pointer,
            kernels.pointer,
            heads.sketches.pointer(to: Int8.self),
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
        pieces = (0..<Int32(llmkit_levels)).map { MemoryBlock(byteCount: blocks * llmkit_piece_block_bytes($0)) }
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
            var starts: [UnsafeMutablePointer<UInt8>?] = pieces.enumerated().map { level, piece in
                piece.pointer(to: UInt8.self) + block * llmkit_piece_block_bytes(Int32(level))
            }
            llmkit_head_interleave(scratch.pointer(to: UInt8.self), places.count, &starts)
        }
        unboundedCount = heads.unbounded.count
        unbounded = MemoryBlock(byteCount: unboundedCount * 4)
        unbounded.pointer(to: UInt32.self).update(from: heads.unbounded, count: unboundedCount)
    }

    func describe(_ view: inout llmkit_index_view) {
        view.model = model.pointer
        withUnsafeMutableBytes(of: &view.pieces) { starts in
            let starts = starts.bindMemory(to: UnsafePointer<UInt8>?.self)
            for (level, piece) in pieces.enumerated() { starts[level] = UnsafePointer(piece.pointer(to: UInt8.self)) }
        }
        view.slots = UnsafePointer(slots.pointer(to: UInt32.self))
        view.fitted_rows = count
        view.unbounded = UnsafePointer(unbounded.pointer(to: UInt32.self))
        view.unbounded_count = unboundedCount
        clusters?.describe(&view)
    }
}

/// The heads and the sketches of the rows of a plan, one after the other.
private struct RowHeads {
    let memory: MemoryBlock
    let sketches: MemoryBlock
    /// The rows with a head.
    private(set) var slots: [UInt32] = []
    /// The rows that the model has no bound for.
    private(set) var unbounded: [UInt32] = []

    init(model: HeadModel, plan: RefitPlan, kernels: VectorKernels) {
        var row = [Float](repeating: 0, count: plan.state.layout.paddedDimensions)
        memory = MemoryBlock(byteCount: plan.live.count * llmkit_head_bytes)
        sketches = MemoryBlock(byteCount: plan.live.count * llmkit_sketch_bytes)
        slots.reserveCapacity(plan.live.count)
        for slot in plan.live {
            plan.read(slot, into: &row)
            let head = memory.pointer(to: UInt8.self) + slots.count * llmkit_head_bytes
            let sketch = sketches.pointer(to: Int8.self) + slots.count * llmkit_sketch_bytes
            if model.encode(row, kernels, into: head, sketch: sketch) {
                slots.append(slot)
            } else {
                unbounded.append(slot)
            }
        }
    }
}
