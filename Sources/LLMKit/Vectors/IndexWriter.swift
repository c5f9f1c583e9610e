import CKernels

/// What a writer needs beside the published state: which slot an id has, and the heads of the chunk that is being filled.
struct IndexWriter: Sendable {
    private(set) var state: IndexState
    private var table = IDTable()
    private var cursor = IndexState.Cursor(rows: 0, version: 1)
    private var open = OpenHeads()
    /// Rows inserted and removed since the last fit began.
    private(set) var changes = 0
    var isRefitting = false

    init(_ state: IndexState) { self.state = state }

    var count: Int { table.count }
    var rows: Int { cursor.rows }

    var bytes: Int {
        state.chunks.byteCount + state.tail.byteCount + (state.fit?.byteCount ?? 0) + table.byteCount
            + open.byteCount
    }

    var ids: [Int64] {
        (0..<cursor.rows).filter { !state.isDead($0) }.map(state.id(at:))
    }

    func slot(of id: Int64) -> Int? { table.slot(of: id, state.id(at:)) }

    func vector(_ id: Int64) -> [Float]? {
        guard let slot = slot(of: id) else { return nil }
        var vector = [Float](repeating: 0, count: state.layout.paddedDimensions)
        state.read(slot, into: &vector)
        return Array(vector.prefix(state.layout.dimensions))
    }

    // MARK: Changes

    /// Inserts a row, or replaces the one with its id: no search sees both, or neither.
    /// - Parameter vector: padded.
    mutating func insert(
        _ vector: UnsafePointer<Float>,
        id: Int64,
        limit: Int?,
        _ published: borrowing PublishedReference<IndexState>,
        _ kernels: VectorKernels
    ) throws(LLMError) {
        try makeRoom(limit, published)
        let slot = cursor.rows
        let (chunk, place) = slot.quotientAndRemainder(dividingBy: RowLayout.chunkRows)
        state.layout.write(vector, id: id, at: place, of: state.chunks.blocks[chunk])
        addHead(slot, kernels, published)
        cursor.advance()
        if let old = self.slot(of: id) { bury(old) }
        cursor.rows += 1
        state.move(to: cursor)
        table.set(id, to: slot, state.id(at:))
        changes += 1
    }

    mutating func remove(_ id: Int64) -> Bool {
        guard let slot = slot(of: id) else { return false }
        table.remove(id, state.id(at:))
        cursor.advance()
        bury(slot)
        state.move(to: cursor)
        return true
    }

    private mutating func bury(_ slot: Int) {
        state.bury(slot, cursor.version)
        changes += 1
    }

    /// Makes sure that the next row has a place.
    private mutating func makeRoom(
        _ limit: Int?,
        _ published: borrowing PublishedReference<IndexState>
    ) throws(LLMError) {
        let layout = state.layout
        let (chunk, place) = cursor.rows.quotientAndRemainder(dividingBy: RowLayout.chunkRows)
        let capacity = chunk < state.chunks.blocks.count ? layout.capacity(of: state.chunks.blocks[chunk]) : 0
        guard cursor.rows < Int(UInt32.max) - RowLayout.chunkRows else {
            throw LLMError(.storage, "VectorIndex: no more than 2^32 rows fit into one index")
        }
        guard place >= capacity || table.byteCountAfterNext > table.byteCount else { return }

        // The first chunk grows step by step, so that an index of a few rows is small.
        let newCapacity = chunk > 0 ? RowLayout.chunkRows : min(RowLayout.chunkRows, max(4, capacity * 2))
        let added =
            place < capacity
            ? 0 : layout.chunkBytes(rows: newCapacity) - (capacity > 0 ? layout.chunkBytes(rows: capacity) : 0)
        let needed = bytes + added + table.byteCountAfterNext - table.byteCount
        if let limit, needed > limit {
            throw LLMError(
                .storage,
                "VectorIndex: full: \(count) rows take \(bytes) of the \(limit) bytes allowed: remove rows, or raise byteLimit"
            )
        }
        guard place >= capacity else { return }

        let block = MemoryBlock(byteCount: layout.chunkBytes(rows: newCapacity))
        var chunks = state.chunks
        if capacity > 0 {
            block.start.copyMemory(from: chunks.blocks[chunk].start, byteCount: layout.chunkBytes(rows: capacity))
            chunks = BlockList([block])
        } else {
            if chunks.isFull { chunks = chunks.enlarged() }
            chunks.append(block)
        }
        if chunks !== state.chunks { publish(state.with(chunks: chunks, cursor: cursor), published) }
    }

