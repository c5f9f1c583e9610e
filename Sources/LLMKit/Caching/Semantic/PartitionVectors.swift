/// The vectors of one partition of a semantic cache.
///
/// Where earlier turns or tenants keep questions apart, most partitions hold a few: they are compared one by one, and take
/// no more memory than their rows. From ``most`` on an index finds them.
enum PartitionVectors: Sendable {
    case few(FewVectors)
    case many(VectorIndex)

    /// More than these are indexed; comparing as many one by one takes some microseconds.
    static let most = 256

    init() { self = .few(FewVectors()) }

    var count: Int {
        switch self {
        case .few(let vectors): vectors.count
        case .many(let index): index.count
        }
    }

    /// The ids of all, in no particular order.
    var ids: [Int64] {
        switch self {
        case .few(let vectors): vectors.ids
        case .many(let index): index.ids
        }
    }

    /// The memory it takes, with its place in the table of partitions.
    var bytes: Int {
        switch self {
        case .few(let vectors): vectors.bytes
        case .many(let index): index.bytes
        }
    }

    /// Adds a vector, or replaces the one that has its id.
    /// - Parameter vector: one that ``SemanticMemory/check(_:)`` has found good.
    mutating func insert(_ vector: [Float], id: Int64, precision: VectorPrecision) throws(LLMError) {
        switch self {
        case .many(let index): try index.insert(vector, id: id)
        case .few(var vectors):
            // Two owners would make the change a copy.
            self = .few(FewVectors())
            vectors.insert(vector, id: id)
            self = .few(vectors)
            guard vectors.count > Self.most else { return }
            let index = try VectorIndex(dimensions: vector.count, precision: precision)
            try index.insert(contentsOf: vectors.rows.flatMap(\.self), ids: vectors.ids)
            self = .many(index)
        }
    }

    mutating func remove(_ id: Int64) {
        switch self {
        case .few(var vectors):
            self = .few(FewVectors())
            vectors.remove(id)
            self = .few(vectors)
        case .many(let index):
            index.remove(id)
            // An index keeps the room that it once needed. Half as many as made it one, so that it is not made and
            // unmade with every change.
            guard index.count <= Self.most / 2 else { return }
            var vectors = FewVectors()
            for id in index.ids.sorted() {
                if let vector = index.vector(id) { vectors.insert(vector, id: id) }
            }
            self = .few(vectors)
        }
    }

    /// The nearest vectors, the nearest first; of equally near ones the one with the smaller id first.
    func nearest(_ count: Int, to query: [Float], atLeast cosine: Float) throws(LLMError) -> [VectorIndex.Match] {
        switch self {
        case .few(let vectors): vectors.nearest(count, to: query, atLeast: cosine)
        case .many(let index): try index.nearest(count, to: query, atLeast: cosine)
        }
    }

    func vector(_ id: Int64) -> [Float]? {
        switch self {
        case .few(let vectors): vectors.vector(id)
        case .many(let index): index.vector(id)
        }
    }
}
