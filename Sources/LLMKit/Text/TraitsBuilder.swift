/// Turns tokens into traits.
struct TraitsBuilder {
    /// How many content words a text keeps; what follows has to be the same in both texts.
    static let wordLimit = 128
    private static let tokenLimit = 1024
    /// How many words a phrase of the lexicon may have.
    private static let longestPhrase = 6

    let lexicon = Lexicon.shared
    var tokens: ContiguousArray<TextToken> = []
    var index = 0

    private(set) var words: ContiguousArray<TraitWord> = []
    var negations = 0
    private(set) var questions: UInt16 = 0
    private(set) var particles: UInt16 = 0
    private(set) var frame: UInt64 = 0
    private(set) var remainder: UInt64 = 0
    private(set) var grammar = GrammarMarks()
    private(set) var symbols = CodeSymbols()
    private(set) var focus: UInt32 = 0
    private(set) var subject: UInt32 = 0
    private(set) var language = TextLanguage.unknown

    var votes = SIMD32<UInt8>()
    var scripts = SIMD16<UInt16>()
    var role = TraitRole.none
    var startsSentence = true
    private(set) var ignoresCapitals = false
    private var inContent = false
    private var isEnglish = false
    /// Whether the next word is what "only" goes with, or the subject of a yes-or-no question.
    private var awaitsFocus = false
    private var awaitsSubject = false
    private var isPassive = false

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = TextScanner(bytes)
        tokens.reserveCapacity(min(bytes.count / 4 + 8, Self.tokenLimit))
        words.reserveCapacity(min(bytes.count / 6 + 8, Self.wordLimit))
        while tokens.count < Self.tokenLimit, var token = scanner.next() {
            token.entry = lexicon[token.key]
            if token.kind == .word, let languages = token.entry?.languages, languages != 0 { vote(languages) }
            tokens.append(token)
        }
        let english = votes[Int(TextLanguage.english.rawValue)]
        isEnglish = english > 0 && english >= strongestForeignVote
        if isEnglish { dropCourtesies() }
        remainder = scanner.remainder
        measureCapitals()
        symbols = CodeSymbols(bytes)
        let reader = GrammarReader(tokens)
        var divide: Int?
        while index < tokens.count {
            if let cause = reader.cause, divide == nil, index >= cause.place { divide = words.count }
            step()
        }
        language = detectedLanguage
        guard isEnglish || language == .unknown else { return }
        grammar = reader.marks
        if let cause = reader.cause, let divide { tellCause(before: divide, isCause: cause.goesBefore) }
    }

    private mutating func dropCourtesies() {
        let places = Courtesies(tokens).places
        guard !places.isEmpty else { return }
        tokens = ContiguousArray(tokens.indices.lazy.filter { !places.contains($0) }.map { [tokens] in tokens[$0] })
    }

    /// Where most words are capitalised, as in a title, capitals say nothing.
    private mutating func measureCapitals() {
        var capitals = 0
        var others = 0
        var shouted = 0
        for (place, token) in tokens.enumerated() where token.kind == .word && token.letters.count >= 3 {
            if token.isShouted { shouted += 1 }
            if place == 0 { continue }
            if token.isCapitalised { capitals += 1 } else { others += 1 }
        }
        ignoresCapitals =
            capitals > others && capitals >= 3 && (capitals + others >= 4 || others == 0)
            || shouted > 3 && shouted > others
    }

    private mutating func step() {
        if isEnglish, timePhrase() {
            startsSentence = false
            return
        }
        let token = tokens[index]
        switch token.kind {
        case .word: word(token)
        case .character:
            scripts[Int(token.script.rawValue)] &+= 1
            if let entry = token.entry, entry.meaning == .negation {
                negations += 1
                note(token.key)
            } else if token.script == .kana {
                note(token.key)
            } else {
                emit(token.letters.head, Lexicon.concept(of: token.key), .plain, flags: [.known, .character])
            }
            index += 1
        case .number: number(token)
        case .day: day(token)
        case .code:
            if let entry = token.entry, entry.meaning != .unknown {
                emit(0, entry.concept, entry.meaning == .name ? .name : .plain, flags: [.known, .capital])
            } else {
                emit(0, Lexicon.concept(of: token.hash), token.hasDigit ? .number : .plain, flags: .capital)
            }
            index += 1
            startsSentence = false
        case .symbol:
            index += 1
            symbol(token, at: index - 1)
        case .pause:
            index += 1
            if role != .also { role = .none }
            inContent = false
        case .stop:
            index += 1
            if index > 1, tokens[index - 2].kind == .word, Self.titles.contains(tokens[index - 2].letters) { return }
            role = .none
            startsSentence = true
            inContent = false
        }
    }

    /// A full stop behind one ends no sentence.
    private static let titles = ["dr", "mr", "mrs", "ms", "prof", "st", "vs", "jr"].map { Letters($0) }

    // MARK: Words

    private mutating func word(_ token: TextToken) {
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

    /// Whether "turn" goes on with "on" or with "off"; `nil` if with neither.
    private func switched(from here: Int) -> Bool? {
        for place in min(here + 1, tokens.count)..<min(here + 5, tokens.count) where tokens[place].kind == .word {
            if tokens[place].letters == Self.on { return true }
            if tokens[place].letters == Self.off { return false }
        }
        return nil
    }

    private static let on = Letters("on")
    private static let off = Letters("off")

    private mutating func use(_ entry: Lexicon.Entry, _ token: TextToken, at here: Int, isCapital: Bool) {
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

    /// "min" is a minute behind a number only.
    private mutating func minimum() {
        guard let entry = lexicon[Letters("minimum").key] else { return }
        emit(Letters("minimum").stem.head, entry.concept, .plain, flags: .known, pole: entry.pole)
    }

    private static let used = Letters("used")
    private static let minWord = Letters("min")

    private mutating func content(_ entry: Lexicon.Entry, _ token: TextToken, isCapital: Bool) {
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

    private mutating func phrase(from token: TextToken) -> Bool {
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
    private mutating func relative(_ entry: Lexicon.Entry, _ token: TextToken, at here: Int, isCapital: Bool) {
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

    /// Marks each word as part of the cause or of the effect.
    private mutating func tellCause(before divide: Int, isCause: Bool) {
        for place in words.indices { words[place].flags.insert((place < divide) == isCause ? .cause : .effect) }
    }

    private func isMonth(_ here: Int, _ isCapital: Bool) -> Bool {
        if here > 0 {
            let before = tokens[here - 1]
            if before.kind == .number { return true }
            if before.kind == .word, before.entry?.role == .at { return true }
        }
        if here + 1 < tokens.count, tokens[here + 1].kind == .number { return true }
        return isCapital && (here + 1 == tokens.count || tokens[here + 1].kind != .word)
    }

    // MARK: What is kept

    mutating func emit(
        _ letters: UInt64,
        _ concept: UInt32,
        _ kind: TraitWord.Kind,
        flags: TraitWord.Flags,
        pole: Int8 = 0
    ) {
        var flags = flags
        if !inContent {
            frame = Letters.mix(frame, 1)
            flags.insert(.opens)
        }
        inContent = true
        append(TraitWord(letters: letters, concept: concept, kind: kind, role: role, flags: flags, pole: pole))
    }

    private mutating func append(_ word: TraitWord) {
        if awaitsFocus, word.kind.isShared { (focus, awaitsFocus) = (word.concept, false) }
        if awaitsSubject, !isPassive, word.isPerson || word.kind.isShared {
            (subject, awaitsSubject) = (word.concept, false)
        }
        if words.count < Self.wordLimit {
            words.append(word)
        } else {
            remainder = Letters.mix(remainder, UInt64(word.concept))
        }
    }

    private mutating func note(_ key: UInt64) {
        frame = Letters.mix(frame, key)
        inContent = false
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
