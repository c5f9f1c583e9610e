import Foundation
import Testing

@testable import LLMKit

@Suite struct HashedNGramEmbedderTests {
    private func cosine(_ a: String, _ b: String) throws -> Float {
        let vectors = try HashedNGramEmbedder().embed([a, b]).vectors
        return zip(vectors[0], vectors[1]).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test func `texts that are spelled alike are near, others are not`() throws {
        #expect(try cosine("How do I reset my password?", "HOW DO I RESET MY PASSW\u{D6}RD") > 0.999)
        #expect(try cosine("How do I reset my password?", "How can I reset the password?") > 0.5)
        #expect(abs(try cosine("How do I reset my password?", "Weather in Lisbon tomorrow")) < 0.2)
        // It knows no meaning.
        #expect(try cosine("cheap flights", "low-cost airfare") < 0.2)
    }

    @Test func `a text without words is not like every other`() throws {
        #expect(try cosine("???", "!") < 0.9)
        #expect(try cosine("", "") == 1)
    }

    @Test func `the vectors are the same on every platform`() throws {
        let vector = try HashedNGramEmbedder(dimensions: 16).embed(["na\u{EF}ve \u{4E2D}\u{6587}"]).vectors[0]
        // Of another implementation, in Python. The squares add up to 21.
        let sums: [Double] = [1, 1, -1, -1, 1, 2, 0, 1, 0, 1, -2, 0, -1, 2, 0, 1]
        #expect(vector == sums.map { Float($0 / 21.0.squareRoot()) })
    }

    @Test(arguments: [-1, 0, 15, 65_537, .max])
    func `dimensions out of range are an error`(dimensions: Int) {
        let error = #expect(throws: LLMError.self) { try HashedNGramEmbedder(dimensions: dimensions).embed(["a"]) }
        #expect(error?.code == .invalidConfiguration)
    }

    private static let pairs = Weights.packageRoot + "/../shared/data/semantic-cache/qqp_pairs.dev.jsonl"

    @Test(.enabled(if: FileManager.default.fileExists(atPath: pairs), "needs ../shared/data/semantic-cache"))
    func `it tells duplicate questions from near misses as well as its documentation says`() throws {
        let embedder = HashedNGramEmbedder()
        var scores: [(cosine: Float, isDuplicate: Bool)] = []
        for line in try String(contentsOfFile: Self.pairs, encoding: .utf8).split(separator: "\n").prefix(
            Soak.count(.max, else: 2000)
        ) {
            struct Pair: Decodable {
                var a: String
                var b: String
                var label: Int
            }
            let pair = try JSONDecoder().decode(Pair.self, from: Data(line.utf8))
            let vectors = try embedder.embed([pair.a, pair.b]).vectors
            scores.append((zip(vectors[0], vectors[1]).reduce(0) { $0 + $1.0 * $1.1 }, pair.label == 1))
        }
        // The area under the ROC curve, by ranks (Mann and Whitney).
        scores.sort { $0.cosine < $1.cosine }
        let ranks = scores.enumerated().filter(\.element.isDuplicate).reduce(0) { $0 + Double($1.offset + 1) }
        let positives = Double(scores.filter(\.isDuplicate).count)
        let area = (ranks - positives * (positives + 1) / 2) / (positives * (Double(scores.count) - positives))
        let tolerance = Soak.isOn ? 0.01 : 0.025
        #expect(abs(area - 0.765) < tolerance, "\(area)")
    }
}
