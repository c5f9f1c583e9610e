import Foundation
import Testing

@testable import LLMKit

/// Pairs written by hand: twins, of which one must not get the other's answer, and phrasings of one question.
@Suite struct TwinTests {
    private struct Pair: Decodable {
        var a: String
        var b: String
        /// `same` for phrasings of one question, else what makes them twins.
        var kind: String
    }

    private static func pairs() throws -> [Pair] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: folder.appendingPathComponent("Fixtures/twins.jsonl"), encoding: .utf8)
        return try text.split(separator: "\n").map { try JSONDecoder().decode(Pair.self, from: Data($0.utf8)) }
    }

    @Test func `of a hundred twins at most one gets past the guards`() throws {
        let twins = try Self.pairs().filter { $0.kind != "same" }
        #expect(twins.count >= 600)
        let missed = twins.filter { TextTraits($0.a).conflicts(with: TextTraits($0.b)).isEmpty }
        #expect(missed.count * 100 <= twins.count, "\(missed.map { "\($0.a) | \($0.b)" })")
    }

    @Test(arguments: ["reversed", "negated", "digit", "entity", "unit", "date", "language", "antonym"])
    func `every kind of twin is told apart`(kind: String) throws {
        let twins = try Self.pairs().filter { $0.kind == kind }
        #expect(!twins.isEmpty)
        let missed = twins.filter { TextTraits($0.a).conflicts(with: TextTraits($0.b)).isEmpty }
        #expect(missed.count * 20 <= twins.count, "\(missed.map { "\($0.a) | \($0.b)" })")
    }

    @Test func `of a hundred phrasings of one question the guards object to at most three`() throws {
        let same = try Self.pairs().filter { $0.kind == "same" }
        #expect(same.count >= 300)
        let refused = same.filter { !TextTraits($0.a).conflicts(with: TextTraits($0.b)).isEmpty }
        #expect(refused.count * 100 <= same.count * 3, "\(refused.map { "\($0.a) | \($0.b)" })")
    }

    @Test func `conflicts are the same in both directions`() throws {
        for pair in try Self.pairs() {
            let a = TextTraits(pair.a)
            let b = TextTraits(pair.b)
            #expect(a.conflicts(with: b) == b.conflicts(with: a), "\(pair.a) | \(pair.b)")
            #expect(a.overlap(with: b) == b.overlap(with: a))
        }
    }
}
