/// Turns tokens into traits.
struct TraitsBuilder {
    /// How many content words a text keeps; what follows has to be the same in both texts.
    static let wordLimit = 128
    private static let tokenLimit = 1024

    let lexicon = Lexicon.shared
    var tokens: ContiguousArray<TextToken> = []
    var index = 0

    private(set) var words: ContiguousArray<TraitWord> = []
    var negations = 0
    var questions: UInt16 = 0
    var particles: UInt16 = 0
    private(set) var frame: UInt64 = 0
    private(set) var remainder: UInt64 = 0
    private(set) var grammar = GrammarMarks()
    private(set) var symbols = CodeSymbols()
    private(set) var focus: UInt32 = 0
    var subject: UInt32 = 0
    private(set) var language = TextLanguage.unknown

    var votes = SIMD32<UInt8>()
    var scripts = SIMD16<UInt16>()
    var role = TraitRole.none
    var startsSentence = true
    private(set) var ignoresCapitals = false
    var inContent = false
    private(set) var isEnglish = false
    /// Whether the next word is what "only" goes with, or the subject of a yes-or-no question.
    var awaitsFocus = false
    var awaitsSubject = false
    var isPassive = false

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

    mutating func append(_ word: TraitWord) {
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

    mutating func note(_ key: UInt64) {
        frame = Letters.mix(frame, key)
        inContent = false
    }

    /// Marks each word as part of the cause or of the effect.
    private mutating func tellCause(before divide: Int, isCause: Bool) {
        for place in words.indices { words[place].flags.insert((place < divide) == isCause ? .cause : .effect) }
    }
}
