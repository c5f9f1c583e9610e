/// Codes, numbers, and dates in digits.
extension TextScanner {
    /// Everything up to the next blank, less closing punctuation.
    mutating func code(from start: Int) -> TextToken {
        var end = max(position, start)
        while end < bytes.count {
            let here = bytes[end]
            if here <= 0x20 || here == 0x22 || here == 0x28 || here == 0x29 || here == 0x2C || here == 0x3B { break }
            end += 1
        }
        position = end
        var last = end
        while last > start + 1 {
            let here = bytes[last - 1]
            guard here == 0x2E || here == 0x21 || here == 0x3F || here == 0x3A || here == 0x27 || here == 0x2D else {
                break
            }
            last -= 1
        }
        // 's of "node.js's".
        if last - start > 2, bytes[last - 1] == 0x73, bytes[last - 2] == 0x27 { last -= 2 }
        var token = TextToken(kind: .code)
        token.hash = hash(from: start, to: last)
        token.hasDigit = (start..<last).contains { Self.isDigit(bytes[$0]) }
        return token
    }

    func hash(from start: Int, to end: Int) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for place in start..<end {
            var byte = bytes[place]
            if byte == 0x2D || byte == 0x20 { continue }
            if Self.isCapital(byte) { byte |= 0x20 }
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        return hash
    }

    /// A number with its separators, and the letters right behind it.
    mutating func number(negative: Bool) -> TextToken {
        let start = position
        var token = TextToken(kind: .number)
        token.isPlainInteger = true
        var value = 0.0
        var digits = 0
        var points = 0
        var scale = 1.0
        scan: while position < bytes.count {
            let here = bytes[position]
            if Self.isDigit(here) {
                digits += 1
                if points == 0 {
                    value = value * 10 + Double(here & 15)
                    token.digits += 1
                } else {
                    scale /= 10
                    value += Double(here & 15) * scale
                }
                position += 1
                continue
            }
            let following = byte(position + 1)
            guard Self.isDigit(following) else { break }
            switch here {
            case 0x2C:
                guard points == 0, Self.isDigit(byte(position + 2)), Self.isDigit(byte(position + 3)) else {
                    break scan
                }
                token.isPlainInteger = false
                position += 1
            case 0x27, 0x5F:
                token.isPlainInteger = false
                position += 1
            case 0x2E:
                points += 1
                token.isPlainInteger = false
                if points > 1 { return code(from: start) }
                position += 1
            case 0x3A:
                guard points == 0, digits <= 2, !token.isTime else { return code(from: start) }
                token.isTime = true
                token.isPlainInteger = false
                value = value * 60 + Double(following & 15) * 10 + Double(byte(position + 2) & 15)
                position += Self.isDigit(byte(position + 2)) ? 3 : 2
            case 0x2F:
                if digits <= 2, let day = day(first: Int(value)) { return day }
                return code(from: start)
            case 0x2D:
                if digits == 4, let day = day(year: value) { return day }
                // 555-1234 and 2024-05-12 are one, 5-10 is two.
                guard digits >= 3, Self.isDigit(byte(position + 2)), Self.isDigit(byte(position + 3)) || digits == 4
                else {
                    break scan
                }
                return code(from: start)
            default: break scan
            }
        }
        if digits > 15 { return code(from: start) }
        token.value = negative ? -value : value
        while position < bytes.count, Self.isLetter(bytes[position]) {
            token.letters.append(ascii: bytes[position])
            position += 1
        }
        if !token.letters.isEmpty {
            token.isPlainInteger = false
            if Self.isDigit(byte(position)) { return code(from: start) }
        }
        token.hash = hash(from: start, to: position)
        return token
    }

    /// The rest of a date in the order of ISO 8601, from the first dash on; `nil` if it is none.
    private mutating func day(year: Double) -> TextToken? {
        func two(_ place: Int) -> Int? {
            guard Self.isDigit(byte(place)), Self.isDigit(byte(place + 1)) else { return nil }
            return Int(byte(place) & 15) * 10 + Int(byte(place + 1) & 15)
        }
        guard let month = two(position + 1), byte(position + 3) == 0x2D, let day = two(position + 4),
            (1...12).contains(month), (1...31).contains(day), (1000...2999).contains(year)
        else { return nil }
        let after = byte(position + 6)
        guard !Self.isDigit(after), !Self.isLetter(after), after != 0x2D else { return nil }
        position += 6
        var token = TextToken(kind: .day)
        token.value = year * 10_000 + Double(month * 100 + day)
        return token
    }

    /// The rest of a date with slashes, from the first of them on; `nil` if it is none, or if it does not tell the day from
    /// the month.
    private mutating func day(first: Int) -> TextToken? {
        var end = position + 1
        while end < position + 3, Self.isDigit(byte(end)) { end += 1 }
        guard byte(end) == 0x2F, (1...4).allSatisfy({ Self.isDigit(byte(end + $0)) }), !Self.isDigit(byte(end + 5))
        else {
            return nil
        }
        let second = (position + 1..<end).reduce(0) { $0 * 10 + Int(byte($1) & 15) }
        let year = (1...4).reduce(0) { $0 * 10 + Int(byte(end + $1) & 15) }
        let (day, month) = first > 12 ? (first, second) : (second, first)
        guard day > 12, day <= 31, (1...12).contains(month) else { return nil }
        position = end + 5
        var token = TextToken(kind: .day)
        token.value = Double(year * 10_000 + month * 100 + day)
        return token
    }

    func hasLetterAfterDigits(_ place: Int) -> Bool {
        var place = place
        while Self.isDigit(byte(place)) { place += 1 }
        return Self.isLetter(byte(place))
    }
}
