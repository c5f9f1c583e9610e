/// Brings answers that mean the same into the same form, so that samples can be compared.
public struct AnswerNormalizer: Sendable {
    private let normalize: @Sendable (String) -> String?

    /// Normalises by a rule of the app's own.
    /// - Parameter normalize: gets the text of an answer; gives its comparable form, or `nil` if it finds no answer in it.
    public init(_ normalize: @escaping @Sendable (String) -> String?) { self.normalize = normalize }

    package func callAsFunction(_ text: String) -> String? { normalize(text) }

    /// The text as it is.
    public static let exact = AnswerNormalizer { $0 }

    /// Without differences of case, white space, and punctuation at the end.
    public static let caseAndSpaceFolded = AnswerNormalizer { text in
        var folded = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        while let last = folded.last, ".!?,;:".contains(last) { folded.removeLast() }
        return folded
    }

    /// The last number in the text, as mathematics problems end with: `1,234.50` and `1234.5` are the same.
    public static let lastNumber = AnswerNormalizer { $0.lastNumber?.description }

    /// The letter of a multiple-choice answer, such as `(B)`, `B.` or `The answer is B`.
    public static let multipleChoice = multipleChoice(upTo: "E")

    /// The letter of a multiple-choice answer with more or fewer choices.
    public static func multipleChoice(upTo last: Character) -> AnswerNormalizer {
        AnswerNormalizer { $0.choice(upTo: last).map(String.init) }
    }

    /// The JSON document in one fixed spelling, with or without a Markdown fence: keys sorted, no white space, `1.0` as `1`.
    public static let canonicalJSON = AnswerNormalizer { text in
        let value = (try? JSONValue(parsing: text)) ?? text.insideFence.flatMap { try? JSONValue(parsing: $0) }
        return value?.canonicalText
    }
}

extension String {
    /// The last number written in the text.
    ///
    /// Commas between groups of three digits are taken for separators, and a dash for a minus only where no word or
    /// number stands before it.
    var lastNumber: JSONNumber? {
        let bytes = Array(utf8)
        func isDigit(_ index: Int) -> Bool {
            bytes.indices.contains(index) && bytes[index] >= 0x30 && bytes[index] <= 0x39
        }
        func digits(from start: Int) -> Int {
            var end = start
            while isDigit(end) { end += 1 }
            return end
        }
        var last: JSONNumber?
        var index = 0
        while index < bytes.count {
            guard isDigit(index) else {
                index += 1
                continue
            }
            let start = index
            index = digits(from: index)
            if index - start <= 3 {
                while index < bytes.count, bytes[index] == UInt8(ascii: ","), digits(from: index + 1) == index + 4 {
                    index += 4
                }
            }
            if index < bytes.count, bytes[index] == UInt8(ascii: "."), isDigit(index + 1) {
                index = digits(from: index + 1)
            }
            if index + 1 < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
                let hasSign = bytes[index + 1] == UInt8(ascii: "-") || bytes[index + 1] == UInt8(ascii: "+")
                let exponent = index + (hasSign ? 2 : 1)
                if isDigit(exponent) { index = digits(from: exponent) }
            }
            var text = String(decoding: bytes[start..<index].filter { $0 != UInt8(ascii: ",") }, as: UTF8.self)
            if start > 0, bytes[start - 1] == UInt8(ascii: "-"), start == 1 || !bytes[start - 2].isWordByte {
                text = "-" + text
            }
            last = JSONNumber(text) ?? last
        }
        return last
    }

    /// The letter, `A` to `last`, that the text chooses; `nil` if it names none, or several without saying which.
    func choice(upTo last: Character) -> Character? {
        let characters = Array(self)
        func isWord(_ index: Int) -> Bool {
            characters.indices.contains(index) && (characters[index].isLetter || characters[index].isNumber)
        }
        let places = characters.indices.filter { index in
            ("A"...last).contains(characters[index]) && characters[index].isASCII
                && !isWord(index - 1) && !isWord(index + 1)
        }
        let letters = characters.filter { $0.isLetter || $0.isNumber }
        if letters.count == 1, let only = places.first { return characters[only] }
        // "The answer is B, because A is wrong": the first letter after the last such word.
        let words = Array("answer")
        let marks = characters.indices.filter { start in
            characters[start...].prefix(words.count).elementsEqual(words) { $0.lowercased() == $1.lowercased() }
        }
        if let mark = marks.last, let place = places.first(where: { $0 > mark }) { return characters[place] }
        let marked = places.filter { index in
            let after = index + 1 < characters.count ? characters[index + 1] : " "
            return ".):".contains(after)
        }
        let chosen = Set(marked.map { characters[$0] })
        return chosen.count == 1 ? chosen.first : nil
    }
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) || self >= 0x80
            || self == UInt8(ascii: ")")
    }
}
