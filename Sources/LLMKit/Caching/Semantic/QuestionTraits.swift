/// What is compared of two questions beside their vectors: the words as they stand, and what guards read from them.
package struct QuestionTraits: Hashable, Sendable {
    private let traits: TextTraits
    /// A hash of each different word, in order.
    private let words: [UInt32]

    package init(_ text: String) {
        traits = TextTraits(text)
        var words: Set<UInt32> = []
        // FNV-1a. The words are compared within this process, and two that meet by chance change a share by a little.
        var hash: UInt32 = 0x811C_9DC5
        var isInside = false
        for scalar in text.lowercased().unicodeScalars {
            if scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                hash = (hash ^ scalar.value) &* 0x0100_0193
                isInside = true
            } else if isInside {
                words.insert(hash)
                (hash, isInside) = (0x811C_9DC5, false)
            }
        }
        if isInside { words.insert(hash) }
        self.words = words.sorted()
    }

    /// What tells this question from another one; empty if nothing does.
    package func conflicts(with other: QuestionTraits) -> MatchGuards { traits.conflicts(with: other.traits) }

    /// The share of words that both questions have, of those that either has (Jaccard), 0 to 1: all words count, however
    /// common, for two people who want the same also ask alike.
    package func overlap(with other: QuestionTraits) -> Double {
        var (place, otherPlace, common) = (0, 0, 0)
        while place < words.count, otherPlace < other.words.count {
            let (word, otherWord) = (words[place], other.words[otherPlace])
            if word == otherWord { common += 1 }
            if word <= otherWord { place += 1 }
            if otherWord <= word { otherPlace += 1 }
        }
        let all = words.count + other.words.count - common
        return all == 0 ? (self == other ? 1 : 0) : Double(common) / Double(all)
    }
}
