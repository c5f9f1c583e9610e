/// What guards need to know of one text to tell it from others: its words that carry meaning, each reduced to what it
/// means, and what turns a sentence round.
///
/// Embeddings barely see a changed digit, a "not" or two names that swap places, so a semantic cache keeps these traits
/// with every question it remembers and compares them with those of a question that looks alike:
///
/// ```swift
/// let asked = TextTraits("How do I enable two-factor login?")
/// let remembered = TextTraits("How do I disable two-factor login?")
/// asked.conflicts(with: remembered)  // [.negation]
/// ```
///
/// Case, punctuation, inflection, British or American spelling, slips of the pen in longer words, number words and
/// common synonyms make no difference. The tables behind this are English, with numbers, dates, names and negations of
/// some other languages; elsewhere only equal words are equal.
///
/// About 16 bytes a word that carries meaning, 150 to 200 for a usual question; some microseconds to compute.
package struct TextTraits: Hashable, Sendable {
    let words: [TraitWord]
    /// Of the function words in their order: the same for two sentences that differ in content words only.
    let frame: UInt32
    /// Of what exceeds ``TraitsBuilder/wordLimit``; 0 for shorter texts.
    let remainder: UInt32
    /// Which question words occur, a bit each.
    let questions: UInt16
    /// Which particles occur, two bits a pair of opposites.
    let particles: UInt16
    /// What the function words say, in English.
    let grammar: GrammarMarks
    let symbols: CodeSymbols
    /// The word that "only" goes with, where it goes with a noun: "only the owner"; 0 for none.
    let focus: UInt32
    /// Who does what a yes-or-no question asks about, if it comes right after the auxiliary; 0 if that is not told.
    let subject: UInt32
    let negations: UInt8
    let language: TextLanguage

    /// Any text will do, of any length and in any language; only the first 128 words that carry meaning are kept singly,
    /// what follows counts as a whole.
    package init(_ text: String) {
        var text = text
        self = text.withUTF8 { TextTraits(TraitsBuilder($0)) }
    }

    private init(_ builder: TraitsBuilder) {
        words = Array(builder.words)
        frame = UInt32(truncatingIfNeeded: builder.frame)
        remainder = UInt32(truncatingIfNeeded: builder.remainder ^ builder.remainder &>> 32)
        questions = builder.questions
        particles = builder.particles
        grammar = builder.grammar
        symbols = builder.symbols
        focus = builder.focus
        subject = builder.subject
        negations = UInt8(min(builder.negations, 255))
        language = builder.language
    }

    /// What tells this text from another one; empty if nothing does.
    ///
    /// The same in both directions, and never anything between equal texts. Well under a microsecond for usual
    /// questions. Meant for texts that are alike: between unrelated ones it finds something often, but not always.
    package func conflicts(with other: TextTraits) -> MatchGuards {
        if self == other { return [] }
        // Words are paired greedily; a fixed order makes the outcome the same in both directions.
        return other.precedes(self) ? TraitComparison(other, self).conflicts : TraitComparison(self, other).conflicts
    }

    private func precedes(_ other: TextTraits) -> Bool {
        if words.count != other.words.count { return words.count < other.words.count }
        if frame != other.frame { return frame < other.frame }
        for (word, counterpart) in zip(words, other.words) where word != counterpart {
            return word.ordinal < counterpart.ordinal
        }
        return false
    }

    /// The share of words that carry meaning which both texts have, of those which either has (Jaccard), 0 to 1.
    ///
    /// Words of the same meaning count as one. Two texts without such words share all if they are equal otherwise, else
    /// nothing.
    package func overlap(with other: TextTraits) -> Double {
        TraitComparison.overlap(self, other)
    }
}
