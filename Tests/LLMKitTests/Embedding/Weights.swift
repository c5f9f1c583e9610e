import Foundation

/// Where the tests find the folder of all-MiniLM-L6-v2: `LLMKIT_MINILM`, or where `make embedder` puts it.
enum Weights {
    static let folder: String =
        ProcessInfo.processInfo.environment["LLMKIT_MINILM"] ?? packageRoot + "/.models/all-minilm-l6-v2"

    static let areThere = FileManager.default.fileExists(atPath: folder + "/model.safetensors")

    /// Why a test that needs them is skipped.
    static let hint = "needs the weights of all-MiniLM-L6-v2: run make embedder, or set LLMKIT_MINILM to their folder"

    /// The folder of Package.swift: three above this file's.
    static let packageRoot: String = {
        var url = URL(filePath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path(percentEncoded: false).trimmingSuffix("/")
    }()
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
