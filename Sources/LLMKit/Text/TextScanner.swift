/// Cuts UTF-8 into tokens, without regular expressions and without allocating.
struct TextScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    /// - Parameter bytes: Valid UTF-8, which has to outlive the scanner.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// What has not been read, as one number: 0 if all has.
    var remainder: UInt64 {
        guard position < bytes.count else { return 0 }
        return hash(from: position, to: bytes.count)
    }

    func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }

    mutating func next() -> TextToken? {
        while position < bytes.count {
            let first = bytes[position]
            if first >= 0x80 {
                if let token = foreign() { return token }
                continue
            }
            switch Self.classes[Int(first)] {
            case .letter: return word()
            case .digit: return number(negative: false)
            case .stop:
                if first == 0x2E, Self.isDigit(byte(position + 1)) { return number(negative: false) }
                position += 1
                return TextToken(kind: .stop)
            case .minus:
                if Self.isDigit(byte(position + 1)), position == 0 || byte(position - 1) == 0x20 {
                    position += 1
                    return number(negative: true)
                }
                let isSpaced = byte(position + 1) == 0x20
                position += 1
                if isSpaced { return symbol(first) }
            case .pause:
                position += 1
                return TextToken(kind: .pause)
            case .symbol:
                position += 1
                return symbol(first)
            case .slash:
                // A path begins with a slash after a space; between words it is an "or".
                if position == 0 || byte(position - 1) == 0x20, Self.isLetter(byte(position + 1)) {
                    return code(from: position)
                }
                let isSpaced = byte(position + 1) == 0x20
                position += 1
                return isSpaced ? symbol(first) : TextToken(kind: .pause)
            case .blank: position += 1
            }
        }
        return nil
    }

    // MARK: Words

    private mutating func word() -> TextToken {
        let start = position
        var token = TextToken(kind: .word)
        token.isCapitalised = Self.isCapital(bytes[position])
        var capitals = 0
        var pending = false  // a hyphen after a single letter joins: e-mail, x-ray
        scan: while position < bytes.count {
            let here = bytes[position]
            if here >= 0x80 {
                let (scalar, length) = decode(position)
                if scalar == 0x2019, letter(after: position + length) {
                    position += length - 1
                    if apostrophe(&token) { continue scan } else { break scan }
                }
                guard append(scalar, to: &token) else { break scan }
                position += length
                continue scan
            }
            switch Self.classes[Int(here)] {
            case .letter:
                if Self.isCapital(here) { capitals += 1 }
                token.letters.append(ascii: here)
                position += 1
            case .digit:
                if token.letters.count >= 3 && !pending, !hasLetterAfterDigits(position) { break scan }
                return code(from: start)
            case .minus:
                guard token.letters.count == 1, !pending, Self.isAlphanumeric(byte(position + 1)) else { break scan }
                pending = true
                position += 1
            default:
                if here == 0x27, letter(after: position + 1) {
                    if apostrophe(&token) { continue scan } else { break scan }
                }
                let following = byte(position + 1)
                if here == 0x2E, Self.isLetter(following) || Self.isDigit(following) {
                    if token.letters.count == 1, Self.isLetter(following) { return acronym(token) }
                    // A missing space after a sentence shows as a capital.
                    if !Self.isCapital(following) { return code(from: start) }
                }
                if here == 0x40, Self.isAlphanumeric(following) { return code(from: start) }
                if here == 0x5F, Self.isAlphanumeric(following) { return code(from: start) }
                if here == 0x3A, following == 0x2F, byte(position + 2) == 0x2F { return code(from: start) }
                if token.letters.count <= 2, here == 0x23 || here == 0x2B && following == 0x2B {
                    return code(from: start)
                }
                break scan
            }
        }
        let count = token.letters.count
        token.isShouted =
            capitals >= 2 && capitals >= count || (capitals >= 1 && !token.isCapitalised) || (capitals >= 2)
        return token
    }

    /// At an apostrophe between letters: takes off "n't", "'s" and the like, and the articles of French and Italian.
    ///
    /// - Returns: Whether the word goes on after it.
    private mutating func apostrophe(_ token: inout TextToken) -> Bool {
        let next = byte(position + 1) | 0x20
        var end = position + 1
        while end < bytes.count, bytes[end] >= 0x80 || Self.isLetter(bytes[end]) { end += 1 }
        let length = end - position - 1
        if next == 0x74, length == 1 {
            // "can't" has one n for two words.
            token.isNegated = true
            if token.letters != Letters("can") { token.letters = token.letters.withoutLast }
            if token.letters == Letters("wo") { token.letters = Letters("will") }
            position = end
            return false
        }
        let isEnding = length == 1 && (next == 0x73 || next == 0x64 || next == 0x6D)
        let after = byte(position + 2) | 0x20
        if isEnding
            || (length == 2
                && (next == 0x72 && after == 0x65 || next == 0x76 && after == 0x65 || next == 0x6C && after == 0x6C))
        {
            position = end
            return false
        }
        // l'eau, d'un, qu'il, dell'arte: the short part is dropped. O'Brien stays in one piece.
        if token.letters.count == 1, token.letters != Letters("o") {
            if token.letters == Letters("n") { token.isNegated = true }
            token.letters = Letters()
        } else if token.letters == Letters("qu") || token.letters == Letters("dell") || token.letters == Letters("nell")
            || token.letters == Letters("all")
        {
            token.letters = Letters()
        }
        position += 1
        return true
    }

    /// U.S.A. is the same as USA.
    private mutating func acronym(_ started: TextToken) -> TextToken {
        var token = started
        token.isShouted = token.isCapitalised
        while byte(position) == 0x2E, Self.isLetter(byte(position + 1)), !Self.isLetter(byte(position + 2)) {
            token.letters.append(ascii: byte(position + 1))
            position += 2
        }
        if token.letters.count == 1 { return code(from: position - 1) }
        if byte(position) == 0x2E { position += 1 }
        return token
    }

    /// Adds a letter beyond ASCII.
    ///
    /// - Returns: `false` if it is none, or one that stands for itself.
    private func append(_ scalar: UInt32, to token: inout TextToken) -> Bool {
        if (0x300..<0x370).contains(scalar) || scalar == 0x200D || (0xFE00..<0xFE10).contains(scalar) { return true }
        guard Self.isForeignLetter(scalar) else { return false }
        let script = TextScript(scalar)
        if script.isUnspaced(scalar) { return false }
        if token.letters.isEmpty || token.script == .latin { token.script = script }
        if scalar < 0x180, scalar >= 0xC0 {
            token.letters.append(ascii: Self.folded[Int(scalar) - 0xC0])
        } else {
            token.letters.append(foreign: Self.lowercased(scalar))
        }
        return true
    }

    private func letter(after place: Int) -> Bool {
        let here = byte(place)
        return here >= 0x80 ? Self.isForeignLetter(decode(place).0) : Self.isLetter(here)
    }

    private func symbol(_ scalar: UInt8) -> TextToken {
        var token = TextToken(kind: .symbol)
        token.hash = UInt64(scalar)
        return token
    }

    // MARK: Beyond ASCII

    /// The token that begins with a character beyond ASCII; `nil` if it says nothing.
    private mutating func foreign() -> TextToken? {
        let (scalar, length) = decode(position)
        let script = TextScript(scalar)
        if script.isUnspaced(scalar) {
            position += length
            var token = TextToken(kind: .character)
            token.letters.append(foreign: scalar)
            token.script = script
            return token
        }
        if Self.isForeignLetter(scalar) { return word() }
        position += length
        switch scalar {
        case 0x3002, 0xFF01, 0xFF1F, 0x61F, 0x6D4, 0x964, 0x2026: return TextToken(kind: .stop)
        case 0x2010...0x2015, 0x3001, 0xFF0C, 0x60C, 0x201C...0x201F, 0xAB, 0xBB, 0x300C...0x300F:
            return TextToken(kind: .pause)
        case 0xA2...0xA5, 0x20A0..<0x20D0, 0xD7, 0xF7, 0x2190..<0x2200, 0x2200..<0x2300:
            var token = TextToken(kind: .symbol)
            token.hash = UInt64(scalar)
            return token
        case 0xFF10...0xFF19, 0x660...0x669, 0x6F0...0x6F9, 0x966...0x96F: return foreignNumber(scalar)
        default: return nil
        }
    }

    private mutating func foreignNumber(_ first: UInt32) -> TextToken {
        var token = TextToken(kind: .number)
        token.isPlainInteger = true
        var digit = Self.digit(first)
        while let known = digit {
            token.value = token.value * 10 + Double(known)
            token.digits += 1
            digit = nil
            if position < bytes.count {
                let (scalar, length) = decode(position)
                digit = Self.digit(scalar)
                if digit != nil { position += length }
            }
        }
        return token
    }

    private static func digit(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0xFF10...0xFF19: scalar - 0xFF10
        case 0x660...0x669: scalar - 0x660
        case 0x6F0...0x6F9: scalar - 0x6F0
        case 0x966...0x96F: scalar - 0x966
        default: nil
        }
    }

    /// The scalar at a place, and how many bytes it takes, at least one.
    private func decode(_ place: Int) -> (UInt32, Int) {
        let first = UInt32(byte(place))
        func tail(_ offset: Int) -> UInt32 { UInt32(byte(place + offset)) & 0x3F }
        switch first {
        case 0..<0xC0: return (first, 1)
        case 0xC0..<0xE0: return ((first & 0x1F) << 6 | tail(1), 2)
        case 0xE0..<0xF0: return ((first & 0x0F) << 12 | tail(1) << 6 | tail(2), 3)
        default: return ((first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
        }
    }
}

extension TextScanner {
    private enum Class: UInt8 {
        case blank
        case letter
        case digit
        case stop
        case pause
        case minus
        case slash
        case symbol
    }

    private static let classes: [Class] = (0..<128).map { code in
        switch UInt8(code) {
        case 0x41...0x5A, 0x61...0x7A: .letter
        case 0x30...0x39: .digit
        case 0x2E, 0x21, 0x3F, 0x0A: .stop
        case 0x2C, 0x3A, 0x3B, 0x28, 0x29, 0x5B, 0x5D, 0x22: .pause
        case 0x2D: .minus
        case 0x2F: .slash
        case 0x24, 0x25, 0x2A, 0x2B, 0x3C, 0x3D, 0x3E, 0x5E, 0x26, 0x7C: .symbol
        default: .blank
        }
    }

    /// The base letters of U+00C0 to U+017F.
    private static let folded = Array(
        ("aaaaaaaceeeeiiiidnooooooouuuuytsaaaaaaaceeeeiiiidnooooooouuuuyty"
            + "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
            + "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs").utf8
    )

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    static func isCapital(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    /// Everything beyond ASCII that is not known to be punctuation, a digit or a picture.
    private static func isForeignLetter(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0..<0xC0: scalar == 0xAA || scalar == 0xB5 || scalar == 0xBA
        case 0xD7, 0xF7: false
        case 0x600..<0x620, 0x660..<0x66E, 0x6D4, 0x6F0..<0x6FA, 0x964..<0x970: false
        case 0x2000..<0x2C00, 0x3000..<0x3040, 0xE000..<0xF900, 0xFE00..<0xFE70, 0xFF00..<0xFF66: false
        case 0x1F000..<0x20000, 0xE0000...: false
        default: true
        }
    }

    private static func lowercased(_ scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0x391..<0x3AA, 0x410..<0x430: scalar + 0x20
        case 0x400..<0x410: scalar + 0x50
        case 0x1E00..<0x1F00, 0x180..<0x250, 0x460..<0x530: scalar | 1
        default: scalar
        }
    }
}
