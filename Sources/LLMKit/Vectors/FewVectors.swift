/// So few unit vectors that an index would cost more than it saves.
struct FewVectors: Sendable {
    private(set) var ids: [Int64] = []
    /// A row each, so that a search goes on undisturbed on its copy while another is added.
    private(set) var rows: [[Float]] = []

    var count: Int { ids.count }

    /// The memory it takes: rows with what the heap keeps of each, ids, and itself.
    var bytes: Int { 256 + rows.reduce(0) { $0 + $1.capacity * 4 + 48 } + ids.capacity * 8 }

    /// Adds a vector, or replaces the one that has its id.
    mutating func insert(_ vector: [Float], id: Int64) {
        if let place = ids.firstIndex(of: id) {
            rows[place] = vector
        } else {
            ids.append(id)
            rows.append(vector)
        }
    }

    mutating func remove(_ id: Int64) {
        guard let place = ids.firstIndex(of: id) else { return }
        ids.swapAt(place, ids.count - 1)
        rows.swapAt(place, rows.count - 1)
        ids.removeLast()
        rows.removeLast()
    }

    func vector(_ id: Int64) -> [Float]? { ids.firstIndex(of: id).map { rows[$0] } }

    /// The nearest vectors, the nearest first; of equally near ones the one with the smaller id first.
    func nearest(_ count: Int, to query: [Float], atLeast cosine: Float) -> [VectorIndex.Match] {
        guard count > 0 else { return [] }
        var found: [VectorIndex.Match] = []
        for (id, row) in zip(ids, rows) where row.count == query.count {
            let similarity = VectorKernels.best.product(of: row, and: query)
            if similarity >= cosine { found.append(VectorIndex.Match(id: id, similarity: similarity)) }
        }
        found.sort { ($0.similarity, $1.id) > ($1.similarity, $0.id) }
        return Array(found.prefix(count))
    }
}
