import CKernels
import Synchronization

/// Finds the nearest of many unit vectors, exactly: no neighbour is ever missed.
///
/// Every row is compared in full unless a bound proves that it cannot reach the cosine asked for. The bound takes 24 to
/// 128 bytes of a row (its head in rotated coordinates) instead of 1,536, and lets about one row in a thousand pass; see
/// `vector_heads.h` for its derivation. Small indices do without and compare every row.
///
/// Any number of threads search at once and never wait for a writer; a search sees the rows of the moment it began.
/// Insertion and removal take constant time. As the index grows, the filter is fitted anew on a thread of its own, each
/// time a quarter of the rows has changed: about 9 µs a row (0.9 s for 100,000 rows of 384 numbers).
///
/// ```swift
/// let index = try VectorIndex(dimensions: 384)
/// try index.insert(vector, id: 7)
/// let match = try index.best(near: query, atLeast: 0.9)
/// ```
///
/// "Exact" means: the result is the one that comparing the query with every stored row would give, with the same function
/// for the product, in single precision. A row whose true cosine lies within 3e-6 of the threshold (384 dimensions) may
/// fall on either side of it.
package final class VectorIndex: Sendable {
    package typealias Precision = VectorPrecision

    /// A row that a search found.
    package struct Match: Hashable, Sendable {
        package var id: Int64
        /// The cosine between the row and the query, -1 to 1.
        package var similarity: Float

        package init(id: Int64, similarity: Float) {
            self.id = id
            self.similarity = similarity
        }
    }

    /// How many numbers a vector has.
    package let dimensions: Int
    package let precision: Precision
    /// The most memory it may take; `nil` for no limit.
    package let byteLimit: Int?

    /// How many numbers a vector may have.
    static let dimensions = 2...4096

    let kernels: VectorKernels
    let refits: RefitPolicy
    let published: PublishedReference<IndexState>
    let writer: Mutex<IndexWriter>

    /// Makes an empty index.
    /// - Parameters:
    ///   - dimensions: how many numbers a vector has, 2 to 4096.
    ///   - precision: how rows are stored.
    ///   - byteLimit: the most memory it may take; an insertion beyond it is an error.
    package convenience init(
        dimensions: Int,
        precision: Precision = .f32,
        byteLimit: Int? = nil
    ) throws(LLMError) {
        try self.init(dimensions: dimensions, precision: precision, byteLimit: byteLimit, refits: RefitPolicy())
    }

    init(
        dimensions: Int,
        precision: Precision = .f32,
        byteLimit: Int? = nil,
        refits: RefitPolicy,
        kernels: VectorKernels = .best
    ) throws(LLMError) {
        guard Self.dimensions.contains(dimensions) else {
            throw LLMError(
                .invalidConfiguration,
                "VectorIndex: \(dimensions) dimensions; vectors have 2 to 4096: give as many as the embedder's vectors have"
            )
        }
        if let byteLimit, byteLimit <= 0 {
            throw LLMError(
                .invalidConfiguration,
                "VectorIndex: a byteLimit of \(byteLimit) holds nothing: give more, or nil for no limit"
            )
        }
        self.dimensions = dimensions
        self.precision = precision
        self.byteLimit = byteLimit
        self.kernels = kernels
        self.refits = refits
        let layout = RowLayout(dimensions: dimensions, precision: precision)
        let state = IndexState.empty(layout)
        published = PublishedReference(state)
        writer = Mutex(IndexWriter(state))
    }

    // MARK: Searching

    /// The nearest row, if it is near enough.
    /// - Parameters:
    ///   - query: a unit vector of as many dimensions as the index has.
    ///   - cosine: the least cosine that counts, -1 to 1. The higher, the faster.
    /// - Returns: of equally near rows the one with the smallest id.
    package func best(near query: [Float], atLeast cosine: Float) throws(LLMError) -> Match? {
        try query.withUnsafeBufferPointer { query throws(LLMError) in try best(near: query, atLeast: cosine) }
    }

    /// The nearest row, if it is near enough.
    package func best(near query: UnsafeBufferPointer<Float>, atLeast cosine: Float) throws(LLMError) -> Match? {
        try withPadded(query, atLeast: cosine) { query in
            let state = published.object
            var found = llmkit_match()
            let count = withExtendedLifetime(state) {
                var view = state.view(kernels)
                return llmkit_index_search(&view, query, cosine, &found, 1)
            }
            guard (0...1).contains(count) else { return .failure(.brokenIndex) }
            return .success(count == 0 ? nil : Match(id: found.id, similarity: found.cosine))
        }
    }

    /// The nearest rows, the nearest first; of equally near ones the one with the smaller id first.
    /// - Parameters:
    ///   - count: how many at most.
    ///   - query: a unit vector of as many dimensions as the index has.
    ///   - cosine: the least cosine that counts, -1 to 1. The higher, the faster.
    package func nearest(_ count: Int, to query: [Float], atLeast cosine: Float = -1) throws(LLMError) -> [Match] {
        try query.withUnsafeBufferPointer { query throws(LLMError) in
            try nearest(count, to: query, atLeast: cosine)
        }
    }

    /// The nearest rows, the nearest first; of equally near ones the one with the smaller id first.
    package func nearest(
        _ count: Int,
        to query: UnsafeBufferPointer<Float>,
        atLeast cosine: Float = -1
    ) throws(LLMError) -> [Match] {
        try withPadded(query, atLeast: cosine) { query in
            let state = published.object
            return withExtendedLifetime(state) {
                var view = state.view(kernels)
                let limit = max(0, min(count, view.rows))
                return withUnsafeTemporaryAllocation(of: llmkit_match.self, capacity: limit) { matches in
                    guard let start = matches.baseAddress, limit > 0 else { return .success([]) }
                    let found = llmkit_index_search(&view, query, cosine, start, limit)
                    guard (0...limit).contains(found) else { return .failure(.brokenIndex) }
                    return .success((0..<found).map { Match(id: start[$0].id, similarity: start[$0].cosine) })
                }
            }
        }
    }

    // MARK: What it holds

    /// How many rows it holds.
    package var count: Int { writer.withLock { $0.count } }

    /// The memory it takes: rows, heads, ids, tables.
    package var bytes: Int { writer.withLock { $0.bytes } }

    package func contains(_ id: Int64) -> Bool { writer.withLock { $0.slot(of: id) != nil } }

    /// The ids of all rows, in no particular order.
    package var ids: [Int64] { writer.withLock { $0.ids } }

    /// A row as it is stored, so with ``Precision/f16`` rounded; `nil` if there is none of that id.
    package func vector(_ id: Int64) -> [Float]? { writer.withLock { $0.vector(id) } }

    // MARK: Checks

    /// Calls `body` with the query, filled up to the length that the kernels want.
    private func withPadded<Result>(
        _ query: UnsafeBufferPointer<Float>,
        atLeast cosine: Float,
        _ body: (UnsafePointer<Float>) -> Swift.Result<Result, LLMError>
    ) throws(LLMError) -> Result {
        guard !cosine.isNaN else { throw LLMError(.invalidRequest, "VectorIndex: the least cosine is not a number") }
        return try withChecked(query, "query", body).get()
    }

    /// Calls `body` with a vector that is of the right length in both senses, filled up with zeros.
    func withChecked<Result>(
        _ vector: UnsafeBufferPointer<Float>,
        _ what: @autoclosure () -> String,
        _ body: (UnsafePointer<Float>) -> Result
    ) throws(LLMError) -> Result {
        guard vector.count == dimensions, let start = vector.baseAddress else {
            throw LLMError(
                .invalidRequest,
                "VectorIndex: the \(what()) has \(vector.count) dimensions, not \(dimensions): it must come from the same embedder"
            )
        }
        let padded = (dimensions + 15) / 16 * 16
        if padded == dimensions {
            try check(kernels.dot(start, start, padded), what)
            return body(start)
        }
        let result: Swift.Result<Result, LLMError> = withUnsafeTemporaryAllocation(of: Float.self, capacity: padded) {
            guard let copy = $0.baseAddress else { return .failure(LLMError(.unknown)) }
            copy.initialize(repeating: 0, count: padded)
            copy.update(from: start, count: dimensions)
            do throws(LLMError) { try check(kernels.dot(copy, copy, padded), what) } catch { return .failure(error) }
            return .success(body(copy))
        }
        return try result.get()
    }

    /// The bound counts on lengths of one: 0.001 more or less is admitted, which rounding to half precision stays far
    /// below.
    private func check(_ square: Float, _ what: () -> String) throws(LLMError) {
        guard abs(square - 1) > 0.002 || square.isNaN else { return }
        guard square.isFinite else {
            throw LLMError(.invalidRequest, "VectorIndex: the \(what()) holds NaN, or numbers without bound")
        }
        let length = "\((square.squareRoot() * 10_000).rounded() / 10_000)"
        throw LLMError(
            .invalidRequest,
            "VectorIndex: the \(what())'s length is \(length), not 1 (within 0.001): divide it by its length first"
        )
    }
}

extension LLMError {
    /// The C search has refused the index: its counts do not fit each other, which ``IndexState`` proves cannot be.
    fileprivate static let brokenIndex = LLMError(
        .unknown,
        "VectorIndex: its tables do not fit each other; nothing was read beyond them. This is a fault of LLMKit: please report it"
    )
}
