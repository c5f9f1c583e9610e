import CKernels

/// The heads of all rows that lived when the filter was last fitted, in an order of its own.
///
/// Unchecked: nothing is written after `init`.
final class HeadFit: @unchecked Sendable {
    let model: HeadModel
    let count: Int
    private let heads: MemoryBlock
    private let slots: MemoryBlock
    private let unbounded: [UInt32]
    private let unboundedBlock: MemoryBlock

    var byteCount: Int { model.byteCount + heads.byteCount + slots.byteCount + unboundedBlock.byteCount }

    init(model: HeadModel, plan: RefitPlan, kernels: VectorKernels) {
        self.model = model
        let live = plan.live
        let headBytes = llmkit_head_bytes
        let blockBytes = RowLayout.chunkRows * headBytes
        var row = [Float](repeating: 0, count: plan.state.layout.paddedDimensions)
        var bounded: [UInt32] = []
        var unbounded: [UInt32] = []
        bounded.reserveCapacity(live.count)
        let flat = MemoryBlock(byteCount: live.count * headBytes)
        for slot in live {
            plan.read(slot, into: &row)
            let head = flat.pointer(to: UInt8.self) + bounded.count * headBytes
            if model.encode(row, kernels, into: head) {
                bounded.append(slot)
            } else {
                unbounded.append(slot)
            }
        }
        count = bounded.count
        let blocks = (count + RowLayout.chunkRows - 1) / RowLayout.chunkRows
        heads = MemoryBlock(byteCount: blocks * blockBytes)
        for block in 0..<blocks {
            llmkit_head_interleave(
                flat.pointer(to: UInt8.self) + block * blockBytes,
                min(RowLayout.chunkRows, count - block * RowLayout.chunkRows),
                heads.pointer(to: UInt8.self) + block * blockBytes)
        }
        slots = MemoryBlock(byteCount: count * 4)
        slots.pointer(to: UInt32.self).update(from: bounded, count: count)
        self.unbounded = unbounded
        unboundedBlock = MemoryBlock(byteCount: unbounded.count * 4)
        unboundedBlock.pointer(to: UInt32.self).update(from: unbounded, count: unbounded.count)
    }

    func describe(_ view: inout llmkit_index_view) {
        view.model = model.pointer
        view.heads = UnsafePointer(heads.pointer(to: UInt8.self))
        view.slots = UnsafePointer(slots.pointer(to: UInt32.self))
        view.fitted_rows = count
        view.unbounded = UnsafePointer(unboundedBlock.pointer(to: UInt32.self))
        view.unbounded_count = unbounded.count
    }
}
