/// Where vectors come from: what is kept of them, be it a cosine, says nothing of another embedder's.
package struct VectorOrigin: Hashable, Sendable, Codable {
    /// Names the weights and everything else that changes a vector (``EmbedderInfo/identity``).
    package var embedder: String
    /// How many numbers a vector has.
    package var dimensions: Int

    package init(embedder: String, dimensions: Int) {
        (self.embedder, self.dimensions) = (embedder, dimensions)
    }
}

extension VectorOrigin: CustomStringConvertible {
    package var description: String { "'\(embedder)' (\(dimensions) numbers)" }
}
