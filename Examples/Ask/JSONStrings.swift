/// Tells, byte by byte, what of a JSON document stands in strings, where brackets and blanks mean nothing.
struct JSONStrings {
    private var isInside = false
    private var isEscaped = false

    /// Takes the next byte.
    /// - Returns: whether it belongs to a string, quotes included.
    mutating func hold(_ byte: UInt8) -> Bool {
        guard isInside else {
            isInside = byte == UInt8(ascii: "\"")
            return isInside
        }
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInside = false
        }
        return true
    }
}

extension String {
    /// A JSON document in which the characters that end a line for Unicode, and that JSON lets stand in strings as they
    /// are, are escaped: readers of lines differ in what they cut at.
    var escapingLineSeparators: String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "\u{85}": text.append(contentsOf: #"\u0085"#.unicodeScalars)
            case "\u{2028}": text.append(contentsOf: #"\u2028"#.unicodeScalars)
            case "\u{2029}": text.append(contentsOf: #"\u2029"#.unicodeScalars)
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}
