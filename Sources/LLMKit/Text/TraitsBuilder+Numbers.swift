/// Numbers in digits and in words, with what is attached to them.
extension TraitsBuilder {
    mutating func number(_ token: TextToken) {
        defer { startsSentence = false }
        index += 1
        var value = token.value
        var flags: TraitWord.Flags = .known
        if token.isTime { flags.insert(.calendar) }
        if token.isPlainInteger, token.digits == 4, value >= 1800, value < 2100 { flags.insert(.calendar) }
        var unit: Lexicon.Entry?
        if !token.letters.isEmpty {
            switch suffix(of: token.letters) {
            case .ordinal: if value <= 1 { flags.insert(.weak) }
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
            // "18 degrees Celsius" is 18 °C.
            if Self.degrees.contains(tokens[index].letters) { index += 1 }
            guard index < tokens.count, tokens[index].kind == .word else {
                emit(0, Lexicon.concept(of: value), .number, flags: flags)
                return
            }
            // "7 pm", "5 million", "20 C".
            let plain = value
            if token.isTime || token.isPlainInteger && value <= 24 {
                let start = index
                let minutes = dayTime(token.isTime ? value : value * 60)
                if index > start {
                    emit(0, Lexicon.concept(of: minutes), .number, flags: [.known, .calendar])
                    return
                }
            }
            if !token.isTime, takesHours() {
                emit(0, Lexicon.concept(of: plain * 60), .number, flags: .known)
                emit(0, Self.minute, .unit, flags: [.known, .weak])
                return
            }
            switch suffix(of: tokens[index].letters) {
            case .time(let afternoon):
                // "5.15 pm".
                let hours = value.rounded(.down)
                let isPointed = !token.isTime && hours != value
                if isPointed { value = hours * 60 + ((value - hours) * 100).rounded() }
                value = time(value, isMinutes: token.isTime || isPointed, afternoon: afternoon)
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
        // Half of it, and 50 % of it.
        if unit == nil, !flags.contains(.calendar), takesPercent() { value /= 100 }
        if value == 1 || followsTop { flags.insert(.weak) }
        emit(0, Lexicon.concept(of: value), .number, flags: flags)
        if let unit { emit(0, unit.concept, .unit, flags: .known) }
    }

    /// Whether the number is one of a hundred; that word is read.
    private mutating func takesPercent() -> Bool {
        guard index < tokens.count else { return false }
        let token = tokens[index]
        let isSign = token.kind == .symbol && token.hash == 0x25
        let isWord = token.kind == .word && token.entry?.concept == Self.percent
        let isPhrase = token.letters == Self.per && index + 1 < tokens.count && tokens[index + 1].letters == Self.cent
        guard isSign || isWord || isPhrase else { return false }
        index += isPhrase ? 2 : 1
        return true
    }

    private static let degrees = ["degree", "degrees", "deg"].map { Letters($0) }
    private static let per = Letters("per")
    private static let cent = Letters("cent")
    private static let percent = Lexicon.concept(of: "percent")

    /// Quarters and the like behind a number of them; the word is read.
    private mutating func takesFraction() -> Double? {
        guard index < tokens.count, tokens[index].kind == .word, let part = Self.fractions[tokens[index].letters] else {
            return nil
        }
        index += 1
        return 1 / part
    }

    private static let fractions: [Letters: Double] = [
        Letters("quarters"): 4, Letters("thirds"): 3, Letters("fifths"): 5, Letters("tenths"): 10,
    ]

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
    mutating func numberWords(from here: Int) {
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
                isWeak = false
                break scan
            case .role where entry.role == .also:
                guard last >= 100, place + 1 < tokens.count, tokens[place + 1].kind == .word,
                    tokens[place + 1].entry?.meaning == .number
                else { break scan }
            default: break scan
            }
            place += 1
        }
        if last >= 20, last < 100, place < tokens.count, tokens[place].letters == Self.first {
            current += 1
            place += 1
            isWeak = false
        }
        index = max(place, here + 1)
        if total + current <= 24 {
            let start = index
            let minutes = dayTime((total + current) * 60)
            if index > start {
                emit(0, Lexicon.concept(of: minutes), .number, flags: [.known, .calendar])
                return
            }
        }
        if takesHours() {
            emit(0, Lexicon.concept(of: (total + current) * 60), .number, flags: .known)
            emit(0, Self.minute, .unit, flags: [.known, .weak])
            return
        }
        if takesPercent() { current = (total + current) / 100 - total }
        if let fraction = takesFraction(), total + current > 0, total + current < 1 / fraction {
            current = (total + current) * fraction - total
        }
        emit(
            0,
            Lexicon.concept(of: total + current),
            .number,
            flags: isWeak || followsTop ? [.known, .weak] : .known
        )
    }

    private static let first = Letters("first")

    mutating func symbol(_ token: TextToken, at here: Int) {
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
}
