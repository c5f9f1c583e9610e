import LLMKit

/// Where the vectors of a benchmark's texts come from.
enum VectorSource {
    /// Files of vectors in the order of the texts, by the name of the part.
    case files([String: String])

    init(_ options: Options) throws {
        var files: [String: String] = [:]
        for part in ["train", "dev", "test"] { files[part] = options.optionalText("\(part)-vectors") }
        guard files.count == 3 else {
            throw UsageError(message: "--train-vectors, --dev-vectors and --test-vectors are missing")
        }
        self = .files(files)
    }

    func vectors(_ part: String, _ texts: [String]) async throws -> [[Float]] {
        switch self {
        case .files(let files):
            let path = files[part] ?? ""
            let rows = try NumpyFile(path).rows
            guard rows.count == texts.count else {
                throw UsageError(message: "\(path) has \(rows.count) vectors for \(texts.count) texts")
            }
            return rows
        }
    }
}
