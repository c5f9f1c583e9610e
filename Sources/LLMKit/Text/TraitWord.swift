/// One word of a text as guards compare it: sixteen bytes.
struct TraitWord: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        case plain
        /// Of little meaning: "get", "good".
        case light
        /// Of a meaning that may go unsaid: "current", "steps".
        case mild
        /// A person, place, product, language and the like, known from a table or by its capitals.
        case name
        case number
        case date
        case unit
        /// I, you, he, she: they count for the order only.
        case pronoun
    }

    struct Flags: OptionSet, Hashable, Sendable {
        let rawValue: UInt8
        /// Stands in a table of the lexicon, and so is no slip of the pen.
        static let known = Flags(rawValue: 1)
        /// Written with a capital where no sentence begins, or all in capitals.
        static let capital = Flags(rawValue: 2)
        /// Says little if the other text lacks it: "one", "first".
        static let weak = Flags(rawValue: 4)
        /// A number that is a year, or a time of day.
        static let calendar = Flags(rawValue: 8)
        /// A single character of a script that puts no spaces between words.
        static let character = Flags(rawValue: 16)
        /// Does not follow right on another word that carries meaning.
        static let opens = Flags(rawValue: 32)
        /// Part of a cause, or of its effect, where the text tells both apart.
        static let cause = Flags(rawValue: 64)
        static let effect = Flags(rawValue: 128)
    }

    /// The first twelve letters of the stem, see ``Letters/head``; 0 for numbers.
    var letters: UInt64
    /// The same for words that mean the same.
    var concept: UInt32
    var kind: Kind
    /// The preposition it follows.
    var role: TraitRole
    var flags: Flags
    /// Which of two opposites, 1 or -1, where both share a concept; 0 for words without an opposite.
    var pole: Int8

    /// Some order among words.
    var ordinal: UInt64 {
        let traits = UInt64(UInt8(bitPattern: pole)) | UInt64(flags.rawValue) &<< 8 | UInt64(role.rawValue) &<< 16
        return Letters.mix(letters, UInt64(concept) &<< 32 | UInt64(kind.rawValue) &<< 24 | traits)
    }
}

/// What a word is to the sentence, told by the preposition before it.
enum TraitRole: UInt8, Sendable {
    case none
    case from
    case to
    case than
    case before
    case after
    case by
    case with
    case `as`
    case `for`
    case of
    case over
    case at
    /// After "and", "or", "versus" or a comma: the order does not matter.
    case also
    case against
    case through
    case instead
    case about
}
