import Synchronization

extension VectorIndex {
    /// Fits the filter anew and waits until it is in use. Not needed: it happens by itself, some time after many changes.
    ///
    /// It runs on a thread of its own; searches and changes go on meanwhile.
    package func refit() async {
        await refitWorker.run { self.refitNow() }
    }

    func refitIfDue() {
        let isDue = writer.withLock { writer in
            guard !writer.isRefitting, refits.isDue(for: writer) else { return false }
            writer.isRefitting = true
            return true
        }
        guard isDue else { return }
        refitWorker.enqueue { [weak self] in
            guard let self else { return }
            refitNow()
            writer.withLock { $0.isRefitting = false }
            refitIfDue()
        }
    }

    /// Fits on the calling thread. Not to be called from several at once.
    func refitNow() {
        gather()
        let start = writer.withLock { writer in
            writer.beginRefit()
            return (state: writer.state, rows: writer.rows, blocks: writer.state.chunks.blocks)
        }
        let plan = RefitPlan(start.state, rows: start.rows, blocks: start.blocks)
        var fit: HeadFit?
        var tail = BlockList()
        if plan.live.count >= refits.leastRows {
            let model = HeadModel(
                sample: plan.sample(refits.sample),
                dimensions: start.state.layout.paddedDimensions,
                kernels: kernels
            )
            fit = HeadFit(
                model: model,
                plan: plan,
                kernels: kernels,
                leastClustered: refits.leastClustered
            )
            tail = catchUp(model, from: plan.places.count)
        }
        writer.withLock { writer in
            writer.adopt(fit, chunks: plan.kept, places: plan.places, tail: tail, published, kernels)
        }
    }

    /// Writes the rows of chunks in which many are dead anew at the end, so that the chunks can be let go.
    private func gather() {
        let (state, rows) = writer.withLock { ($0.state, $0.rows) }
        // Without a fit every row of a chunk costs time in every search.
        let most = state.fit == nil ? 0 : RowLayout.chunkRows / 8
        var buffer = [Float](repeating: 0, count: state.layout.paddedDimensions)
        for chunk in 0..<rows / RowLayout.chunkRows {
            let slots = chunk * RowLayout.chunkRows..<(chunk + 1) * RowLayout.chunkRows
            let dead = slots.count { state.isDead($0) }
            guard dead > most, dead < slots.count else { continue }
            for slot in slots {
                writer.withLock { try? $0.move(slot, &buffer, published, kernels) }
            }
        }
    }

    /// The heads of the chunks that have filled up since the fit began.
    private func catchUp(_ model: HeadModel, from start: Int) -> BlockList {
        var tail: [MemoryBlock] = []
        var open = OpenHeads()
        while true {
            let (state, rows) = writer.withLock { ($0.state, $0.rows) }
            let end = rows / RowLayout.chunkRows
            guard start + tail.count < end else { break }
            for chunk in start + tail.count..<end {
                for place in 0..<RowLayout.chunkRows {
                    open.add(chunk * RowLayout.chunkRows + place, of: state, model, kernels)
                }
                if let block = open.fullBlock() { tail.append(block) }
            }
        }
        return BlockList(tail, capacity: tail.count * 2 + 16)
    }
}

/// One thread for the fits of all indices: they are rare, and none is urgent.
private let refitWorker = SerialWorker("llmkit-refit")

/// Which rows a fit is made of.
struct RefitPlan {
    let state: IndexState
    /// The slots of the living rows, as they will be numbered.
    private(set) var live: [UInt32] = []
    /// The full chunks in which any row lives.
    private(set) var kept: [MemoryBlock] = []
    /// Which place each of the full chunks has among those kept.
    private(set) var places: [Int] = []

    /// - Parameters:
    ///   - rows: how many slots of the state are in use; only full chunks are fitted.
    ///   - blocks: the state's chunks.
    init(_ state: IndexState, rows: Int, blocks: [MemoryBlock]) {
        self.state = state
        for chunk in 0..<rows / RowLayout.chunkRows {
            let before = live.count
            places.append(kept.count)
            for place in 0..<RowLayout.chunkRows where !state.isDead(chunk * RowLayout.chunkRows + place) {
                live.append(UInt32(kept.count * RowLayout.chunkRows + place))
            }
            if live.count > before { kept.append(blocks[chunk]) }
        }
    }

    /// Reads a row by its new number.
    func read(_ slot: UInt32, into vector: UnsafeMutablePointer<Float>) {
        let (chunk, place) = Int(slot).quotientAndRemainder(dividingBy: RowLayout.chunkRows)
        state.layout.read(place, of: kept[chunk].start, into: vector)
    }

    /// At most `count` rows from all over the index, one after the other.
    func sample(_ count: Int) -> [Float] {
        let dimensions = state.layout.paddedDimensions
        let rows = min(count, live.count)
        return [Float](unsafeUninitializedCapacity: rows * dimensions) { buffer, used in
            for row in 0..<rows {
                guard let start = buffer.baseAddress else { return }
                read(live[row * live.count / rows], into: start + row * dimensions)
            }
            used = rows * dimensions
        }
    }
}
