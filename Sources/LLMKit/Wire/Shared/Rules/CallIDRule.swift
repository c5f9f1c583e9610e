/// What the ids of tool calls may look like.
package struct CallIDRule: Hashable, Sendable {
    package enum Alphabet: Hashable, Sendable {
        case any
        /// Letters, digits, `_` and `-`.
        case name
        /// Letters and digits.
        case alphanumeric
    }

    package var alphabet = Alphabet.any
    /// In bytes of UTF-8.
    package var lengths = 1...Int.max
    /// Whether no id may come twice in a conversation. Among the calls of one turn, none may at any vendor.
    package var isUniqueForever = false

    package func allows(_ id: String) -> Bool {
        guard lengths.contains(id.utf8.count) else { return false }
        switch alphabet {
        case .any: return true
        case .name:
            return id.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
        case .alphanumeric: return id.utf8.allSatisfy(\.isAlphanumeric)
        }
    }

    /// An id that is allowed, always the same for the same id: prompt caches go by bytes.
    /// - Parameter repetition: how many calls had the id before; zero for the first.
    func replacement(for id: String, repetition: Int) -> String {
        var hash = SHA256()
        hash.field(1, id)
        hash.field(2, UInt64(repetition))
        let words = hash.finalizeWords()
        var text = ""
        let length = min(lengths.upperBound, 24)
        for var word in [words.0, words.1, words.2] {
            for _ in 0..<9 where text.utf8.count < length {
                text.unicodeScalars.append(Unicode.Scalar(Self.digits[Int(word % 62)]))
                word /= 62
            }
        }
        return text
    }

    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
}

extension String {
    /// Whether it is a name as vendors want those of tools and schemas: letters, digits, `_` and `-`.
    package func isName(upTo length: Int) -> Bool { CallIDRule(alphabet: .name, lengths: 1...length).allows(self) }
}

extension UInt8 {
    fileprivate var isAlphanumeric: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
