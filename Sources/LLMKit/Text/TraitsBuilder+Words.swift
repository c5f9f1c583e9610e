/// What a word adds, by what the lexicon says of it.
extension TraitsBuilder {
    mutating func word(_ token: TextToken) {
        defer { startsSentence = false }
        scripts[Int(token.script.rawValue)] &+= 1
        if token.isNegated { negate(at: index, isEnding: true) }
        guard !token.letters.isEmpty else {
            index += 1
            return
        }
        var found = token.entry
        if isEnglish, let entry = found, entry.flags.contains(.foreign) { found = nil }
        if let entry = token.entry, entry.flags.contains(.startsPhrase), phrase(from: token) { return }
        if found?.meaning ?? .unknown == .unknown {
            found = lexicon[token.letters.stem.key].flatMap { $0.meaning.isContent ? $0 : nil }
        }
        let here = index
        index += 1
        if Self.only.contains(token.letters), next(after: here, isOneOf: Self.determiners) { awaitsFocus = true }
        if here == 0, Self.auxiliaries.contains(token.letters) { awaitsSubject = true }
        // "Can my card be used" asks of whoever uses it.
        if Self.passive.contains(token.letters) { (subject, awaitsSubject, isPassive) = (0, false, true) }
        let isCapital = (token.isCapitalised && !startsSentence || token.isShouted) && !ignoresCapitals
        if special(token, at: here, isCapital) { return }
        guard let entry = found, entry.meaning != .unknown else {
            unknown(token, isCapital: isCapital)
            return
        }
        if token.isShouted, !ignoresCapitals, token.letters == Self.us {
            emit(Self.usa.head, Self.unitedStates, .name, flags: .known)
            return
        }
        if entry.flags.contains(.particle) { particles |= UInt16(entry.value) }
        use(entry, token, at: here, isCapital: isCapital)
    }

    private func next(after here: Int, isOneOf words: [Letters]) -> Bool {
        here + 1 < tokens.count && tokens[here + 1].kind == .word && words.contains(tokens[here + 1].letters)
    }

    private static let only = ["only", "solely", "exclusively"].map { Letters($0) }
    private static let determiners = [
        "the", "a", "an", "my", "your", "his", "her", "its", "our", "their", "this", "that", "these", "those",
    ].map { Letters($0) }
    private static let auxiliaries = [
        "can", "could", "may", "might", "must", "shall", "should", "will", "would", "do", "does", "did", "has", "have",
    ].map { Letters($0) }
    private static let being = ["is", "are", "was", "were"].map { Letters($0) }
    private static let passive = ["be", "been", "being"].map { Letters($0) }
    private static let us = Letters("us")
    private static let usa = Letters("usa")
    private static let unitedStates = Lexicon.concept(of: "united_states")
    private static let may = Letters("may")
    private static let march = Letters("march")
    private static let switching: [Letters] = ["turn", "turning", "turned", "switch", "switching"].map { Letters($0) }
    private static let enabling = Lexicon.shared[Letters("enable").key]?.concept ?? 0

