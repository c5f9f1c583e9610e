/// Words that mean something of their own where they stand.
extension TraitsBuilder {
    /// Reads the word before the current token, if it is such a one.
    ///
    /// - Returns: Whether it is.
    mutating func special(_ token: TextToken, at here: Int, _ isCapital: Bool) -> Bool {
        if token.letters == Self.minus, index < tokens.count, tokens[index].kind == .number {
            var negative = tokens[index]
            negative.value.negate()
            number(negative)
            return true
        }
        // "My account no.?", "no 5".
        let isNumbered = index < tokens.count && (tokens[index].kind == .stop || tokens[index].kind == .number)
        if token.letters == Self.no, isNumbered, here > 0, tokens[here - 1].kind == .word,
            tokens[here - 1].entry?.meaning ?? .plain == .plain
        {
            emit(token.letters.head, Self.numbering, .plain, flags: .known)
            return true
        }
        // "Class A": an article is written small there.
        if token.letters == Self.a, isCapital, here > 0, tokens[here - 1].kind == .word {
            emit(token.letters.head, Lexicon.concept(of: Self.classA), .name, flags: [.known, .capital])
            return true
        }
        if token.letters == Self.hr, token.isShouted, !ignoresCapitals {
            emit(token.letters.head, Self.humanResources, .plain, flags: .known)
            return true
        }
        if Self.works.contains(token.letters), endsSentence(here),
            tokens[..<here].contains(where: { $0.letters == Self.how })
        {
            emit(token.letters.head, Lexicon.concept(of: token.letters.key), .light, flags: .known)
            return true
        }
        return false
    }

    private func endsSentence(_ here: Int) -> Bool { here + 1 == tokens.count || tokens[here + 1].kind == .stop }

    private static let minus = Letters("minus")
    private static let no = Letters("no")
    private static let numbering =
        Lexicon.shared[Letters("number").key].flatMap { $0.concept == 0 ? nil : $0.concept }
        ?? Lexicon.concept(of: Letters("number").stem.key)
    private static let a = Letters("a")
    private static let classA: UInt64 = 0x636C_6173_7341
    private static let hr = Letters("hr")
    private static let humanResources = Lexicon.shared[LexiconTable.key(of: "human_resources")]?.concept ?? 0
    /// "How does the installation work" asks how to install.
    private static let works = ["work", "works"].map { Letters($0) }
    private static let how = Letters("how")
}
