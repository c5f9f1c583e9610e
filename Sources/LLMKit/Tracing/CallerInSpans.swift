/// How spans tell whose request they are of: ``Pipeline/callerInSpans``.
///
/// Tenant, feature and conversation are always told, as the app gave them. This is about ``Caller/user`` and
/// ``Caller/tags``, which more often say who somebody is, while traces go to more places and are kept for longer than a
/// ledger, from which a user can be erased.
public struct CallerInSpans: Sendable {
    enum Form: Sendable {
        case omitted, plain
        case hashed(key: String)
    }
    let form: Form

    /// Neither user nor tags; the default.
    public static let omitted = CallerInSpans(form: .omitted)

    /// As the app gave them: `user.id`, and `llmkit.tag.<name>` for each tag.
    public static let plain = CallerInSpans(form: .plain)

    /// Under names that only who has the key can tell: `user.hash`, and tags whose values are hashed.
    ///
    /// The first 16 of the bytes of HMAC-SHA256 (RFC 2104) in hex digits: the same user has the same name in all traces, and in
    /// whatever else is hashed with the key. Users are few and can be guessed, so that a hash without a key would hide
    /// nothing. Whoever throws the key away, or changes it, breaks the tie to the user.
    /// - Parameter key: a secret of the app's, 16 bytes or more; shorter ones fail ``Pipeline/validate()``.
    public static func hashed(key: String) -> CallerInSpans { CallerInSpans(form: .hashed(key: key)) }

    static let leastKeyBytes = 16

    func validate() throws(LLMError) {
        guard case .hashed(let key) = form, key.utf8.count < Self.leastKeyBytes else { return }
        throw LLMError(
            .invalidConfiguration,
            "the key of callerInSpans has \(key.utf8.count) bytes; a secret needs at least \(Self.leastKeyBytes)"
        )
    }

    /// What is told of a caller, in an order that does not change.
    func attributes(of caller: Caller) -> [SpanAttribute] {
        let hash: (String) -> String
        let user: SpanAttribute.Key
        switch form {
        case .omitted: return []
        case .plain: (user, hash) = (.user, { $0 })
        case .hashed(let key): (user, hash) = (.userHash, { SHA256.authenticationCode(of: $0, key: key) })
        }
        var attributes = caller.user.map { [SpanAttribute(user, .string(hash($0)))] } ?? []
        for (name, value) in caller.tags.sorted(by: { $0.key < $1.key }) {
            attributes.append(SpanAttribute(.tag(name), .string(hash(value))))
        }
        return attributes
    }
}

extension CallerInSpans: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var debugDescription: String { description }
    /// Empty: a dump of a pipeline shows no key.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Never the key.
    public var description: String {
        switch form {
        case .omitted: "omitted"
        case .plain: "plain"
        case .hashed: "hashed"
        }
    }
}

extension SHA256 {
    /// The first half of HMAC-SHA256 (RFC 2104) of a text, in hex digits.
    static func authenticationCode(of text: String, key: String) -> String {
        func digest(_ parts: [UInt8]...) -> [UInt8] {
            var hash = SHA256()
            for part in parts { hash.update(part) }
            return hash.finalize()
        }
        let blockSize = 64
        var block = Array(key.utf8)
        if block.count > blockSize { block = digest(block) }
        block += [UInt8](repeating: 0, count: blockSize - block.count)
        let inner = digest(block.map { $0 ^ 0x36 }, Array(text.utf8))
        return digest(block.map { $0 ^ 0x5C }, inner).prefix(16).map { byte in
            let hex = String(byte, radix: 16)
            return byte < 16 ? "0" + hex : hex
        }.joined()
    }
}
