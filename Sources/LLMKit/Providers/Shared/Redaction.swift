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

    /// - Parameters:
    ///   - key: the key of the call.
    ///   - headers: what the app sends besides; some of it may be credentials too.
    init(_ key: String?, headers: [HTTPHeader] = []) {
        secrets = [key].compactMap { $0 }.filter { $0.utf8.count >= 4 } + headers.compactMap(\.credential)
    }

    /// The same, with more that must not appear. What is shorter than four bytes hides nothing, and would tear words.
    func hiding(_ more: [String]) -> Redaction {
        var copy = self
        for secret in more where secret.utf8.count >= 4 { copy.secrets.append(secret) }
        return copy
    }

    func callAsFunction(_ text: String, limit: Int = Redaction.lengthLimit) -> String {
        Self.cut(Self.hidingKeys(in: hidingSecrets(in: text)), limit: limit)
    }

    /// The same text without the secrets, of whatever length.
    ///
    /// Compared scalar by scalar, since a combining mark behind a key would make its last letter another character.
    func hidingSecrets(in text: String) -> String {
        var scalars = text.unicodeScalars
        for secret in secrets { scalars.replace(secret.unicodeScalars, with: Self.placeholder.unicodeScalars) }
        return String(scalars)
    }

    /// An error of the transport, which may quote where a server redirects to.
    func callAsFunction(_ error: LLMError) -> LLMError {
        var error = error
        error.message = hidingSecrets(in: error.message)
        return error
    }

    /// Cleans what of an answer goes into ledgers and traces: all that the vendor chose the words of, but the message.
    func clean(_ response: inout ChatResponse) {
        response.id = identifier(response.id)
        response.vendorRequestID = identifier(response.vendorRequestID)
        response.servedModel = identifier(response.servedModel)
        if case .other(let reason) = response.finish { response.finish = .other(identifier(reason) ?? "unknown") }
        // A tier that cannot be told has no price either.
        let tier = response.serviceTier
        if tier != .standard { response.serviceTier = ServiceTier(identifier(tier.description) ?? "unknown") }
    }

    /// A vendor's code or id, if it looks like one: short, without white space, and no key.
    func identifier(_ text: String?) -> String? {
        guard let text, !text.isEmpty, text.utf8.count <= 128,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !secrets.contains(where: { text.holdsBytes(of: $0) }),
            !Self.looksLikeKey(text[...])
        else { return nil }
        return text
    }

    /// How the keys of well-known vendors begin.
    private static let prefixes = ["sk-", "gsk_", "xai-", "AIza", "fw_", "tgp_", "hf_", "AKIA", "ASIA", "eyJ"]

    /// Whether a word begins as keys of well-known vendors do.
    static func looksLikeKey(_ word: Substring) -> Bool {
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

extension Redaction: ConcealingDescription {
    var description: String { "Redaction(of \(secrets.count) secrets)" }
}

extension HTTPHeader {
    /// What must stay secret of the header, if its name tells that it holds a credential.
    fileprivate var credential: String? {
        let name = name.lowercased()
        guard ["auth", "key", "token", "secret", "cookie"].contains(where: name.contains) else { return nil }
        // It may follow the word for its kind, such as "Bearer". Short values are settings, not secrets.
        return value.split(separator: " ").last.flatMap { $0.utf8.count >= 8 ? String($0) : nil }
    }
}

extension String {
    /// Whether the bytes of `other` stand in this text: on every answer's path, where `contains` of characters would be slow.
    fileprivate func holdsBytes(of other: String) -> Bool {
        let count = other.utf8.count
        guard count <= utf8.count, let first = other.utf8.first else { return false }
        var rest = utf8[...]
        while rest.count >= count, let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: other.utf8) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
