/// A piece of text as the scanner cuts it.
struct TextToken {
    enum Kind {
        case word
        case number
        /// Letters and digits mixed, an address, a path: equal or not.
        case code
        /// A day of a calendar, as in 2024-05-12: its value is 20,240,512.
        case day
        /// A currency sign, a percent sign, an operator.
        case symbol
        /// One character of a script without spaces.
        case character
        /// A comma, a dash, a bracket.
        case pause
        /// The end of a sentence.
        case stop
    }

    var kind: Kind
    var letters = Letters()
    /// Of everything in it, case folded.
    var hash: UInt64 = 0
    var value = 0.0
    /// How many digits a number has before its point.
    var digits = 0
    var isPlainInteger = false
    /// Of a code.
    var hasDigit = false
    /// Hours and minutes: the value counts minutes.
    var isTime = false
    /// The first letter is a capital.
    var isCapitalised = false
    /// All letters are capitals, and there are several; or there is a capital after the first letter.
    var isShouted = false
    /// "n't" was cut off.
    var isNegated = false
    var script = TextScript.latin
    /// What the lexicon says of it.
    var entry: Lexicon.Entry?
}

/// A script that tells much about the language.
enum TextScript: UInt8 {
    case latin
    case greek
    case cyrillic
    case hebrew
    case arabic
    case devanagari
    case bengali
    case tamil
    case telugu
    case thai
    case hangul
    case kana
    case han
    case other

    init(_ scalar: UInt32) {
        switch scalar {
        case 0..<0x250, 0x1E00..<0x1F00: self = .latin
        case 0x370..<0x400, 0x1F00..<0x2000: self = .greek
        case 0x400..<0x530: self = .cyrillic
        case 0x590..<0x600: self = .hebrew
        case 0x600..<0x780, 0x8A0..<0x900, 0xFB50..<0xFE00, 0xFE70..<0xFF00: self = .arabic
        case 0x900..<0x980: self = .devanagari
        case 0x980..<0xA00: self = .bengali
        case 0xB80..<0xC00: self = .tamil
        case 0xC00..<0xC80: self = .telugu
        case 0xE00..<0xE80: self = .thai
        case 0x1100..<0x1200, 0x3130..<0x3190, 0xAC00..<0xD7B0: self = .hangul
        case 0x3040..<0x3100, 0x31F0..<0x3200: self = .kana
        case 0x2E80..<0x3000, 0x3400..<0xA000, 0xF900..<0xFB00, 0x20000..<0x40000: self = .han
        default: self = .other
        }
    }

    /// Whether words run together, so that every character stands for itself.
    func isUnspaced(_ scalar: UInt32) -> Bool {
        switch self {
        case .han, .kana, .thai: true
        case .other:
            (0xE80..<0xF00).contains(scalar) || (0x1000..<0x10A0).contains(scalar) || (0x1780..<0x1800).contains(scalar)
        default: false
        }
    }
}
