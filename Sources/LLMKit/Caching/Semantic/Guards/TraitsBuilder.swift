/// Turns tokens into traits.
struct TraitsBuilder {
    /// How many content words a text keeps; what follows has to be the same in both texts.
    static let wordLimit = 128
    private static let tokenLimit = 1024

    private let lexicon = Lexicon.shared
    private var tokens: ContiguousArray<TextToken> = []
    private var index = 0

    private(set) var words: ContiguousArray<TraitWord> = []
    private(set) var negations = 0
    private(set) var questions: UInt16 = 0
    private(set) var particles: UInt16 = 0
    private(set) var frame: UInt64 = 0
    private(set) var remainder: UInt64 = 0
    private(set) var language = TextLanguage.unknown

    private var votes = SIMD32<UInt8>()
    private var scripts = SIMD16<UInt16>()
    private var role = TraitRole.none
    private var startsSentence = true
    private var ignoresCapitals = false
    private var inContent = false
    private var isEnglish = false

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
        remainder = scanner.remainder
        measureCapitals()
        while index < tokens.count { step() }
        language = detectedLanguage
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
        if let entry = found, entry.flags.contains(.startsPhrase), phrase(from: token) { return }
        if found?.meaning ?? .unknown == .unknown {
            found = lexicon[token.letters.stem.key].flatMap { $0.meaning.isContent ? $0 : nil }
        }
        let here = index
        index += 1
        let isCapital = (token.isCapitalised && !startsSentence || token.isShouted) && !ignoresCapitals
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
        case .number, .scale: numberWords(from: here)
        case .roman:
            emit(0, Lexicon.concept(of: entry.value), .number, flags: .known)
        case .ordinal: emit(0, Lexicon.concept(of: entry.value), .number, flags: [.known, .weak])
        case .unit: emit(token.letters.head, entry.concept, .unit, flags: .known)
        case .span: emit(token.letters.head, entry.concept, .unit, flags: [.known, .weak])
        case .date: emit(token.letters.head, entry.concept, .date, flags: .known)
        case .plain:
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

