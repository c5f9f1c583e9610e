/// What a function word says of the sentence it is in.
///
/// Content words are many and their meanings shade into each other; function words are few, and a sentence with another
/// one is another sentence. So these are listed whole, in Lexicon/grammar.txt.
enum GrammarMark: UInt8, CaseIterable {
    // Modality.
    case obligation, advice, permission
    // Tense, of the first auxiliary.
    case future, past, present
    // Quantities.
    case all, any, most, many, few, both, either
    // Scope.
    case only, except, including, atLeast, atMost, moreThan, lessThan, even
    // Order in time.
    case before, during, after, until
    // Conditions and reasons.
    case `if`, unless, although, because
    // What joins words.
    case and, or, instead
    // Persons: as such, and as owners.
    case i, my, you, your, he, she, they, their, we, our
    // Degrees.
    case too, almost, fully
    // Places and directions.
    case into, out, toward, away, above, below, front, behind, beside, through, around, inside, outside, between
    /// A cause goes before its effect, or after it.
    case causes, isCaused
    /// The text asks who or what does something, or to whom or what it is done.
    case whoDoes, whomDone
    /// The text asks for a yes or a no.
    case polar
    /// The text asks how.
    case how

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
        return named
    }()
}

/// A set of ``GrammarMark``.
struct GrammarMarks: Hashable, Sendable {
    private(set) var bits: UInt64 = 0

    init() {}
    init(_ marks: GrammarMark...) { for mark in marks { insert(mark) } }

    mutating func insert(_ mark: GrammarMark) { bits |= 1 << UInt64(mark.rawValue) }
    func contains(_ mark: GrammarMark) -> Bool { bits >> UInt64(mark.rawValue) & 1 == 1 }
    func isDisjoint(with other: GrammarMarks) -> Bool { bits & other.bits == 0 }

    func subtracting(_ other: GrammarMarks) -> GrammarMarks {
        var rest = self
        rest.bits &= ~other.bits
        return rest
    }

    func intersection(_ other: GrammarMarks) -> GrammarMarks {
        var common = self
        common.bits &= other.bits
        return common
    }

    mutating func remove(_ other: GrammarMarks) { bits &= ~other.bits }
}
