/// Takes out of a text what must not lie around in a file: addresses, numbers of accounts, keys.
///
/// A coarse sieve for files that people look through, not a guard: it knows shapes, no names.
public struct TextMask: Sendable {
    private let mask: @Sendable (String) -> String

    /// - Parameter mask: gives the text as it may be written.
    public init(_ mask: @escaping @Sendable (String) -> String) { self.mask = mask }

    func callAsFunction(_ text: String) -> String { mask(text) }

    /// Leaves everything as it is.
    public static let none = TextMask { $0 }

    /// Replaces e-mail addresses, runs of six or more digits (also in groups, as phones and cards have them), words that
    /// begin as the keys of well-known vendors do, and words of twenty or more letters and digits, as other keys are.
    public static let standard = TextMask { text in
        var result = ""
        var word = ""
        for character in text + " " {
            if character.isWhitespace {
                result += masked(word)
                result.append(character)
                word = ""
            } else {
                word.append(character)
            }
        }
        result.removeLast()
        return maskedGroups(of: result)
    }

    private static func masked(_ word: String) -> String {
        let core = word.drop { !$0.isLetter && !$0.isNumber }
        if let at = core.firstIndex(of: "@"), core[core.index(after: at)...].contains("."), at != core.startIndex {
            return "[e-mail]"
        }
        if Redaction.looksLikeKey(core) { return Redaction.placeholder }
        let isKey = word.count >= 20 && word.contains(where: \.isNumber) && word.contains(where: \.isLetter)
        return isKey && !word.contains("/") && word.allSatisfy { $0.isASCII } ? Redaction.placeholder : word
    }

    /// Digits with at most one sign between them count as one number.
    private static func maskedGroups(of text: String) -> String {
        let characters = Array(text)
        var result = ""
        var place = 0
        while place < characters.count {
            guard characters[place].isWholeNumber else {
                result.append(characters[place])
                place += 1
                continue
            }
            var (end, digits, next) = (place, 0, place)
            while next < characters.count {
                if characters[next].isWholeNumber {
                    digits += 1
                    next += 1
                    end = next
                } else if " -./".contains(characters[next]), next + 1 < characters.count,
                    characters[next + 1].isWholeNumber
                {
                    next += 1
                } else {
                    break
                }
            }
            result += digits >= 6 ? "[number]" : String(characters[place..<end])
            place = end
        }
        return result
    }
}
