/// What may tell two questions apart although their vectors are alike.
///
/// Embeddings barely see a changed digit or a "not": «enable two-factor login» and «disable two-factor login» are closer
/// than many a paraphrase. Guards compare the words themselves; which kinds are promised: <doc:Semantic-caching>.
public struct MatchGuards: OptionSet, Hashable, Sendable, Codable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Other numbers, versions, codes.
    public static let numbers = MatchGuards(rawValue: 1)
    /// One says yes where the other says no: not, never, without, disable for enable.
    public static let negation = MatchGuards(rawValue: 2)
    /// The same words in roles that are swapped: from A to B, from B to A.
    public static let reversal = MatchGuards(rawValue: 4)
    /// Other names of people, places, products.
    public static let entities = MatchGuards(rawValue: 8)
    /// Other units of measure, or other currencies.
    public static let units = MatchGuards(rawValue: 16)
    /// Other days, months, years, times of day.
    public static let dates = MatchGuards(rawValue: 32)
    /// Another language.
    public static let languages = MatchGuards(rawValue: 64)

    /// The same sentence but for a word or two that do not mean the same, as far as is known: "cost" for "weight".
    ///
    /// The least certain of the guards: between two phrasings of one question it objects oftener than the others.
    public static let substitution = MatchGuards(rawValue: 128)

    /// Other function words of what is possible, allowed, advised, required, past or to come: can, may, should, must, did.
    public static let modality = MatchGuards(rawValue: 256)
    /// Another extent: all, some, only, except, at least, if and unless, and and or.
    public static let scope = MatchGuards(rawValue: 512)
    /// Somebody else: my, his, her, their.
    public static let persons = MatchGuards(rawValue: 1024)

    /// The same question with a word more that narrows or turns it: a guide dog for a dog, a stolen phone for a phone.
    ///
    /// Words that say little (current, actually, please) do not count. As with ``substitution``, some objections are wrong.
    public static let modifiers = MatchGuards(rawValue: 2048)

    public static let all: MatchGuards = [
        .numbers, .negation, .reversal, .entities, .units, .dates, .languages, .substitution, .modality, .scope,
        .persons,
        .modifiers,
    ]
}