    private mutating func content(_ entry: Lexicon.Entry, _ token: TextToken, isCapital: Bool) {
        let stem = token.letters.stem
        let concept = entry.concept != 0 ? entry.concept : Lexicon.concept(of: stem.key)
        emit(stem.head, concept, .plain, flags: isCapital ? [.known, .capital] : .known, pole: entry.pole)
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
            emit(stem.head, concept, .plain, flags: isCapital ? .capital : [])
        }
    }

    private mutating func phrase(from token: TextToken) -> Bool {
        guard index + 1 < tokens.count, tokens[index + 1].kind == .word else { return false }
        let two = Letters.mix(token.key, tokens[index + 1].key)
        if index + 2 < tokens.count, tokens[index + 2].kind == .word,
            let entry = lexicon[Letters.mix(two, tokens[index + 2].key)], entry.meaning != .unknown
        {
            return take(entry, tokens: 3)
        }
        if let entry = lexicon[two], entry.meaning != .unknown { return take(entry, tokens: 2) }
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

    private func isMonth(_ here: Int, _ isCapital: Bool) -> Bool {
        if here > 0 {
            let before = tokens[here - 1]
            if before.kind == .number { return true }
            if before.kind == .word, before.entry?.role == .at { return true }
        }
        if here + 1 < tokens.count, tokens[here + 1].kind == .number { return true }
        return isCapital && (here + 1 == tokens.count || tokens[here + 1].kind != .word)
    }

    // MARK: Negation

    /// - Parameter isEnding: Whether it is the "n't" of the word here.
    private mutating func negate(at here: Int, isEnding: Bool = false) {
        if here + 1 < tokens.count, tokens[here + 1].kind == .word,
            let next = tokens[here + 1].entry, next.flags.contains(.hollowAfter)
        {
            return
        }
        if !isEnding, tokens[here].letters == Self.not, here > 0, tokens[here - 1].kind == .word,
            let before = tokens[here - 1].entry, before.flags.contains(.hollowBefore)
        {
            return
        }
        negations += 1
    }

    private static let not = Letters("not")

    // MARK: Numbers

    private mutating func number(_ token: TextToken) {
        defer { startsSentence = false }
        index += 1
        var value = token.value
        var flags: TraitWord.Flags = .known
        if token.isTime { flags.insert(.calendar) }
        if token.isPlainInteger, token.digits == 4, value >= 1800, value < 2100 { flags.insert(.calendar) }
        var unit: Lexicon.Entry?
        if !token.letters.isEmpty {
            switch suffix(of: token.letters) {
            case .ordinal: flags.insert(.weak)
            case .scale(let scale): value *= scale
            case .time(let afternoon):
                value = time(value, isMinutes: token.isTime, afternoon: afternoon)
                flags.insert(.calendar)
            case .unit(let entry): unit = entry
            case .none:
                emit(0, Lexicon.concept(of: token.hash), .number, flags: .known)
                return
            }
        } else if index < tokens.count, tokens[index].kind == .word {
            // "7 pm", "5 million", "20 C".
            switch suffix(of: tokens[index].letters) {
            case .time(let afternoon):
                value = time(value, isMinutes: token.isTime, afternoon: afternoon)
                flags.insert(.calendar)
                index += 1
            case .scale(let scale):
                value *= scale
                index += 1
            case .unit(let entry) where tokens[index].letters.count == 1:
                unit = entry
                index += 1
            default: break
            }
        }
        if value == 1 || followsTop { flags.insert(.weak) }
        emit(0, Lexicon.concept(of: value), .number, flags: flags)
        if let unit { emit(0, unit.concept, .unit, flags: .known) }
    }

    /// "the top ten" asks for no more than "the best".
    private var followsTop: Bool {
        guard let last = words.last else { return false }
        return last.concept == Self.top && last.kind == .plain
    }

    private static let top = Lexicon.concept(of: Letters("top").key)

    private enum NumberSuffix {
        case none
        case ordinal
        case scale(Double)
        case time(afternoon: Bool)
        case unit(Lexicon.Entry)
    }

    private static let suffixes: [Letters: NumberSuffix] = [
        Letters("st"): .ordinal, Letters("nd"): .ordinal, Letters("rd"): .ordinal, Letters("th"): .ordinal,
        Letters("k"): .scale(1e3), Letters("bn"): .scale(1e9), Letters("mn"): .scale(1e6),
        Letters("am"): .time(afternoon: false), Letters("pm"): .time(afternoon: true),
        Letters("c"): unit("celsius"), Letters("f"): unit("fahrenheit"), Letters("g"): unit("gram"),
        Letters("l"): unit("liter"), Letters("m"): unit("meter"), Letters("h"): unit("hour"),
        Letters("w"): unit("watt"), Letters("v"): unit("volt"), Letters("s"): .scale(1),
    ]

    private static func unit(_ word: String) -> NumberSuffix {
        Lexicon.shared[LexiconTable.key(of: word)].map { .unit($0) } ?? .none
    }

    private func suffix(of letters: Letters) -> NumberSuffix {
        if letters.count <= 2, let known = Self.suffixes[letters] { return known }
        guard let entry = lexicon[letters.key] else { return .none }
        switch entry.meaning {
        case .scale: return .scale(entry.value)
        case .unit, .span: return .unit(entry)
        default: return .none
        }
    }

    /// Minutes since midnight.
    private func time(_ value: Double, isMinutes: Bool, afternoon: Bool) -> Double {
        let minutes = isMinutes ? value : value * 60
        if afternoon { return minutes < 720 ? minutes + 720 : minutes }
        return minutes >= 720 && minutes < 780 ? minutes - 720 : minutes
    }

    /// "two hundred and five", "twenty-one", "a million".
    private mutating func numberWords(from here: Int) {
        var total = 0.0
        var current = 0.0
        var place = here
        var isWeak = true
        var last = 0.0
        scan: while place < tokens.count, tokens[place].kind == .word, let entry = tokens[place].entry {
            let value = entry.value
            switch entry.meaning {
            case .number:
                // "two three" is two numbers, "twenty three" is one.
                guard last == 0 || last >= 20 && value < 10 && last != 0.5 else { break scan }
                current += value
                last = value
                if !entry.flags.contains(.weak) { isWeak = false }
            case .scale:
                current = max(current, 1) * value
                if value >= 1000 {
                    total += current
                    current = 0
                }
                last = value
                isWeak = false
            case .ordinal where last >= 20:
                // "twenty-first".
                current += value
                place += 1
                isWeak = true
                break scan
            case .role where entry.role == .also:
                guard last >= 100, place + 1 < tokens.count, tokens[place + 1].kind == .word,
                    tokens[place + 1].entry?.meaning == .number
                else { break scan }
            default: break scan
            }
            place += 1
        }
        index = max(place, here + 1)
        emit(
            0,
            Lexicon.concept(of: total + current),
            .number,
            flags: isWeak || followsTop ? [.known, .weak] : .known
        )
    }

    private mutating func symbol(_ token: TextToken, at here: Int) {
        let word: String
        switch token.hash {
        case 0x24: word = "dollar"
        case 0x20AC: word = "euro"
        case 0xA3: word = "pound"
        case 0xA5: word = "yen"
        case 0x20B9: word = "rupee"
        case 0x25: word = "percent"
        case 0x26:
            role = .also
            return
        default:
            let before = here > 0 ? tokens[here - 1] : TextToken(kind: .stop)
            let isOperand = before.kind == .number || before.kind == .word && before.letters.count == 1
            if isOperand, token.hash != 0x2D || index < tokens.count && tokens[index].kind == .number {
                emit(0, Lexicon.concept(of: token.hash &* 0x9E37_79B9), .number, flags: .known)
            }
            return
        }
        // "$5" is read as "5 dollars".
        if index < tokens.count, tokens[index].kind == .number { number(tokens[index]) }
        emit(0, Lexicon.concept(of: word), .unit, flags: .known)
    }

    // MARK: What is kept

    private mutating func emit(
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

    // MARK: Language

    private mutating func vote(_ languages: UInt32) {
        var left = languages
        while left != 0 {
            let language = left.trailingZeroBitCount
            votes[language] = votes[language] == 255 ? 255 : votes[language] + 1
            left &= left - 1
        }
    }

    private static let titles = ["dr", "mr", "mrs", "ms", "prof", "st", "vs", "jr"].map { Letters($0) }

    private var strongestForeignVote: UInt8 {
        var strongest: UInt8 = 0
        for language in (Int(TextLanguage.english.rawValue) + 1)..<21 { strongest = max(strongest, votes[language]) }
        return strongest
    }

    private var detectedLanguage: TextLanguage {
        var total = 0
        for script in 0..<16 { total += Int(scripts[script]) }
        func share(_ script: TextScript) -> Bool { Int(scripts[Int(script.rawValue)]) * 2 > total }
        if total == 0 { return .unknown }
        if scripts[Int(TextScript.kana.rawValue)] > 0 { return .japanese }
        let told: [(TextScript, TextLanguage)] = [
            (.greek, .greek), (.cyrillic, .russian), (.hebrew, .hebrew), (.arabic, .arabic), (.devanagari, .hindi),
            (.bengali, .bengali), (.tamil, .tamil), (.telugu, .telugu), (.thai, .thai), (.hangul, .korean),
            (.han, .chinese),
        ]
        for (script, language) in told where share(script) { return language }
        guard share(.latin) else { return .unknown }
        var best = 0
        var second: UInt8 = 0
        for language in 2..<21 {
            if votes[language] > votes[best] {
                second = votes[best]
                best = language
            } else if votes[language] > second {
                second = votes[language]
            }
        }
        let isClear = votes[best] >= 3 && (votes[best] >= 2 * second || votes[best] >= second + 2)
        if isClear { return TextLanguage(rawValue: UInt8(best)) ?? .unknown }
        let isForeign = votes[best] >= 2 && votes[Int(TextLanguage.english.rawValue)] == 0
        return isForeign ? .foreign : .unknown
    }
}

extension Lexicon.Meaning {
    /// Whether a word may have it that is known only by its stem.
    var isContent: Bool {
        switch self {
        case .plain, .name, .unit, .span, .date, .scale: true
        default: false
        }
    }
}
