import CKernels

/// Finds the slot of an id: open addressing with linear probing, 8 bytes an entry.
///
/// The ids themselves lie with the rows; an entry holds the slot and half of the hash, so that hardly any look-up reads a
/// row that is not the one it is after.
struct IDTable {
    private struct Entry {
        /// The slot plus one; 0 marks a free entry.
        var slot: UInt32 = 0
        var tag: UInt32 = 0
    }

    private var entries: [Entry]
    private(set) var count = 0

    init() { entries = Array(repeating: Entry(), count: 8) }

    var byteCount: Int { entries.count * MemoryLayout<Entry>.stride }

    /// The bytes it will take with one more entry.
    var byteCountAfterNext: Int { isFull ? byteCount * 2 : byteCount }

    private var isFull: Bool { (count + 1) * 8 > entries.count * 7 }

    /// - Parameter idAt: the id in a slot.
    func slot(of id: Int64, _ idAt: (Int) -> Int64) -> Int? {
        guard let place = place(of: id, idAt) else { return nil }
        return Int(entries[place].slot) - 1
    }

    /// Inserts an id that is not there, or changes its slot.
    mutating func set(_ id: Int64, to slot: Int, _ idAt: (Int) -> Int64) {
        if let place = place(of: id, idAt) {
            entries[place].slot = UInt32(slot) + 1
            return
        }
        if isFull { grow() }
        insert(Entry(slot: UInt32(slot) + 1, tag: Self.tag(id)))
        count += 1
    }

    mutating func remove(_ id: Int64, _ idAt: (Int) -> Int64) {
        guard var hole = place(of: id, idAt) else { return }
        count -= 1
        // Entries behind the hole that would no longer be found move up (Knuth, The Art of Computer Programming, 6.4 R).
        let mask = entries.count - 1
        var next = hole
        while true {
            entries[hole] = Entry()
            while true {
                next = (next + 1) & mask
                guard entries[next].slot != 0 else { return }
                let home = Int(entries[next].tag) & mask
                let isBetween = hole <= next ? (hole < home && home <= next) : (hole < home || home <= next)
                if !isBetween { break }
            }
            entries[hole] = entries[next]
            hole = next
        }
    }

    /// Renumbers every slot.
    mutating func renumber(_ change: (Int) -> Int) {
        for place in entries.indices where entries[place].slot != 0 {
            entries[place].slot = UInt32(change(Int(entries[place].slot) - 1)) + 1
        }
    }

    private func place(of id: Int64, _ idAt: (Int) -> Int64) -> Int? {
        let tag = Self.tag(id)
        let mask = entries.count - 1
        var place = Int(tag) & mask
        while entries[place].slot != 0 {
            if entries[place].tag == tag, idAt(Int(entries[place].slot) - 1) == id { return place }
            place = (place + 1) & mask
        }
        return nil
    }

    private mutating func insert(_ entry: Entry) {
        let mask = entries.count - 1
        var place = Int(entry.tag) & mask
        while entries[place].slot != 0 { place = (place + 1) & mask }
        entries[place] = entry
    }

    private mutating func grow() {
        let old = entries
        entries = Array(repeating: Entry(), count: old.count * 2)
        for entry in old where entry.slot != 0 { insert(entry) }
    }

    /// The finaliser of splitmix64: neighbouring ids land far apart.
    private static func tag(_ id: Int64) -> UInt32 {
        var bits = UInt64(bitPattern: id)
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return UInt32(truncatingIfNeeded: bits ^ bits >> 31)
    }
}
