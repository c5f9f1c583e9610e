/// The characters that a class such as `[a-z\d]` stands for.
struct ScalarSet: Sendable {
    /// A class that is a rule and not a list.
    enum Kind: Sendable {
        case category(Set<Unicode.GeneralCategory>)
        case set(ScalarSet)
    }

    var ranges: [ClosedRange<UInt32>] = []
    var kinds: [Kind] = []
    var isNegated = false

    func contains(_ scalar: UInt32) -> Bool {
        let isIn = ranges.contains { $0.contains(scalar) } || kinds.contains { $0.contains(scalar) }
        return isIn != isNegated
    }

    static let digit = ScalarSet(ranges: [0x30...0x39])
    static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    /// White space and line terminators of ECMA-262.
    static let space = ScalarSet(ranges: [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])
    /// What a point stands for: everything but line terminators.
    static let point = ScalarSet(ranges: [0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029], isNegated: true)

    var negated: ScalarSet {
        var copy = self
        copy.isNegated.toggle()
        return copy
    }

    /// The class of `\p{name}`, by the general category's short or long name.
    static func property(_ name: String) -> ScalarSet? {
        let short = name.hasPrefix("gc=") ? String(name.dropFirst(3)) : name
        return categories[short].map { ScalarSet(kinds: [.category($0)]) }
    }

    private static let categories: [String: Set<Unicode.GeneralCategory>] = {
        let letters: Set<Unicode.GeneralCategory> = [
            .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        ]
        let numbers: Set<Unicode.GeneralCategory> = [.decimalNumber, .letterNumber, .otherNumber]
        let marks: Set<Unicode.GeneralCategory> = [.nonspacingMark, .spacingMark, .enclosingMark]
        let punctuation: Set<Unicode.GeneralCategory> = [
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation,
        ]
        let symbols: Set<Unicode.GeneralCategory> = [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol]
        let separators: Set<Unicode.GeneralCategory> = [.spaceSeparator, .lineSeparator, .paragraphSeparator]
        return [
            "L": letters, "Letter": letters, "N": numbers, "Number": numbers, "M": marks, "Mark": marks,
            "P": punctuation, "Punctuation": punctuation, "S": symbols, "Symbol": symbols, "Z": separators,
            "Separator": separators, "Lu": [.uppercaseLetter], "Uppercase_Letter": [.uppercaseLetter],
            "Ll": [.lowercaseLetter], "Lowercase_Letter": [.lowercaseLetter], "Lt": [.titlecaseLetter],
            "Lm": [.modifierLetter], "Lo": [.otherLetter], "Nd": [.decimalNumber], "Nl": [.letterNumber],
            "No": [.otherNumber], "Zs": [.spaceSeparator], "Sc": [.currencySymbol], "Sm": [.mathSymbol],
        ]
    }()
}

extension ScalarSet.Kind {
    func contains(_ scalar: UInt32) -> Bool {
        switch self {
        case .set(let set): set.contains(scalar)
        case .category(let categories):
            Unicode.Scalar(scalar).map { categories.contains($0.properties.generalCategory) } ?? false
        }
    }
}
