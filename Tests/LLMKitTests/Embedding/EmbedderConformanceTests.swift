import Foundation
import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct EmbedderConformanceTests {
    /// What a careless embedder does to the vectors of a good one.
    private struct Careless: Embedder {
        var info: EmbedderInfo
        var spoil: @Sendable (inout [[Float]], [String]) throws -> Void

        init(dimensions: Int = 512, _ spoil: @escaping @Sendable (inout [[Float]], [String]) throws -> Void) {
            info = EmbedderInfo(identity: "careless", dimensions: dimensions, maxTokens: 100)
            self.spoil = spoil
        }

        func embed(_ texts: [String]) async throws -> Embeddings {
            var vectors = try HashedNGramEmbedder().embed(texts).vectors
            try spoil(&vectors, texts)
            return Embeddings(vectors)
        }
    }

    private static let careless: [(Careless, String)] = [
        (Careless(dimensions: 511) { _, _ in }, "has 512 numbers, not the 511"),
        (Careless { vectors, _ in vectors = vectors.map { $0.map { $0 * 2 } } }, "has the length"),
        (Careless { vectors, _ in vectors = vectors.map { $0.map { _ in .nan } } }, "has the length"),
        (Careless { vectors, _ in vectors.reverse() }, "in the order of their texts"),
        (Careless { vectors, _ in vectors = Array(vectors.dropLast()) }, "vectors for"),
        (
            Careless { vectors, _ in vectors = vectors.map { _ in [1] + [Float](repeating: 0, count: 511) } },
            "nothing in common"
        ),
        (
            Careless { _, texts in if texts.contains("") { throw LLMError(.invalidRequest, "empty") } },
            "empty text threw"
        ),
        (
            Careless { vectors, texts in if texts.count > 1 { vectors = vectors.map { $0.reversed() } } },
            "each the same as alone"
        ),
    ]

    @Test(arguments: careless.indices)
    func `a careless embedder is told what it breaks`(index: Int) async throws {
        let (embedder, expected) = Self.careless[index]
        let failure = await #expect(throws: ConformanceFailure.self) {
            try await EmbedderConformance().check { embedder }
        }
        #expect(failure?.description.contains(expected) == true, "\(String(describing: failure))")
    }

    @Test func `hashed n-grams keep the rules`() async throws {
        try await EmbedderConformance().check { HashedNGramEmbedder() }
        try await EmbedderConformance().check { HashedNGramEmbedder(dimensions: 16) }
    }

    @Test func `vendor embeddings keep the rules`() async throws {
        let server = try LoopbackServer { request, responder in
            guard let asked = try? OpenAIEmbedderTests.Asked(request), !asked.input.contains(""),
                asked.input.count <= 16,
                let vectors = try? HashedNGramEmbedder(dimensions: 64).embed(asked.input).vectors
            else { return responder.respond(status: 400, body: "") }
            let data = vectors.map { "{\"embedding\":\($0)}" }.joined(separator: ",")
            responder.respond(body: "{\"data\":[\(data)]}")
        }
        try await EmbedderConformance().check {
            OpenAIEmbedder(
                model: "m",
                dimensions: 64,
                key: .notNeeded,
                baseURL: server.url,
                maxTokens: 512,
                batchSize: 16,
                client: .forTesting()
            )
        }
    }
}
