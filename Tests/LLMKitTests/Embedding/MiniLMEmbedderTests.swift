import Foundation
import Testing

@testable import LLMKit

/// With the weights of all-MiniLM-L6-v2, against vectors that numpy calculated in double precision (Tests/Oracles/bert.py).
@Suite(.enabled(if: Weights.areThere, "\(Weights.hint)"))
struct MiniLMEmbedderTests {
    private struct Row: Decodable {
        var text: String
        /// Millionths.
        var vector: [Int]
    }

    private static let rows: [Row] = {
        let file = Weights.packageRoot + "/Tests/LLMKitTests/Fixtures/minilm_vectors.json"
        let data = FileManager.default.contents(atPath: file) ?? Data()
        return (try? JSONDecoder().decode([Row].self, from: data)) ?? []
    }()

    private func cosine(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    @Test(arguments: [
        (MiniLMEmbedder.Precision.float32, Float(0.99999)), (.bfloat16, 0.9999), (.int8, 0.999),
    ])
    func `vectors are those of the reference`(_ precision: MiniLMEmbedder.Precision, _ least: Float) async throws {
        let embedder = try MiniLMEmbedder(folder: Weights.folder, precision: precision)
        #expect(embedder.info.dimensions == 384)
        #expect(embedder.info.maxTokens == 256)
        #expect(embedder.info.vendor == nil)
        #expect(Self.rows.count >= 20)
        let rows = Self.rows.prefix(Soak.count(Self.rows.count, else: 6))
        let vectors = try await embedder.embed(rows.map(\.text)).vectors
        for (row, vector) in zip(rows, vectors) {
            #expect(cosine(vector, row.vector.map { Float($0) * 1e-6 }) >= least, "\(row.text)")
        }
    }

    @Test func `concurrent callers get the vectors that they would get alone`() async throws {
        let embedder: some Embedder = try MiniLMEmbedder(folder: Weights.folder, precision: .int8)
        let texts = Self.rows.map(\.text).sorted { $0.utf8.count < $1.utf8.count }.prefix(8)
        var alone: [[Float]] = []
        for text in texts { alone += try await embedder.embed([text]).vectors }
        let vectors = try await withThrowingTaskGroup(of: (Int, [[Float]]).self) { group in
            for index in 0..<16 {
                group.addTask { (index, try await embedder.embed([texts[index % 8], texts[(index + 1) % 8]]).vectors) }
            }
            return try await group.reduce(into: [Int: [[Float]]]()) { $0[$1.0] = $1.1 }
        }
        for (index, pair) in vectors {
            #expect(cosine(pair[0], alone[index % 8]) > 0.99999)
            #expect(cosine(pair[1], alone[(index + 1) % 8]) > 0.99999)
        }
    }

    @Test func `a text beyond the limit counts up to it`() async throws {
        let embedder = try MiniLMEmbedder(folder: Weights.folder, precision: .int8)
        let long = Array(repeating: "word", count: 254).joined(separator: " ")
        let vectors = try await embedder.embed([long, long + " and so on and on"]).vectors
        #expect(cosine(vectors[0], vectors[1]) > 0.99999)
    }
}
