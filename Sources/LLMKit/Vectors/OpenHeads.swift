import CKernels

/// The heads of the rows of a chunk that is not full yet, row by row: a block can only be laid out as a whole.
struct OpenHeads: Sendable {
    private static let headBytes = llmkit_head_bytes

    private var heads: [UInt8] = []
    private var unbounded: UInt64 = 0
    private var count = 0
    private var row: [Float] = []

    var byteCount: Int { heads.count + row.count * 4 }

    mutating func add(_ slot: Int, of state: IndexState, _ model: HeadModel, _ kernels: VectorKernels) {
        if heads.isEmpty {
            heads = Array(repeating: 0, count: RowLayout.chunkRows * Self.headBytes)
            row = Array(repeating: 0, count: state.layout.paddedDimensions)
        }
        state.read(slot, into: &row)
        let isBounded = heads.withUnsafeMutableBufferPointer { heads in
            heads.baseAddress.map { model.encode(row, kernels, into: $0 + count * Self.headBytes) } ?? false
        }
        if !isBounded { unbounded |= 1 << UInt64(count) }
        count += 1
    }

    /// The heads laid out for searches, if the chunk is full; the next row then begins another.
    mutating func fullBlock() -> MemoryBlock? {
        guard count == RowLayout.chunkRows else { return nil }
        let block = MemoryBlock(byteCount: MemoryLayout<llmkit_tail_block>.stride)
        var starts: [UnsafeMutablePointer<UInt8>?] = (0..<Int32(llmkit_levels)).map { level in
            block.pointer(to: UInt8.self) + llmkit_piece_start(level)
        }
        llmkit_head_interleave(heads, count, &starts)
        (block.start + heads.count).storeBytes(of: unbounded, as: UInt64.self)
        count = 0
        unbounded = 0
        return block
    }
}