    mutating func use(_ entry: Lexicon.Entry, _ token: TextToken, at here: Int, isCapital: Bool) {
        let key = token.letters.key
        switch entry.meaning {
        case .unknown: break
        case .polite: inContent = false
        case .function:
            if token.letters == Self.may, isMonth(here, isCapital) {
                emit(token.letters.head, Lexicon.concept(of: key), .date, flags: .known)
                return
            }
            if entry.flags.contains(.silent) {
                inContent = false
            } else {
                note(key)
                if !Self.keepsRole(token) { role = .none }
            }
            if entry.pole != 0 { opposite(entry) }
        case .light
        where token.letters == Self.used && here > 0 && tokens[here - 1].entry?.flags.contains(.silent) == true
            && here + 1 < tokens.count && tokens[here + 1].entry?.meaning != .role:
            // "A used car"; elsewhere it is "used to" or "used for".
            emit(token.letters.head, Lexicon.concept(of: key), .plain, flags: .known)
        case .light:
            let stem = token.letters.stem
            let concept = entry.concept != 0 ? entry.concept : Lexicon.concept(of: stem.key)
            emit(stem.head, concept, .light, flags: .known, pole: entry.pole)
        case .role:
            note(key)
            role = entry.role
            inContent = false
            if entry.pole != 0 { opposite(entry) }
        case .question:
            note(key)
            questions |= UInt16(entry.value)
            // "Who is the head of it?" asks for its head.
            if here == 0, entry.value == 1, !next(after: here, isOneOf: Self.being) { questions |= 1 << 15 }
            role = .none
        case .pronoun:
            note(0x70)
            append(
                TraitWord(
                    letters: 0,
                    concept: entry.concept,
                    kind: .pronoun,
                    role: role,
                    flags: .known,
                    pole: entry.pole
                )
            )
            role = .none
            inContent = false
        case .negation:
            negate(at: here)
            note(key)
        case .relative: relative(entry, token, at: here, isCapital: isCapital)
        // "A quarter of".
        case .number where index > here + 1: emit(0, Lexicon.concept(of: entry.value), .number, flags: .known)
        case .number, .scale: numberWords(from: here)
        case .roman:
            emit(0, Lexicon.concept(of: entry.value), .number, flags: .known)
        case .ordinal: emit(0, Lexicon.concept(of: entry.value), .number, flags: .known)
        case .unit where token.letters == Self.minWord && !(here > 0 && tokens[here - 1].kind == .number): minimum()
        case .span where token.letters == Self.minWord && !(here > 0 && tokens[here - 1].kind == .number): minimum()
        case .unit: emit(token.letters.head, entry.concept, .unit, flags: .known)
        case .span: emit(token.letters.head, entry.concept, .unit, flags: [.known, .weak])
        case .date: emit(token.letters.head, entry.concept, .date, flags: .known)
        case .plain, .mild:
            if Self.switching.contains(token.letters), let on = switched(from: here) {
                var opposite = entry
                opposite.concept = Self.enabling
                opposite.pole = on ? 1 : -1
                content(opposite, token, isCapital: false)
                return
            }
            content(entry, token, isCapital: isCapital)
        case .name: emit(token.letters.stem.head, entry.concept, .name, flags: .known)
        }
    }

    private static let used = Letters("used")
    private static let minWord = Letters("min")

    mutating func content(_ entry: Lexicon.Entry, _ token: TextToken, isCapital: Bool) {
        let stem = token.letters.stem
        let concept = entry.concept != 0 ? entry.concept : Lexicon.concept(of: stem.key)
        let kind: TraitWord.Kind = entry.meaning == .mild ? .mild : .plain
        emit(stem.head, concept, kind, flags: isCapital ? [.known, .capital] : .known, pole: entry.pole)
    }

    /// An opposite among the function words: it counts for its pole only.
    private mutating func opposite(_ entry: Lexicon.Entry) {
        append(
            TraitWord(letters: 0, concept: entry.concept, kind: .pronoun, role: .none, flags: .weak, pole: entry.pole)
        )
    }

    private mutating func unknown(_ token: TextToken, isCapital: Bool) {
        let stem = token.letters.stem
        let concept = Lexicon.concept(of: stem.key)
        if token.letters == Self.march, index > 0, isMonth(index - 1, isCapital) {
            emit(stem.head, concept, .date, flags: .known)
        } else {
            let known: TraitWord.Flags = Thesaurus.shared.knows(stem) ? .known : []
            emit(stem.head, concept, .plain, flags: isCapital ? known.union(.capital) : known)
        }
    }

    private static let kept: [Letters] = ["my", "your", "his", "their", "our", "her", "its"].map(Letters.init)

    private static func keepsRole(_ token: TextToken) -> Bool { kept.contains(token.letters) }
}

extension Lexicon.Meaning {
    /// Whether a word may have it that is known only by its stem.
    var isContent: Bool {
        switch self {
        case .plain, .mild, .name, .unit, .span, .date, .scale: true
        default: false
        }
    }
}
