/// Names a model by what its files hold, so that vectors of different weights never meet, wherever the files lie.
struct EmbedderIdentity {
    /// Such as `minilm:int8.1:384:9f86d081884c7d65…`.
    let text: String

    /// How many parts of the weights are looked at, and how many bytes each has. Hashing them all would cost a processor
    /// without instructions for it half a second; models differ everywhere if they differ.
    private static let (parts, partSize) = (256, 4096)

    init(
        _ folder: SentenceTransformerFolder,
        _ file: SafetensorsFile,
        _ precision: MiniLMEmbedder.Precision
    ) throws(LLMError) {
        var hash = SHA256()
        try FileMapping(file.path).withBytes { bytes in
            hash.update(UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.partSize)))
            let step = max(Self.partSize, bytes.count / Self.parts)
            for start in stride(from: step, to: bytes.count, by: step) {
                hash.update(UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + Self.partSize, bytes.count)]))
            }
            hash.field(1, UInt64(bytes.count))
        }
        let hasJSON = fileExists(folder.path + "/tokenizer.json")
        for name in hasJSON ? ["tokenizer.json"] : ["vocab.txt", "tokenizer_config.json"] {
            let path = folder.path + "/" + name
            if fileExists(path) { try FileMapping(path).withBytes { hash.update($0) } }
        }
        let shape = folder.configuration
        hash.field(2, shape.activation.rawValue)
        hash.field(3, UInt64(shape.headCount))
        hash.field(4, UInt64(shape.layerNormEpsilon.bitPattern))
        hash.field(5, folder.pooling.rawValue)
        hash.field(6, UInt64(folder.maxTokens))
        let digest = hash.finalize().prefix(16).map { byte in
            let hex = String(byte, radix: 16)
            return hex.count < 2 ? "0" + hex : hex
        }.joined()
        let kind = precision == .int8 ? "int8.\(CalibrationTexts.version)" : precision.rawValue
        text = "minilm:\(kind):\(shape.hiddenSize):\(digest)"
    }
}
