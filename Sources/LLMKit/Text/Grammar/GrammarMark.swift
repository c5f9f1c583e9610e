/// What a function word says of the sentence it is in.
///
/// Content words are many and their meanings shade into each other; function words are few, and a sentence with another
/// one is another sentence. So these are listed whole, in Lexicon/grammar.txt.
enum GrammarMark: UInt8, CaseIterable {
    // Modality.
    case obligation, advice, permission
    /// A permission that is one by rule, and one that is a matter of being able to: "can" is neither.
    case allowed, able
    // Tense, of the first auxiliary.
    case future, past, present
    // Quantities.
    case all, any, most, many, few, both, either
    // Scope.
    case only, except, including, atLeast, atMost, moreThan, lessThan, even
    /// One side of a comparison is beyond the other, or as large.
    case than, asMuch
    // Order in time.
    case before, during, after, until
    // Conditions and reasons.
    case `if`, unless, although
    // What joins words.
    case and, or, instead
    // Persons: as such, and as owners.
    case i, my, you, your, he, she, they, their, we, our, others
    // Degrees.
    case too, almost, fully
    // Places and directions.
    case into, out, toward, away, above, below, front, behind, beside, through, around, inside, outside, between
    /// A cause goes before its effect, or after it.
    case causes, isCaused
    /// What goes before it happens first.
    case sequence
    /// The text asks who or what does something, or to whom or what it is done.
    case whoDoes, whomDone
    /// The text asks for a yes or a no.
    case polar

    /// The name in the word list.
    init?(name: Substring) {
        guard let mark = Self.named[name] else { return nil }
        self = mark
    }

    private static let named: [Substring: GrammarMark] = {
        var named: [Substring: GrammarMark] = [:]
        for mark in allCases { named[Substring("\(mark)")] = mark }
        named["is_caused"] = .isCaused
        named["at_least"] = .atLeast
        named["at_most"] = .atMost
        named["more_than"] = .moreThan
        named["less_than"] = .lessThan
        named["as_much"] = .asMuch
        return named
    }()
}

/// A set of ``GrammarMark``.
struct GrammarMarks: Hashable, Sendable {
    /// There are more than 64 marks, and not many more.
    private var first: UInt64 = 0
    private var rest: UInt16 = 0

    init() {}
    init(_ marks: GrammarMark...) { for mark in marks { insert(mark) } }

    mutating func insert(_ mark: GrammarMark) {
        if mark.rawValue < 64 { first |= 1 << UInt64(mark.rawValue) } else { rest |= 1 << UInt16(mark.rawValue - 64) }
    }

    func contains(_ mark: GrammarMark) -> Bool {
        mark.rawValue < 64 ? first >> UInt64(mark.rawValue) & 1 == 1 : rest >> UInt16(mark.rawValue - 64) & 1 == 1
    }

    func subtracting(_ other: GrammarMarks) -> GrammarMarks {
        var marks = self
        marks.first &= ~other.first
        marks.rest &= ~other.rest
        return marks
    }
}
