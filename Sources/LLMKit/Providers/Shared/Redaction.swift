/// Makes what a vendor wrote fit for error messages: without keys, on one line, and short.
///
/// Vendors quote the key they refuse and sometimes the prompt they could not read, so nothing of theirs is passed on as
/// it came.
struct Redaction: Sendable {
    /// What must not appear, such as the key of the call.
    var secrets: [String]

    /// What stands in place of a key.
    static let placeholder = "[key]"
    /// How many characters of a vendor's message are kept.
    static let lengthLimit = 300

    init(_ secrets: String?...) {
        self.secrets = secrets.compactMap { $0 }.filter { $0.utf8.count >= 4 }
    }

    func callAsFunction(_ text: String, limit: Int = Redaction.lengthLimit) -> String {
        var text = text
        for secret in secrets { text = text.replacing(secret, with: Self.placeholder) }
        return Self.cut(Self.hidingKeys(in: text), limit: limit)
    }

    /// A vendor's code or id, if it looks like one: short, without white space, and no key.
    func identifier(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text.utf8.count <= 128,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !secrets.contains(where: { $0.utf8.count <= text.utf8.count && text.contains($0) }),
            !Self.looksLikeKey(text[...])
        else { return nil }
        return text
    }

    /// How the keys of well-known vendors begin.
    private static let prefixes = ["sk-", "gsk_", "xai-", "AIza", "fw_", "tgp_", "hf_", "AKIA", "ASIA", "eyJ"]

    private static func looksLikeKey(_ word: Substring) -> Bool {
        word.utf8.count >= 8 && prefixes.contains { word.utf8.starts(with: $0.utf8) }
    }

    /// Walks over the words of a text, replaces those that look like keys or follow "Bearer", and puts all of it on one
    /// line.
    private static func hidingKeys(in text: String) -> String {
        var result = ""
        var word = text[text.startIndex..<text.startIndex]
        var followsBearer = false
        func flush() {
            guard !word.isEmpty else { return }
            result += followsBearer || looksLikeKey(word) ? placeholder[...] : word
            followsBearer = word.lowercased() == "bearer"
        }
        var start = text.startIndex
        for index in text.indices {
            let character = text[index]
            let isInWord = character.isLetter || character.isNumber || "-_.*+/=".contains(character)
            guard !isInWord else { continue }
            word = text[start..<index]
            flush()
            start = text.index(after: index)
            let isBlank = character.isWhitespace || character.unicodeScalars.contains { $0.value < 0x20 }
            if !isBlank { result.append(character) } else if result.last != " " { result.append(" ") }
        }
        word = text[start...]
        flush()
        return result
    }

    private static func cut(_ text: String, limit: Int) -> String {
        text.count > limit ? text.prefix(limit) + "…" : text
    }
}
