import CPlatform
import Synchronization

/// Zeroed memory that lives as long as its object, aligned for the widest vectors.
///
/// Unchecked: who may write what and when is agreed on by those who share it.
final class MemoryBlock: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
    let byteCount: Int

    init(byteCount: Int) {
        self.byteCount = max(64, byteCount)
        let isLarge = self.byteCount >= 4 << 20
        start = .allocate(byteCount: self.byteCount, alignment: isLarge ? 2 << 20 : 64)
        if isLarge { llmkit_advise_large_pages(start, self.byteCount) }
        start.initializeMemory(as: UInt8.self, repeating: 0, count: self.byteCount)
    }

    deinit { start.deallocate() }

    func pointer<Element>(to type: Element.Type) -> UnsafeMutablePointer<Element> {
        start.assumingMemoryBound(to: type)
    }
}

/// A list of memory blocks that one writer appends to while readers use those that are there already.
///
/// Readers see the addresses only, and of those only as many as they were told exist. Once the list is full, the writer
/// goes on with a larger copy.
///
/// Unchecked: what readers read is never written again, and `blocks` belongs to the writer.
final class BlockList: @unchecked Sendable {
    let addresses: UnsafeMutablePointer<UnsafeRawPointer?>
    private let capacity: Int
    private(set) var blocks: [MemoryBlock]
    /// Its own bytes and those of its blocks.
    private(set) var byteCount: Int
    private let published: Atomic<Int>

    /// How many addresses there are. Unlike `blocks`, this is for readers, too.
    var count: Int { published.load(ordering: .acquiring) }

    init(_ blocks: [MemoryBlock] = [], capacity: Int = 4) {
        self.blocks = blocks
        self.capacity = max(blocks.count, capacity)
        published = Atomic(blocks.count)
        addresses = .allocate(capacity: self.capacity)
        addresses.initialize(repeating: nil, count: self.capacity)
        byteCount = self.capacity * 16 + blocks.reduce(0) { $0 + $1.byteCount }
        for (place, block) in blocks.enumerated() { addresses[place] = UnsafeRawPointer(block.start) }
    }

    deinit { addresses.deallocate() }

    var isFull: Bool { blocks.count == capacity }

    /// The address of a block that exists.
    func address(_ place: Int) -> UnsafeRawPointer {
        // The alternative is never taken; it spares a trap.
        addresses[place] ?? UnsafeRawPointer(addresses)
    }

    func append(_ block: MemoryBlock) {
        addresses[blocks.count] = UnsafeRawPointer(block.start)
        blocks.append(block)
        byteCount += block.byteCount
        published.store(blocks.count, ordering: .releasing)
    }

    /// A copy with room for half as many again.
    func enlarged() -> BlockList { BlockList(blocks, capacity: max(4, capacity + capacity / 2)) }
}
