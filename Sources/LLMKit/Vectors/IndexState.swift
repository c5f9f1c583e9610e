import CKernels
import Synchronization

/// What readers search: the rows, and the filter in front of them.
///
/// One writer goes on appending to it. A search first reads the cursor, and then sees exactly the rows that lived at that
/// moment: rows that came later lie beyond its count, and rows that died later say so.
///
/// What every search relies on, for the state it has got hold of and the cursor that it read from it, R being its rows:
///
/// 1. `chunks` holds the memory of ⌈R / 64⌉ chunks, and their rows below R are written.
/// 2. With a fit, `tail` holds the heads of the ⌊R / 64⌋ − `tailStart` / 64 full chunks behind the fit, and `tailStart` ≤ R.
/// 3. The fit names slots below `tailStart` only.
///
/// Proof, by the changes that there are, all made by the writer under its lock. *A new state* is complete before it is
/// published: `empty` has R = 0; `with` copies lists that fulfil 1 and 2 for the R it is given; `adopt` takes the heads that a
/// refit has made for chunks up to some earlier R′ and adds those of all chunks from there to R itself, in the same hold of
/// the lock in which it publishes. *An insertion* writes the row, then its chunk's heads if the row was the last of 64, and
/// only then moves the cursor to R + 1, releasing; a search that acquires R + 1 therefore sees both. Where a list had to
/// grow for it, the larger copy belongs to a new state, and the old one's cursor never moves again: a search that still
/// holds it sees the old R. *A removal* changes no list and no R. 3 holds because a plan reads full chunks below the R of its
/// beginning, and `tailStart` is where those end.
///
/// The counts go to the C search with the addresses, which checks 1 to 3 again and refuses what breaks them.
///
/// Unchecked: memory below the cursor's count is only written to bury rows, atomically; what lies above, readers leave
/// alone. `writeTail` and the lists belong to the writer.
final class IndexState: @unchecked Sendable {
    let layout: RowLayout
    let chunks: BlockList
    let fit: HeadFit?
    /// The heads of the full chunks from `tailStart` on.
    let tail: BlockList
    /// The first row that the fit does not cover, a multiple of the rows of a chunk.
    let tailStart: Int
    private let cursor: Atomic<UInt64>

    init(
        layout: RowLayout,
        chunks: BlockList,
        fit: HeadFit?,
        tail: BlockList,
        tailStart: Int,
        cursor: Cursor
    ) {
        self.layout = layout
        self.chunks = chunks
        self.fit = fit
        self.tail = tail
        self.tailStart = tailStart
        self.cursor = Atomic(cursor.bits)
    }

    static func empty(_ layout: RowLayout) -> IndexState {
        IndexState(
            layout: layout,
            chunks: BlockList(),
            fit: nil,
            tail: BlockList(),
            tailStart: 0,
            cursor: Cursor(rows: 0, version: 1)
        )
    }

    /// A successor whose lists are larger copies.
    func with(chunks: BlockList? = nil, tail: BlockList? = nil, cursor: Cursor) -> IndexState {
        IndexState(
            layout: layout,
            chunks: chunks ?? self.chunks,
            fit: fit,
            tail: tail ?? self.tail,
            tailStart: tailStart,
            cursor: cursor
        )
    }

    /// How far the index has come.
    struct Cursor {
        /// Slots in use, those of dead rows included.
        var rows: Int
        /// Counts changes, and wraps around; never 0.
        var version: UInt32

        init(rows: Int, version: UInt32) {
            self.rows = rows
            self.version = version
        }

        fileprivate init(bits: UInt64) {
            rows = Int(bits & 0xFFFF_FFFF)
            version = UInt32(bits >> 32)
        }

        fileprivate var bits: UInt64 { UInt64(version) << 32 | UInt64(rows) }

        mutating func advance() {
            version = version == .max ? 1 : version + 1
        }
    }

    /// Makes everything written so far visible.
    func move(to new: Cursor) { cursor.store(new.bits, ordering: .releasing) }

    var currentCursor: Cursor { Cursor(bits: cursor.load(ordering: .acquiring)) }

    /// What the C search reads, as of now. Valid while the state is held.
    func view(_ kernels: VectorKernels) -> llmkit_index_view {
        let cursor = currentCursor
        var view = llmkit_index_view()
        view.kernels = kernels.pointer
        view.dimensions = layout.paddedDimensions
        view.is_half = layout.precision == .f16
        // After the cursor: the lists are at least as long as they were when it was moved.
        view.chunks = UnsafePointer(chunks.addresses)
        view.chunk_count = chunks.count
        view.rows = cursor.rows
        view.version = cursor.version
        view.tail_start = tailStart
        view.tail_count = tail.count
        fit?.describe(&view)
        view.tail = UnsafeRawPointer(tail.addresses)
            .assumingMemoryBound(to: UnsafePointer<llmkit_tail_block>?.self)
        return view
    }

    /// Reads a row as `paddedDimensions` numbers.
    func read(_ slot: Int, into vector: UnsafeMutablePointer<Float>) {
        let (chunk, place) = locate(slot)
        layout.read(place, of: chunk, into: vector)
    }

    func id(at slot: Int) -> Int64 {
        let (chunk, place) = locate(slot)
        return layout.ids(chunk)[place]
    }

    func isDead(_ slot: Int) -> Bool {
        let (chunk, place) = locate(slot)
        return llmkit_chunk_death(chunk, place) != 0
    }

    /// Marks a row as dead from a version on.
    func bury(_ slot: Int, _ version: UInt32) {
        let (chunk, place) = locate(slot)
        llmkit_chunk_bury(UnsafeMutableRawPointer(mutating: chunk), place, version)
    }

    /// By the addresses, not the blocks: those are the writer's, and slots are looked at by others, too.
    private func locate(_ slot: Int) -> (chunk: UnsafeRawPointer, place: Int) {
        let (chunk, place) = slot.quotientAndRemainder(dividingBy: RowLayout.chunkRows)
        return (chunks.address(chunk), place)
    }
}
