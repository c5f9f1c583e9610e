/// Times of day and spans that are said in several words: "half past six in the morning", "an hour and a half".
extension TraitsBuilder {
    /// Reads such a phrase at the current place.
    ///
    /// - Returns: Whether there was one.
    mutating func timePhrase() -> Bool {
        clock() || spanWithHalf() || partOfDay()
    }

    /// "half past six", "a quarter to nine", "ten past eleven".
    private mutating func clock() -> Bool {
        let shift: Double
        if isWord(0, Self.half) {
            shift = 30
        } else if isWord(0, Self.quarter) {
            shift = 15
        } else {
            guard let minutes = smallNumber(0), minutes < 30, !isWord(-1, Self.at) || isWord(1, Self.past) else {
                return false
            }
            shift = minutes
        }
        let isPast = isWord(1, Self.past) || isWord(1, Self.after) && shift != 30
        guard isPast || isWord(1, Self.to) && shift != 30, let hour = smallNumber(2), hour <= 24 else { return false }
        // "from ten to eleven" is no time of day.
        if !isPast, !isWord(0, Self.quarter) { return false }
        index += 3
        let minutes = hour * 60 + (isPast ? shift : -shift)
        emit(0, Lexicon.concept(of: dayTime(minutes)), .number, flags: [.known, .calendar])
        return true
    }

    /// "half an hour", "an hour and a half", "two and a half hours".
    private mutating func spanWithHalf() -> Bool {
        if isWord(0, Self.half), isWord(1, Self.an), isWord(2, Self.hour) || isWord(2, Self.hours) {
            return emitMinutes(30, tokens: 3)
        }
        if isWord(0, Self.half), isWord(1, Self.hour) { return emitMinutes(30, tokens: 2) }
        let isOne = isWord(0, Self.an) || isWord(0, Self.a)
        guard let count = isOne ? 1 : smallNumber(0) else { return false }
        if isWord(1, Self.hour) || isWord(1, Self.hours), isWord(2, Self.and), isWord(3, Self.a), isWord(4, Self.half) {
            return emitMinutes(count * 60 + 30, tokens: 5)
        }
        if isWord(1, Self.and), isWord(2, Self.a), isWord(3, Self.half), isWord(4, Self.hours) {
            return emitMinutes(count * 60 + 30, tokens: 5)
        }
        return false
    }

    /// A date in digits says what it does in words.
    mutating func day(_ token: TextToken) {
        index += 1
        startsSentence = false
        let (year, rest) = Int(token.value).quotientAndRemainder(dividingBy: 10_000)
        let (month, day) = rest.quotientAndRemainder(dividingBy: 100)
        emit(0, Self.months[month - 1], .date, flags: .known)
        emit(0, Lexicon.concept(of: Double(day)), .number, flags: day == 1 ? [.known, .weak] : .known)
        emit(0, Lexicon.concept(of: Double(year)), .number, flags: [.known, .calendar])
    }

    private static let months: [UInt32] = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ].map { Lexicon.concept(of: $0) }

    /// Noon and midnight are times, too.
    private mutating func partOfDay() -> Bool {
        let minutes: Double
        if isWord(0, Self.noon) || isWord(0, Self.midday) {
            minutes = 720
        } else if isWord(0, Self.midnight) {
            minutes = 0
        } else {
            return false
        }
        index += 1
        emit(0, Lexicon.concept(of: minutes), .number, flags: [.known, .calendar])
        return true
    }

    private mutating func emitMinutes(_ minutes: Double, tokens count: Int) -> Bool {
        index += count
        emit(0, Lexicon.concept(of: minutes), .number, flags: .known)
        emit(0, Self.minute, .unit, flags: [.known, .weak])
        return true
    }

    /// Whether the token that number goes with counts hours, which are told in minutes.
    mutating func takesHours() -> Bool {
        guard isWord(0, Self.hours) || isWord(0, Self.hour) || isWord(0, Self.hrs) else { return false }
        index += 1
        return true
    }

    static let minute = Lexicon.shared[Letters("minute").key]?.concept ?? 0

    /// Minutes since midnight, if the words that follow say which half of the day is meant; they are read.
    mutating func dayTime(_ minutes: Double) -> Double {
        let start = index
        if isWord(0, Self.oclock) { index += 1 }
        if isWord(0, Self.o), isWord(1, Self.clock) { index += 2 }
        let saysClock = index > start
        if isWord(0, Self.am) || isWord(0, Self.pm) {
            index += 1
            return half(minutes, afternoon: tokens[index - 1].letters == Self.pm)
        }
        if isWord(0, Self.in), isWord(1, Self.the) {
            if isWord(2, Self.morning) {
                index += 3
                return half(minutes, afternoon: false)
            }
            if isWord(2, Self.afternoon) || isWord(2, Self.evening) {
                index += 3
                return half(minutes, afternoon: true)
            }
        }
        if isWord(0, Self.at), isWord(1, Self.night) {
            index += 2
            return half(minutes, afternoon: minutes >= 360)
        }
        if saysClock, isWord(0, Self.tonight) { return half(minutes, afternoon: true) }
        return minutes
    }

    private func half(_ minutes: Double, afternoon: Bool) -> Double {
        if afternoon { return minutes < 720 ? minutes + 720 : minutes }
        return minutes >= 720 && minutes < 780 ? minutes - 720 : minutes
    }

    /// Whether the token at a distance from the current one is the word.
    private func isWord(_ distance: Int, _ word: Letters) -> Bool {
        let place = index + distance
        return tokens.indices.contains(place) && tokens[place].kind == .word && tokens[place].letters == word
    }

    /// A whole number below a hundred, in digits or as one word.
    private func smallNumber(_ distance: Int) -> Double? {
        let place = index + distance
        guard tokens.indices.contains(place) else { return nil }
        let token = tokens[place]
        if token.kind == .number, token.isPlainInteger, token.digits <= 2 { return token.value }
        guard token.kind == .word else { return nil }
        if token.letters == Self.one { return 1 }
        guard let entry = token.entry, entry.meaning == .number, entry.value >= 1, entry.value < 60 else { return nil }
        return entry.value
    }

    private static let half = Letters("half")
    private static let quarter = Letters("quarter")
    private static let past = Letters("past")
    private static let after = Letters("after")
    private static let to = Letters("to")
    private static let a = Letters("a")
    private static let an = Letters("an")
    private static let and = Letters("and")
    private static let one = Letters("one")
    private static let hour = Letters("hour")
    private static let hours = Letters("hours")
    private static let hrs = Letters("hrs")
    private static let noon = Letters("noon")
    private static let midday = Letters("midday")
    private static let midnight = Letters("midnight")
    private static let am = Letters("am")
    private static let pm = Letters("pm")
    private static let o = Letters("o")
    private static let clock = Letters("clock")
    private static let oclock = Letters("oclock")
    private static let `in` = Letters("in")
    private static let the = Letters("the")
    private static let at = Letters("at")
    private static let tonight = Letters("tonight")
    private static let night = Letters("night")
    private static let morning = Letters("morning")
    private static let afternoon = Letters("afternoon")
    private static let evening = Letters("evening")
}
