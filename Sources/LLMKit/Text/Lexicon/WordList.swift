import CResources

/// A list of words that is embedded in the program.
///
/// Its file lies in Sources/CResources/Lexicon. A line that begins with `#` is a remark; a phrase has underscores between
/// its words. Read once, when the ``Lexicon`` is built at its first use.
struct WordList {
    let lines: [Substring]

    init(_ resource: llmkit_resource) {
        let bytes = UnsafeBufferPointer(start: resource.bytes, count: resource.count)
        // By bytes, because looking for the bounds of characters takes longer than all the rest.
        lines = String(decoding: bytes, as: UTF8.self).utf8.split(separator: UInt8(ascii: "\n"))
            .filter { $0.first != UInt8(ascii: "#") }.map { Substring($0) }
    }

    var words: [String] { lines.flatMap { Self.words($0) } }

    /// The words of a line.
    static func words(_ line: some StringProtocol) -> [String] {
        line.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

extension WordList {
    /// Words that may stand for each other, by hand and from WordNet: see ``Thesaurus``.
    static var akin: WordList { WordList(llmkit_lexicon_akin()) }
    static var thesaurus: WordList { WordList(llmkit_lexicon_thesaurus()) }
    static var commonWords: WordList { WordList(llmkit_lexicon_common_words()) }
    static var dates: WordList { WordList(llmkit_lexicon_dates()) }
    /// Function words by their marks: see ``GrammarMark``.
    static var grammar: WordList { WordList(llmkit_lexicon_grammar()) }
    static var opposites: WordList { WordList(llmkit_lexicon_opposites()) }
    static var people: WordList { WordList(llmkit_lexicon_people()) }
    static var places: WordList { WordList(llmkit_lexicon_places()) }
    static var spans: WordList { WordList(llmkit_lexicon_spans()) }
    static var synonyms: WordList { WordList(llmkit_lexicon_synonyms()) }
    static var things: WordList { WordList(llmkit_lexicon_things()) }
    static var units: WordList { WordList(llmkit_lexicon_units()) }

    /// The commonest words of languages written in Latin letters; a line is the name of the language, a colon, and its words.
    static var stopWords: [(TextLanguage, Substring)] {
        WordList(llmkit_lexicon_stop_words()).lines.compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let language = TextLanguage.allCases.first(where: { "\($0)" == parts[0] }) else {
                return nil
            }
            return (language, parts[1])
        }
    }
}
