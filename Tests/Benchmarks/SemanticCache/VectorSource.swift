import Foundation
import LLMKit

/// Where the vectors of a benchmark's texts come from.
enum VectorSource {
    /// A model in a sentence-transformers folder.
    case model(MiniLMEmbedder)
    /// NumPy files of vectors in the order of the texts, by the name of the part.
    case files([String: String])

    private static let parts = ["train", "dev", "test", "twins"]

    init(_ options: Options) throws {
        var files: [String: String] = [:]
        for part in Self.parts { files[part] = options.optionalText("\(part)-vectors") }
        if !files.isEmpty {
            self = .files(files)
            return
        }
        let folder =
            options.optionalText("model") ?? ProcessInfo.processInfo.environment["LLMKIT_MINILM"]
            ?? ".models/all-minilm-l6-v2"
        self = .model(try MiniLMEmbedder(folder: folder, precision: options.has("int8") ? .int8 : .float32))
    }

    /// What made the vectors, if that is known.
    var info: EmbedderInfo? {
        switch self {
        case .model(let embedder): embedder.info
        case .files: nil
        }
    }

    /// - Parameter part: which of the files the texts are of.
    func vectors(_ part: String, _ texts: [String]) async throws -> [[Float]] {
        switch self {
        case .model(let embedder):
            var vectors: [[Float]] = []
            for start in stride(from: 0, to: texts.count, by: 256) {
                let batch = Array(texts[start..<min(start + 256, texts.count)])
                vectors += try await embedder.embed(batch).vectors
            }
            return vectors
        case .files(let files):
            guard let path = files[part] else { throw UsageError(message: "--\(part)-vectors is missing") }
            let rows = try NumpyFile(path).rows
            guard rows.count == texts.count else {
                throw UsageError(message: "\(path) has \(rows.count) vectors for \(texts.count) texts")
            }
            return rows
        }
    }
}
