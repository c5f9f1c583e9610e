import Synchronization

/// From texts to unit vectors: tokens, the encoder, and pooling, on the calling thread.
final class SentenceEncoder: Sendable {
    private let path: String
    private let tokenizer: WordPieceTokenizer
    private let encoder: BertEncoder
    private let pooling: SentenceTransformerFolder.Pooling
    private let maxTokens: Int
    private let workspace: Mutex<EncoderWorkspace>

    /// How many tokens pass through the encoder at a time: enough that reading the weights costs little a token, and few
    /// enough that what lies between the layers stays in the cache.
    private static let batchTokens = 256

    init(_ folder: SentenceTransformerFolder, _ tokenizer: WordPieceTokenizer, _ encoder: BertEncoder) {
        path = folder.path
        self.tokenizer = tokenizer
        self.encoder = encoder
        pooling = folder.pooling
        maxTokens = folder.maxTokens
        workspace = Mutex(EncoderWorkspace(folder.configuration, tokens: max(Self.batchTokens, folder.maxTokens)))
    }

    func tokens(of text: String) -> [Int32] { tokenizer.encode(text, limit: maxTokens) }

    /// Embeds as many texts from the front as make up a batch; at least one, if there are any.
    func embed(_ texts: [String]) -> [Result<[Float], LLMError>] {
        var batch: [[Int32]] = []
        var total = 0
        for text in texts {
            let tokens = tokens(of: text)
            total += tokens.count
            guard batch.isEmpty || total <= Self.batchTokens else { break }
            batch.append(tokens)
        }
        return workspace.withLock { workspace in
            encoder.run(batch, workspace)
            var first = 0
            return batch.map { tokens in
                defer { first += tokens.count }
                return pool(workspace.hidden.from(first), count: tokens.count)
            }
        }
    }

    /// One unit vector for a text of `count` tokens.
    private func pool(_ rows: FloatRows, count: Int) -> Result<[Float], LLMError> {
        let width = encoder.configuration.hiddenSize
        var vector = [Float](repeating: 0, count: width)
        // A tokenizer that frames texts gives no empty one; of what has no tokens, any direction is as good.
        guard count > 0 else {
            vector[0] = 1
            return .success(vector)
        }
        vector.withUnsafeMutableBufferPointer { vector in
            _ = vector.update(fromContentsOf: rows.row(0, count: width))
            guard pooling != .cls else { return }
            for index in 1..<max(1, count) {
                let row = rows.row(index, count: width)
                switch pooling {
                case .mean: for i in 0..<width { vector[i] += row[i] }
                case .max: for i in 0..<width { vector[i] = max(vector[i], row[i]) }
                case .cls: break
                }
            }
        }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0, length.isFinite else {
            let message =
                "\(path)/model.safetensors: the vector of a text has the length \(length); expected sound weights"
            return .failure(LLMError(.invalidConfiguration, message))
        }
        let scale = 1 / length
        return .success(vector.map { $0 * scale })
    }
}