    /// Keeps the head of a new row; with the last row of a chunk, lays the heads of all of them out for searches.
    private mutating func addHead(
        _ slot: Int,
        _ kernels: VectorKernels,
        _ published: borrowing PublishedReference<IndexState>
    ) {
        guard let fit = state.fit else { return }
        open.add(slot, of: state, fit.model, kernels)
        guard let block = open.fullBlock() else { return }
        var tail = state.tail
        if tail.isFull { tail = tail.enlarged() }
        tail.append(block)
        // The state of before has the full list still, and lets searches see up to its cursor only.
        if tail !== state.tail { publish(state.with(tail: tail, cursor: cursor), published) }
    }

    private mutating func publish(_ new: IndexState, _ published: borrowing PublishedReference<IndexState>) {
        state = new
        published.replace(with: new)
    }

    // MARK: Refitting

    /// Begins to count changes anew.
    mutating func beginRefit() { changes = 0 }

    /// Writes a row anew at the end, unless it is gone meanwhile, so that its old chunk can be let go.
    mutating func move(
        _ slot: Int,
        _ buffer: inout [Float],
        _ published: borrowing PublishedReference<IndexState>,
        _ kernels: VectorKernels
    ) throws(LLMError) {
        guard !state.isDead(slot) else { return }
        state.read(slot, into: &buffer)
        try insert(buffer, id: state.id(at: slot), limit: nil, published, kernels)
    }

    /// Goes over to a new fit.
    /// - Parameters:
    ///   - chunks: those of before the tail that are kept, and which place each chunk has got.
    ///   - tail: the heads of the chunks from `tailStart` on that were full some moments ago.
    mutating func adopt(
        _ fit: HeadFit?,
        chunks kept: [MemoryBlock],
        places: [Int],
        tail: BlockList,
        _ published: borrowing PublishedReference<IndexState>,
        _ kernels: VectorKernels
    ) {
        let dropped = places.count - kept.count
        let later = state.chunks.blocks[places.count...]
        if dropped > 0 {
            table.renumber { slot in
                let (chunk, place) = slot.quotientAndRemainder(dividingBy: RowLayout.chunkRows)
                let new = chunk < places.count ? places[chunk] : chunk - dropped
                return new * RowLayout.chunkRows + place
            }
            cursor.rows -= dropped * RowLayout.chunkRows
        }
        var new = IndexState(
            layout: state.layout,
            chunks: BlockList(kept + later, capacity: (kept.count + later.count) * 5 / 4 + 4),
            fit: fit,
            tail: tail,
            tailStart: kept.count * RowLayout.chunkRows,
            cursor: cursor
        )
        open = OpenHeads()
        if let fit {
            // Any number of chunks may have filled up since the refit last looked: all of them get their heads here, under
            // the writer's lock, before anybody sees the new state.
            var tail = tail
            for slot in (new.tailStart + tail.blocks.count * RowLayout.chunkRows)..<cursor.rows {
                open.add(slot, of: new, fit.model, kernels)
                guard let block = open.fullBlock() else { continue }
                if tail.isFull { tail = tail.enlarged() }
                tail.append(block)
            }
            if tail !== new.tail { new = new.with(tail: tail, cursor: cursor) }
        }
        publish(new, published)
    }
}
