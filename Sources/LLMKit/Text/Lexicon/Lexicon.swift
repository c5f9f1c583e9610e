/// What guards know about words, as one hash table: built once, from the tables beside it.
final class Lexicon: Sendable {
    static let shared = Lexicon()

    enum Meaning: UInt8, Sendable {
        /// Only its part in a phrase or its language is known.
        case unknown
        case function
        case light
        case mild
        case polite
        case role
        case question
        case pronoun
        case negation
        case relative
        case number
        case roman
        case scale
        case ordinal
        case unit
        case span
        case date
        case plain
        case name
    }

    struct Entry: Sendable {
        var concept: UInt32 = 0
        /// Bit n for the language of raw value n.
        var languages: UInt32 = 0
        /// The value of a number word, the bit of a question word, the sense of a relative word, the pole of a pronoun.
        var value = 0.0
        var meaning = Meaning.unknown
        var role = TraitRole.none
        var pole: Int8 = 0
        var flags: Flags = []
    }

    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8
        static let startsPhrase = Flags(rawValue: 1)
        static let weak = Flags(rawValue: 2)
        static let hollowAfter = Flags(rawValue: 4)
        static let hollowBefore = Flags(rawValue: 8)
        /// Takes no part in the frame of a sentence: articles.
        static let silent = Flags(rawValue: 16)
        /// A particle; its bit is in `Entry/value` unless it means something else.
        static let particle = Flags(rawValue: 32)
        /// Means so in another language than English only.
        static let foreign = Flags(rawValue: 64)
    }

    private let keys: [UInt64]
    private let entries: [Entry]
    private let mask: Int

    subscript(key: UInt64) -> Entry? {
        var slot = Int(truncatingIfNeeded: key) & mask
        while true {
            let held = keys[slot]
            if held == key { return entries[slot] }
            if held == 0 { return nil }
            slot = (slot + 1) & mask
        }
    }

    private init() {
        var table = LexiconTable()
        table.addGrammar()
        table.addQuantities()
        table.addContent()
        let capacity = max(16, (table.entries.count * 3).nextPowerOfTwo)
        var keys = [UInt64](repeating: 0, count: capacity)
        var entries = [Entry](repeating: Entry(), count: capacity)
        for (key, entry) in table.entries where key != 0 {
            var slot = Int(truncatingIfNeeded: key) & (capacity - 1)
            while keys[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
            keys[slot] = key
            entries[slot] = entry
        }
        self.keys = keys
        self.entries = entries
        mask = capacity - 1
    }

    /// The concept of a number.
    static func concept(of value: Double) -> UInt32 {
        UInt32(truncatingIfNeeded: Letters.mix(value.bitPattern, 0x6E75_6D62) &>> 8)
    }

    static func concept(of key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: key &>> 8) }

    /// The concept of a word of a table, in its dictionary form.
    static func concept(of word: String) -> UInt32 { concept(of: LexiconTable.key(of: word)) }
}

extension Int {
    fileprivate var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
