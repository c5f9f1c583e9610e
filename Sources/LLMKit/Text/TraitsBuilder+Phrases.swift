/// Several words that are one, and words whose neighbours tell what they are.
extension TraitsBuilder {
    /// How many words a phrase of the lexicon may have.
    private static let longestPhrase = 6

    /// Whether "turn" goes on with "on" or with "off"; `nil` if with neither.
    func switched(from here: Int) -> Bool? {
        for place in min(here + 1, tokens.count)..<min(here + 5, tokens.count) where tokens[place].kind == .word {
            if tokens[place].letters == Self.on { return true }
            if tokens[place].letters == Self.off { return false }
        }
        return nil
    }

    /// "min" is a minute behind a number only.
    mutating func minimum() {
        guard let entry = lexicon[Letters("minimum").key] else { return }
        emit(Letters("minimum").stem.head, entry.concept, .plain, flags: .known, pole: entry.pole)
    }

    mutating func phrase(from token: TextToken) -> Bool {
        guard index + 1 < tokens.count, tokens[index + 1].kind == .word else { return false }
        var key = token.key
        var found: (entry: Lexicon.Entry, count: Int)?
        for length in 2...Self.longestPhrase {
            let next = index + length - 1
            guard next < tokens.count, tokens[next].kind == .word else { break }
            key = Letters.mix(key, tokens[next].key)
            if let entry = lexicon[key], entry.meaning != .unknown { found = (entry, length) }
        }
        if let found { return take(found.entry, tokens: found.count) }
        return false
    }

    private mutating func take(_ entry: Lexicon.Entry, tokens count: Int) -> Bool {
        var whole = tokens[index]
        let here = index
        for place in 1..<count { whole.letters.append(contentsOf: tokens[here + place].letters) }
        index += count
        use(entry, whole, at: here, isCapital: false)
        return true
    }

    /// "last week", "next Friday": one date. Elsewhere "last" is the opposite of "first".
    mutating func relative(_ entry: Lexicon.Entry, _ token: TextToken, at here: Int, isCapital: Bool) {
        if here + 1 < tokens.count, tokens[here + 1].kind == .word,
            let next = tokens[here + 1].entry, next.meaning == .span || next.meaning == .date
        {
            let concept = Lexicon.concept(of: Letters.mix(UInt64(entry.value), UInt64(next.concept)))
            emit(0, concept, .date, flags: .known)
            index = here + 2
            return
        }
        if entry.value == 2 {
            inContent = false
            return
        }
        content(entry, token, isCapital: isCapital)
    }

    func isMonth(_ here: Int, _ isCapital: Bool) -> Bool {
        if here > 0 {
            let before = tokens[here - 1]
            if before.kind == .number { return true }
            if before.kind == .word, before.entry?.role == .at { return true }
        }
        if here + 1 < tokens.count, tokens[here + 1].kind == .number { return true }
        return isCapital && (here + 1 == tokens.count || tokens[here + 1].kind != .word)
    }

    private static let on = Letters("on")
    private static let off = Letters("off")
}
