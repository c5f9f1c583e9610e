import CAllocationCounter

/// What a stretch of work asks of the heap, all threads together.
struct HeapUse {
    private let start = allocations_so_far()

    /// Adds allocations and bytes per call since this value was made; nothing where they are not counted.
    func add(to line: inout ResultLine, calls: Int) {
        guard allocations_are_counted(), calls > 0 else { return }
        let now = allocations_so_far()
        line.add("allocs", Double(now.allocations - start.allocations) / Double(calls))
        line.add("bytes", Double(now.bytes - start.bytes) / Double(calls))
    }
}
