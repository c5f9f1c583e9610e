/// A property of characters that patterns name, as in `\p{Lu}`: answered by the standard library's Unicode tables.
///
/// Known are the general categories and the yes-or-no properties of ECMA-262 that the standard library has. Scripts and
/// script extensions, which it has not, are not.
struct UnicodeProperty: Sendable, Equatable {
    private let name: String
    private let isNegated: Bool
    private let test: @Sendable (Unicode.Scalar.Properties) -> Bool

    /// - Parameter text: what stands between the braces; `nil` if that is not known.
    init?(_ text: String, isNegated: Bool) {
        var name = text
        for prefix in ["General_Category=", "gc="] where text.hasPrefix(prefix) {
            name = String(text.dropFirst(prefix.count))
            guard Self.categories[name] != nil else { return nil }
        }
        if let categories = Self.categories[name] {
            test = { categories.contains($0.generalCategory) }
        } else if let test = Self.tests[name] {
            self.test = test
        } else {
            return nil
        }
        self.name = name
        self.isNegated = isNegated
    }

    static func == (a: UnicodeProperty, b: UnicodeProperty) -> Bool { a.name == b.name && a.isNegated == b.isNegated }

    func holds(for scalar: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(scalar) else { return false }
        return test(scalar.properties) != isNegated
    }

    /// The general categories by all their names, and the groups of them.
    private static let categories: [String: Set<Unicode.GeneralCategory>] = {
        let rows: [(short: String, long: String, category: Unicode.GeneralCategory)] = [
            ("Lu", "Uppercase_Letter", .uppercaseLetter), ("Ll", "Lowercase_Letter", .lowercaseLetter),
            ("Lt", "Titlecase_Letter", .titlecaseLetter), ("Lm", "Modifier_Letter", .modifierLetter),
            ("Lo", "Other_Letter", .otherLetter), ("Mn", "Nonspacing_Mark", .nonspacingMark),
            ("Mc", "Spacing_Mark", .spacingMark), ("Me", "Enclosing_Mark", .enclosingMark),
            ("Nd", "Decimal_Number", .decimalNumber), ("Nl", "Letter_Number", .letterNumber),
            ("No", "Other_Number", .otherNumber), ("Pc", "Connector_Punctuation", .connectorPunctuation),
            ("Pd", "Dash_Punctuation", .dashPunctuation), ("Ps", "Open_Punctuation", .openPunctuation),
            ("Pe", "Close_Punctuation", .closePunctuation), ("Pi", "Initial_Punctuation", .initialPunctuation),
            ("Pf", "Final_Punctuation", .finalPunctuation), ("Po", "Other_Punctuation", .otherPunctuation),
            ("Sm", "Math_Symbol", .mathSymbol), ("Sc", "Currency_Symbol", .currencySymbol),
            ("Sk", "Modifier_Symbol", .modifierSymbol), ("So", "Other_Symbol", .otherSymbol),
            ("Zs", "Space_Separator", .spaceSeparator), ("Zl", "Line_Separator", .lineSeparator),
            ("Zp", "Paragraph_Separator", .paragraphSeparator), ("Cc", "Control", .control),
            ("Cf", "Format", .format), ("Co", "Private_Use", .privateUse), ("Cs", "Surrogate", .surrogate),
            ("Cn", "Unassigned", .unassigned),
        ]
        let groups = [
            "L": "Letter", "M": "Mark", "N": "Number", "P": "Punctuation", "S": "Symbol", "Z": "Separator",
            "C": "Other",
        ]
        var categories: [String: Set<Unicode.GeneralCategory>] = [:]
        for row in rows {
            categories[row.short] = [row.category]
            categories[row.long] = [row.category]
            let group = String(row.short.prefix(1))
            categories[group, default: []].insert(row.category)
            if let long = groups[group] { categories[long, default: []].insert(row.category) }
        }
        let cased: Set<Unicode.GeneralCategory> = [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter]
        let others = [
            "LC": cased, "Cased_Letter": cased, "Combining_Mark": categories["M"], "digit": [.decimalNumber],
            "punct": categories["P"], "cntrl": [.control],
        ]
        return categories.merging(others.compactMapValues { $0 }) { first, _ in first }
    }()

    private static let tests: [String: @Sendable (Unicode.Scalar.Properties) -> Bool] = {
        let rows: [(short: String, long: String, test: @Sendable (Unicode.Scalar.Properties) -> Bool)] = [
            ("Alpha", "Alphabetic", { $0.isAlphabetic }), ("Upper", "Uppercase", { $0.isUppercase }),
            ("Lower", "Lowercase", { $0.isLowercase }), ("space", "White_Space", { $0.isWhitespace }),
            ("Cased", "Cased", { $0.isCased }), ("CI", "Case_Ignorable", { $0.isCaseIgnorable }),
            ("Dash", "Dash", { $0.isDash }), ("Dia", "Diacritic", { $0.isDiacritic }),
            ("Ext", "Extender", { $0.isExtender }), ("Math", "Math", { $0.isMath }),
            ("Ideo", "Ideographic", { $0.isIdeographic }), ("UIdeo", "Unified_Ideograph", { $0.isUnifiedIdeograph }),
            ("Hex", "Hex_Digit", { $0.isHexDigit }), ("AHex", "ASCII_Hex_Digit", { $0.isASCIIHexDigit }),
            ("IDS", "ID_Start", { $0.isIDStart }), ("IDC", "ID_Continue", { $0.isIDContinue }),
            ("XIDS", "XID_Start", { $0.isXIDStart }), ("XIDC", "XID_Continue", { $0.isXIDContinue }),
            ("QMark", "Quotation_Mark", { $0.isQuotationMark }),
            ("VS", "Variation_Selector", { $0.isVariationSelector }),
            ("STerm", "Sentence_Terminal", { $0.isSentenceTerminal }),
            ("Pat_Syn", "Pattern_Syntax", { $0.isPatternSyntax }),
            ("Pat_WS", "Pattern_White_Space", { $0.isPatternWhitespace }),
            ("Gr_Base", "Grapheme_Base", { $0.isGraphemeBase }),
            ("Gr_Ext", "Grapheme_Extend", { $0.isGraphemeExtend }),
            ("DI", "Default_Ignorable_Code_Point", { $0.isDefaultIgnorableCodePoint }),
            ("NChar", "Noncharacter_Code_Point", { $0.isNoncharacterCodePoint }),
            ("Emoji", "Emoji", { $0.isEmoji }), ("EPres", "Emoji_Presentation", { $0.isEmojiPresentation }),
            ("EMod", "Emoji_Modifier", { $0.isEmojiModifier }),
            ("EBase", "Emoji_Modifier_Base", { $0.isEmojiModifierBase }),
            ("Any", "Any", { _ in true }), ("Assigned", "Assigned", { $0.generalCategory != .unassigned }),
        ]
        var tests: [String: @Sendable (Unicode.Scalar.Properties) -> Bool] = [:]
        for row in rows {
            tests[row.short] = row.test
            tests[row.long] = row.test
        }
        return tests
    }()
}
