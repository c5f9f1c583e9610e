/// Reads the characters of a pattern one by one.
struct PatternReader {
    typealias Failure = RegularExpressionParser.Failure

    private let pattern: [Unicode.Scalar]
    private var index = 0

    init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

    /// The next character, without taking it; `nil` at the end.
    var peek: Unicode.Scalar? { peek(ahead: 0) }

    func peek(ahead count: Int) -> Unicode.Scalar? { index + count < pattern.count ? pattern[index + count] : nil }

    mutating func next() -> Unicode.Scalar? {
        defer { index += peek == nil ? 0 : 1 }
        return peek
    }

    mutating func take(_ text: String) -> Bool {
        guard pattern[index...].starts(with: text.unicodeScalars) else { return false }
        index += text.unicodeScalars.count
        return true
    }

    /// Takes all up to the first of `ends`, or to the end of the pattern.
    mutating func take(upTo ends: Unicode.Scalar...) -> String {
        let taken = pattern[index...].prefix { !ends.contains($0) }
        index += taken.count
        return String(String.UnicodeScalarView(taken))
    }

    func failure(_ message: String) -> Failure { Failure(message: "\(message), at character \(index + 1)") }

    /// A whole number; a larger one than can be is the largest.
    mutating func number() -> Int? {
        let digits = pattern[index...].prefix { ScalarSet.digit.contains($0.value) }
        index += digits.count
        return Int(String(String.UnicodeScalarView(digits))) ?? (digits.isEmpty ? nil : .max)
    }

    mutating func hex(_ count: Int) throws(Failure) -> UInt32 {
        let digits = pattern[index...].prefix(count)
        let text = String(String.UnicodeScalarView(digits))
        guard count > 0, digits.count == count, let value = UInt32(text, radix: 16), !text.hasPrefix("+") else {
            throw failure("an escape that is not \(count) hex digits")
        }
        index += count
        return value
    }
}
