import Foundation
import Testing

@testable import LLMKit

/// Questions that are nearly the same in words, written by hand over many fields: some need another answer, some do not.
@Suite struct NearQuestionTests {
    private struct Pair: Decodable {
        var a: String
        var b: String
        var expect: String

        var isObjectedTo: Bool { !TextTraits(a).conflicts(with: TextTraits(b)).isEmpty }
    }

    private static func pairs(_ expect: String) throws -> [Pair] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appendingPathComponent("Fixtures/near-questions.jsonl")
        let text = try String(contentsOf: file, encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Pair.self, from: Data($0.utf8)) }
            .filter { $0.expect == expect }
    }

    @Test func `of twins of every kind at most one in twenty passes`() throws {
        let twins = try Self.pairs("ask")
        #expect(twins.count >= 400)
        #expect(twins.count { !$0.isObjectedTo } * 20 <= twins.count)
    }

    @Test func `of rewordings of every kind the guards object to at most eight in a hundred`() throws {
        let rewordings = try Self.pairs("serve")
        #expect(rewordings.count >= 300)
        #expect(rewordings.count { $0.isObjectedTo } * 100 <= rewordings.count * 8)
    }
}
