import Foundation
import Testing

@testable import LLMKit

@Suite struct `Word lists` {
    private static let lists: [(String, [String])] = [
        ("akin", WordList.akin.words), ("grammar", WordList.grammar.words), ("thesaurus", WordList.thesaurus.words),
        ("common-words", WordList.commonWords.words), ("dates", WordList.dates.words),
        ("opposites", WordList.opposites.words), ("people", WordList.people.words), ("places", WordList.places.words),
        ("spans", WordList.spans.words), ("synonyms", WordList.synonyms.words), ("things", WordList.things.words),
        ("units", WordList.units.words),
    ]

    private static func file(_ name: String) throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
        let url = root.appending(path: "../../../Sources/CResources/Lexicon/\(name).txt")
        return try String(contentsOf: url, encoding: .utf8).components(separatedBy: "\n").filter { !$0.hasPrefix("#") }
    }

    @Test(arguments: lists.indices) func `what is embedded is the file, without its remarks`(index: Int) throws {
        let (name, words) = Self.lists[index]
        let expected = try Self.file(name).flatMap { $0.components(separatedBy: " ") }.filter { !$0.isEmpty }
        #expect(words == expected)
        #expect(!words.isEmpty)
    }

    @Test func `every line of stop words is of a language that is known`() throws {
        let lines = try Self.file("stop-words").filter { !$0.isEmpty }
        #expect(WordList.stopWords.count == lines.count)
        #expect(Set(WordList.stopWords.map(\.0)).count == lines.count)
        #expect(WordList.stopWords.first { $0.0 == .german }?.1.contains(" nicht ") == true)
    }
}
