/// A language that guards can tell; `unknown` unless they are sure.
enum TextLanguage: UInt8, CaseIterable, Sendable {
    case unknown
    /// Not English.
    case foreign
    case english
    case german
    case french
    case spanish
    case portuguese
    case italian
    case dutch
    case swedish
    case danish
    case norwegian
    case polish
    case czech
    case romanian
    case hungarian
    case finnish
    case turkish
    case indonesian
    case vietnamese
    case hinglish
    // Told by their scripts, some with the help of single letters.
    case greek
    case russian
    case ukrainian
    case hebrew
    case arabic
    case persian
    case hindi
    case bengali
    case tamil
    case telugu
    case thai
    case korean
    case japanese
    case chinese
}

extension TextLanguage {
    /// Whether rules for English grammar hold.
    var mayBeEnglish: Bool { self == .english || self == .unknown }

    /// Whether two texts of these languages cannot be in the same one.
    func excludes(_ other: TextLanguage) -> Bool {
        if self == other || self == .unknown || other == .unknown { return false }
        if self == .foreign { return other == .english }
        if other == .foreign { return self == .english }
        return true
    }
}
