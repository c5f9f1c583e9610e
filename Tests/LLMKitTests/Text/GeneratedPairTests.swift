import Testing

@testable import LLMKit

/// Twins and rewordings made from frames and exchanges, of more kinds than anybody lists by hand.
@Suite struct GeneratedPairTests {
    private static func objects(_ pair: (a: String, b: String)) -> Bool {
        !TextTraits(pair.a).conflicts(with: TextTraits(pair.b)).isEmpty
    }

    @Test(arguments: GeneratedPairs.twins.indices) func `every kind of generated twins is told apart`(index: Int) {
        let kind = GeneratedPairs.twins[index]
        let missed = kind.pairs.filter { !Self.objects($0) }
        #expect(missed.count * 10 <= kind.pairs.count, "\(kind.kind): \(missed.map { "\($0.a) | \($0.b)" })")
    }

    @Test(arguments: GeneratedPairs.rewordings.indices) func `no kind of generated rewordings is objected to`(
        index: Int
    ) {
        let kind = GeneratedPairs.rewordings[index]
        let refused = kind.pairs.filter { Self.objects($0) }
        #expect(refused.count * 6 <= kind.pairs.count, "\(kind.kind): \(refused.map { "\($0.a) | \($0.b)" })")
    }

    @Test func `of all generated twins at most one in fifty passes`() {
        let pairs = GeneratedPairs.twins.flatMap(\.pairs)
        #expect(pairs.count >= 240)
        #expect(pairs.count { !Self.objects($0) } * 50 <= pairs.count)
    }

    @Test func `of all generated rewordings the guards object to at most one in twenty`() {
        let pairs = GeneratedPairs.rewordings.flatMap(\.pairs)
        #expect(pairs.count >= 120)
        #expect(pairs.count { Self.objects($0) } * 20 <= pairs.count)
    }
}
