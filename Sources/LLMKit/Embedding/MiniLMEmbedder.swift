import CKernels

/// Embeds texts in this process with a BERT-style model of the sentence-transformers kind, such as all-MiniLM-L6-v2.
///
/// No service, no Python, and no cost per call: a question takes one to a few milliseconds of one core. The folder is
/// what sentence-transformers saves (`config.json`, `model.safetensors`, `tokenizer.json` or `vocab.txt`, `modules.json`);
/// it is not part of the library. `make embedder` fetches the one that tests and benchmarks use.
///
/// ```swift
/// let embedder = try MiniLMEmbedder(folder: "Models/all-minilm-l6-v2", precision: .int8)
/// let vectors = try await embedder.embed(["How tall is Mont Blanc?"]).vectors
/// ```
/// Concurrent callers share batches on a thread of the embedder's own (``EmbedderInfo/identity`` tells which vectors may be
/// compared). Share one embedder: each holds the weights, from 12 MB for ``Precision/int8`` to 43 MB for
/// ``Precision/float32``, of all-MiniLM-L6-v2; the table of words stays in its file.
public final class MiniLMEmbedder: Embedder {
    /// What numbers the weights and the activations of the linear layers are kept in. Everything else is float.
    ///
    /// Measured with all-MiniLM-L6-v2: the smallest cosine, over thousands of real questions, to the vector of the
    /// reference (onnxruntime in float) is above 0.999999 for ``float32``, 0.9999 for ``bfloat16`` and 0.999 for ``int8``.
    public enum Precision: String, Hashable, Sendable, CaseIterable {
        /// 32 bits, as in the file.
        case float32
        /// 16 bits with the exponent of 32; half the memory, and on processors that multiply them (AVX-512 BF16) half the
        /// time.
        case bfloat16
        /// Eight bits, with a scale for each output of a layer and each token; a quarter of the memory, and a quarter of
        /// the time where the processor multiplies bytes (AVX-512 VNNI, AVX-VNNI; NEON, which was never run).
        case int8
    }

    public let info: EmbedderInfo
    private let batcher: EmbeddingBatcher

    /// Reads the folder and packs the weights; takes some tenths of a second.
    /// - Parameters:
    ///   - folder: the path of a sentence-transformers folder with a BERT encoder.
    ///   - precision: what the linear layers calculate with.
    /// - Throws: ``LLMError`` with code `storage` if a file cannot be read, `invalid_configuration` if it is damaged or of
    ///   another kind of model; the message names the file, and the tensor.
    public convenience init(folder: String, precision: Precision = .float32) throws(LLMError) {
        try self.init(folder: folder, precision: precision, kernels: llmkit_kernels_best())
    }

    /// - Parameter kernels: whose arithmetic is used.
    init(
        folder path: String,
        precision: Precision,
        kernels: UnsafePointer<llmkit_kernels>
    ) throws(LLMError) {
        let folder = try SentenceTransformerFolder(path)
        let tokenizer = try folder.tokenizer()
        let file = try folder.weights()
        let weights = try BertWeights(file, folder.configuration)
        let examples =
            precision == .int8 ? CalibrationTexts.all.map { tokenizer.encode($0, limit: folder.maxTokens) } : []
        let encoder = try BertEncoder(
            weights,
            as: Self.form(precision, kernels),
            examples: examples.filter { !$0.isEmpty },
            kernels: kernels
        )
        // The encoder has its own copies of all but the words' vectors.
        file.releasePages()
        let model = SentenceEncoder(folder, tokenizer, encoder)
        info = EmbedderInfo(
            identity: try EmbedderIdentity(folder, file, precision).text,
            dimensions: folder.configuration.hiddenSize,
            maxTokens: folder.maxTokens
        )
        batcher = EmbeddingBatcher("llmkit.embed", model.embed)
    }

    public func embed(_ texts: [String]) async throws -> Embeddings {
        Embeddings(try await batcher.embed(texts))
    }

    /// On processors without vector instructions of their own kernels, BLAS multiplies faster than plain C.
    private static func form(_ precision: Precision, _ kernels: UnsafePointer<llmkit_kernels>) -> PackedLinear.Form {
        switch precision {
        case .float32: kernels.pointee.is_vectorized ? .float32 : .blas
        case .bfloat16: .bfloat16
        case .int8: .int8
        }
    }
}

extension Embedder where Self == MiniLMEmbedder {
    /// A BERT-style model of the sentence-transformers kind, read from its folder; see ``MiniLMEmbedder``.
    /// - Throws: ``LLMError`` as ``MiniLMEmbedder/init(folder:precision:)``.
    public static func miniLM(
        folder: String,
        precision: MiniLMEmbedder.Precision = .float32
    ) throws(LLMError) -> MiniLMEmbedder {
        try MiniLMEmbedder(folder: folder, precision: precision)
    }
}
