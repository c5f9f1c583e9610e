/// Which words may stand for each other in a sentence that is the same otherwise.
///
/// Unlike the classes of synonyms in the ``Lexicon``, kinship is not passed on: "stop" may stand for "cancel" and for "prevent",
/// which are not the same. A line may have `-` before the colon: its words are akin to none. Words that the tables name are known besides, and so taken neither for names nor for slips.
struct Thesaurus: Sendable {
    static let shared = Thesaurus([WordList.akin, WordList.thesaurus])

    /// Pairs of words, sorted.
    private let pairs: [UInt64]
    /// Stems of all words, sorted.
    private let stems: [UInt32]

    /// - Parameter lists: lines of a word, a colon, and words akin to it.
    init(_ lists: [WordList]) {
        var pairs: [UInt64] = []
        var stems: [UInt32] = []
        for list in lists {
            for line in list.lines {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { continue }
                let head = Self.meaning(of: parts[0], &stems)
                for word in WordList.words(parts[1]) {
                    guard let head, let other = Self.meaning(of: Substring(word), &stems), head != other else {
                        continue
                    }
                    pairs.append(Self.pair(head, other))
                }
            }
        }
        self.pairs = pairs.sorted()
        self.stems = stems.sorted()
    }

    /// Whether the words may stand for each other.
    func relates(_ word: TraitWord, _ other: TraitWord) -> Bool {
        Self.contains(pairs, Self.pair(Self.meaning(word.concept, word.pole), Self.meaning(other.concept, other.pole)))
    }

    /// Whether a stem is of an English word that stands in the tables.
    func knows(_ stem: Letters) -> Bool { Self.contains(stems, Lexicon.concept(of: stem.key)) }

    /// What a text's word would be known by; `nil` for phrases that no table of the lexicon holds.
    private static func meaning(of word: Substring, _ stems: inout [UInt32]) -> UInt32? {
        if word == "-" { return nil }
        if word.contains("_") {
            return Lexicon.shared[LexiconTable.key(of: String(word))].map { meaning($0.concept, $0.pole) }
        }
        let letters = Letters(String(word))
        let stem = letters.stem
        stems.append(Lexicon.concept(of: stem.key))
        let entry =
            Lexicon.shared[letters.key].flatMap { $0.meaning == .unknown ? nil : $0 } ?? Lexicon.shared[stem.key]
        if let entry, entry.meaning != .unknown, entry.concept != 0 { return meaning(entry.concept, entry.pole) }
        return meaning(Lexicon.concept(of: stem.key), 0)
    }

    private static func meaning(_ concept: UInt32, _ pole: Int8) -> UInt32 {
        concept ^ UInt32(truncatingIfNeeded: Int(pole) &* 0x5851_F42D)
    }

    private static func pair(_ one: UInt32, _ other: UInt32) -> UInt64 {
        UInt64(min(one, other)) << 32 | UInt64(max(one, other))
    }

    private static func contains<Value: Comparable>(_ sorted: [Value], _ value: Value) -> Bool {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == value
    }
}
