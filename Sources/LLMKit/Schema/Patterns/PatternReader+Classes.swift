extension PatternReader {
    /// `\d`, `\w`, `\s`, their opposites, and `\p{…}`, behind the backslash; `nil` if it is none of them.
    private mutating func classEscape(into set: inout ScalarSet.Builder) throws(Failure) -> Bool {
        switch peek {
        case "d": set.insert(.digit)
        case "D": set.insert(ScalarSet.digit.negated)
        case "w": set.insert(.word)
        case "W": set.insert(ScalarSet.word.negated)
        case "s": set.insert(.space)
        case "S": set.insert(ScalarSet.space.negated)
        case "p", "P":
            let isNegated = next() == "P"
            guard take("{") else { throw failure("\\p without its braces") }
            let name = take(upTo: "}")
            guard take("}") else { throw failure("\\p without its closing brace") }
            guard let property = UnicodeProperty(name, isNegated: isNegated) else {
                throw failure("the Unicode property '\(name.prefix(50))' is not supported")
            }
            set.insert(property)
            return true
        default: return false
        }
        _ = next()
        return true
    }

    /// The set that a class outside of brackets stands for, behind the backslash; `nil` if there is none.
    mutating func classEscape() throws(Failure) -> ScalarSet? {
        var set = ScalarSet.Builder()
        return try classEscape(into: &set) ? set.set : nil
    }

    /// The class whose opening bracket was taken.
    mutating func characterClass() throws(Failure) -> ScalarSet {
        var set = ScalarSet.Builder()
        set.isNegated = take("^")
        while !take("]") {
            guard let low = try classAtom(into: &set) else { continue }
            guard peek == "-", let end = peek(ahead: 1), end != "]" else {
                set.insert(low...low)
                continue
            }
            _ = next()
            guard let high = try classAtom(into: &set) else { throw failure("a range that ends in a class") }
            guard low <= high else { throw failure("a range whose ends are in the wrong order") }
            set.insert(low...high)
        }
        return set.set
    }

    /// One character of a class; a class inside it, such as `\d`, goes into `set` and gives `nil`.
    private mutating func classAtom(into set: inout ScalarSet.Builder) throws(Failure) -> UInt32? {
        guard let scalar = next() else { throw failure("a class without its closing bracket") }
        guard scalar == "\\" else { return scalar.value }
        if try classEscape(into: &set) { return nil }
        if take("b") { return 0x08 }
        if take("-") { return 0x2D }
        return try characterEscape()
    }

    /// The character that stands behind a backslash.
    mutating func characterEscape() throws(Failure) -> UInt32 {
        guard let scalar = next() else { throw failure("a backslash at the end") }
        switch scalar {
        case "t": return 0x09
        case "n": return 0x0A
        case "v": return 0x0B
        case "f": return 0x0C
        case "r": return 0x0D
        case "0": return 0
        case "x": return try hex(2)
        case "u": return try unicodeEscape()
        case "c":
            guard let letter = peek, letter.isASCII, letter.properties.isAlphabetic else {
                throw failure("\\c without its letter")
            }
            _ = next()
            return letter.value & 0x1F
        default:
            guard !(scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)) else {
                throw failure("the escape '\\\(scalar)' is unknown")
            }
            return scalar.value
        }
    }

    /// The digits behind `\u`, and a second escape if the first is half of a surrogate pair.
    private mutating func unicodeEscape() throws(Failure) -> UInt32 {
        if take("{") {
            var count = 0
            while count < 7, let digit = peek(ahead: count), digit != "}" { count += 1 }
            let value = try hex(count)
            guard take("}") else { throw failure("\\u{ without its closing brace") }
            return value
        }
        let unit = try hex(4)
        guard unit >= 0xD800, unit <= 0xDBFF, take("\\u") else { return unit }
        let low = try hex(4)
        guard low >= 0xDC00, low <= 0xDFFF else { throw failure("half of a surrogate pair") }
        return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
    }
}
