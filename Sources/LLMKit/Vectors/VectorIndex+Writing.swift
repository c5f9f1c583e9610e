import Synchronization

extension VectorIndex {
    /// Inserts a row, or replaces the one that has its id.
    ///
    /// Searches that begin later see it.
    /// - Parameters:
    ///   - vector: of length one and of as many dimensions as the index has.
    ///   - id: any number.
    /// - Throws: if the vector is none, or if the index is full (``byteLimit``).
    package func insert(_ vector: [Float], id: Int64) throws(LLMError) {
        try vector.withUnsafeBufferPointer { vector throws(LLMError) in try insert(vector, id: id) }
    }

    /// Inserts a row, or replaces the one that has its id.
    package func insert(_ vector: UnsafeBufferPointer<Float>, id: Int64) throws(LLMError) {
        try withChecked(vector, "vector", lockedInsert(id)).get()
        refitIfDue()
    }

    /// Inserts many rows at once: faster, because the filter is fitted once at the end.
    /// - Parameters:
    ///   - vectors: one after the other, each of ``dimensions`` numbers.
    ///   - ids: one per vector, in order.
    /// - Throws: at the first vector that is none; those before it are in.
    package func insert(contentsOf vectors: [Float], ids: [Int64]) throws(LLMError) {
        let (rows, rest) = vectors.count.quotientAndRemainder(dividingBy: dimensions)
        guard rest == 0, rows == ids.count else {
            throw LLMError(
                .invalidRequest,
                "VectorIndex: \(vectors.count) numbers for \(ids.count) ids: each row has \(dimensions)"
            )
        }
        try vectors.withUnsafeBufferPointer { vectors throws(LLMError) in
            for (row, id) in ids.enumerated() {
                let vector = UnsafeBufferPointer(rebasing: vectors[row * dimensions..<(row + 1) * dimensions])
                try withChecked(vector, "vector of id \(id)", lockedInsert(id)).get()
            }
        }
        refitIfDue()
    }

    private func lockedInsert(_ id: Int64) -> (UnsafePointer<Float>) -> Result<Void, LLMError> {
        { vector in
            self.writer.withLock { writer in
                do throws(LLMError) {
                    try writer.insert(vector, id: id, limit: self.byteLimit, self.published, self.kernels)
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
        }
    }

    /// Removes a row. Searches that begin later do not see it.
    /// - Returns: whether there was one of that id.
    @discardableResult
    package func remove(_ id: Int64) -> Bool {
        guard writer.withLock({ $0.remove(id) }) else { return false }
        refitIfDue()
        return true
    }
}
