import CKernels

/// What is compared of two questions beside their vectors: the words as they stand, and what guards read from them.
package struct QuestionTraits: Hashable, Sendable {
    private let traits: TextTraits
    /// A hash of each different word, in order.
    private let words: [UInt32]
    /// A hash of all that an embedder should see: see ``hash(of:)``.
    private let content: UInt64
    private let byteCount: Int

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
        content = Self.hash(of: text)
        byteCount = text.utf8.count
    }

    /// What tells this question from another one; empty if nothing does.
    package func conflicts(with other: QuestionTraits) -> MatchGuards { traits.conflicts(with: other.traits) }

    /// What tells this question from another one whose vector has some cosine to its own.
    ///
    /// An embedder that takes two texts for one and the same has not seen what differs: it knows neither of two signs or
    /// words («👍» and «👎»), or cuts both texts before they part. Nor does it see what a long text asks for at its end, be
    /// it that the texts part before. Nothing is known of such a match.
    package func conflicts(
        with other: QuestionTraits,
        at cosine: Double,
        sight: EmbedderSight = EmbedderSight()
    ) -> MatchGuards {
        let conflicts = conflicts(with: other)
        let isBlind = cosine >= sight.sameness || max(byteCount, other.byteCount) > sight.bytes
        return isBlind && content != other.content ? conflicts.union(.entities) : conflicts
    }

    /// A hash (FNV-1a) of a text without what encoders take off before they look: case, accents, white space, control
    /// characters; and without punctuation.
    private static func hash(of text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var parts: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        func add(_ scalar: UInt32) {
            let scalar = llmkit_unicode_lowercase(scalar)
            guard llmkit_unicode_class(scalar) >> 8 == UInt32(LLMKIT_UNICODE_OTHER) else { return }
            hash = (hash ^ UInt64(scalar)) &* 0x0000_0100_0000_01B3
        }
        for scalar in text.unicodeScalars {
            let count = withUnsafeMutablePointer(to: &parts) { parts in
                parts.withMemoryRebound(to: UInt32.self, capacity: 4) { llmkit_unicode_decompose(scalar.value, $0) }
            }
            if count == 0 { add(scalar.value) }
            if count > 0 { add(parts.0) }
            if count > 1 { add(parts.1) }
            if count > 2 { add(parts.2) }
            if count > 3 { add(parts.3) }
        }
        return hash
    }

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
        return all == 0 ? (traits == other.traits && content == other.content ? 1 : 0) : Double(common) / Double(all)
    }
}
