extension RequestScope {
    /// Vectors of texts, as an attempt of this request where a vendor bills them.
    ///
    /// Embedders inside the process cost nothing and are no attempts.
    /// - Parameters:
    ///   - texts: what to embed.
    ///   - embedder: what makes the vectors.
    ///   - purpose: what they are booked as.
    /// - Returns: one vector per text, in order, and what the vendor counted.
    public func embed(
        _ texts: [String],
        with embedder: some Embedder,
        for purpose: Purpose = .embedding
    ) async throws -> Embeddings {
        let info = embedder.info
        guard let vendor = info.vendor else { return try await embedder.embed(texts) }
        let upstream = Upstream(vendor: vendor, modelID: info.modelID ?? info.identity)
        let size = texts.reduce(0) { $0 + $1.utf8.count }
        // An embedding is never part of a model's call: it takes from the share of its own role.
        let record = try await child(purpose: kept(purpose), enclosing: nil).begin(upstream, .texts(utf8Count: size))
        do {
            let start = time.now
            let embeddings = try await embedder.embed(texts)
            var answer = ChatResponse("", usage: embeddings.usage)
            answer.timing.total = time.now - start
            record.finish(&answer)
            return embeddings
        } catch {
            let error = LLMError(wrapping: error)
            record.fail(error)
            throw error
        }
    }
}
