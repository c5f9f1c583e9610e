/// Turns texts into unit vectors whose angle tells how alike the texts are in meaning.
///
/// Semantic caches search them by cosine. A whole embedder:
///
/// ```swift
/// struct LengthEmbedder: Embedder {
///     let info = EmbedderInfo(identity: "length-v1", dimensions: 2, maxTokens: 1_000_000)
///     func embed(_ texts: [String]) -> Embeddings {
///         Embeddings(texts.map { text in
///             let angle = Float(text.utf8.count % 100) / 100
///             return [1 - angle, (1 - (1 - angle) * (1 - angle)).squareRoot()]
///         })
///     }
/// }
/// ```
public protocol Embedder: Sendable {
    var info: EmbedderInfo { get }

    /// Embeds a batch.
    /// - Parameter texts: any texts, also empty ones; what is longer than ``EmbedderInfo/maxTokens`` is cut.
    /// - Returns: one vector per text, in order, each of ``EmbedderInfo/dimensions`` numbers and of length one.
    func embed(_ texts: [String]) async throws -> Embeddings

    /// Finds settings that can never work; caches call it when a pipeline is assembled. The default finds nothing.
    func validate() throws(LLMError)
}

extension Embedder {
    public func validate() throws(LLMError) {}
}

/// What is known of an embedder before it has embedded anything.
public struct EmbedderInfo: Hashable, Sendable {
    /// Names the weights and everything else that changes a vector: vectors of different identities never meet.
    public var identity: String
    /// How many numbers a vector has.
    public var dimensions: Int
    /// How many tokens of a text count; the rest is cut off.
    public var maxTokens: Int
    /// Who is paid for the vectors; `nil` for embedders inside the process, which cost nothing.
    public var vendor: String?
    /// The vendor's name of the model.
    public var modelID: String?

    public init(
        identity: String,
        dimensions: Int,
        maxTokens: Int,
        vendor: String? = nil,
        modelID: String? = nil
    ) {
        self.identity = identity
        self.dimensions = dimensions
        self.maxTokens = maxTokens
        self.vendor = vendor
        self.modelID = modelID
    }

    /// What is kept with vectors, or with what was learned of them.
    package var origin: VectorOrigin { VectorOrigin(embedder: identity, dimensions: dimensions) }
}

/// The vectors of a batch of texts, and what a vendor bills for them.
public struct Embeddings: Hashable, Sendable {
    /// One unit vector per text, in the order of the texts.
    public var vectors: [[Float]]
    /// What the vendor counted; zero for embedders inside the process.
    public var usage: Usage

    public init(_ vectors: [[Float]], usage: Usage = Usage()) {
        self.vectors = vectors
        self.usage = usage
    }
}
