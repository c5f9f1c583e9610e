import Synchronization

/// What a deterministic tool has returned, by its arguments; the least recently used results make room.
///
/// Arguments are the same if they are the same JSON, whatever its white space and the order of its keys. Tenants never share,
/// and where the tool knows its user, users do not either.
final class ToolResultMemory: Sendable {
    struct Key: Hashable, Sendable {
        var arguments: ExactString
        var tenant: ExactString?
        var user: ExactString?
    }

    /// About how many bytes the results may take together.
    private static let limit = 4 << 20
    /// Roughly what an entry takes beside its texts.
    private static let overhead = 200

    private let perUser: Bool
    private let table = Mutex(LRUTable<Key, String>())

    init(perUser: Bool) { self.perUser = perUser }

    /// - Returns: `nil` for arguments that are no JSON: nothing is known of what they mean.
    func key(_ call: ToolCall, _ caller: Caller) -> Key? {
        guard let arguments = try? JSONValue(parsing: call.argumentsOrNone) else { return nil }
        return Key(
            arguments: ExactString(arguments.canonicalText),
            tenant: caller.tenant.map { ExactString($0) },
            user: perUser ? caller.user.map { ExactString($0) } : nil
        )
    }

    func result(_ key: Key) -> String? { table.withLock { $0.take(key) } }

    func keep(_ result: String, for key: Key) {
        let texts = [key.arguments.text, key.tenant?.text ?? "", key.user?.text ?? "", result]
        let bytes = texts.reduce(Self.overhead) { $0 + $1.utf8.count }
        table.withLock { _ = $0.insert(result, for: key, bytes: bytes, limit: Self.limit) }
    }
}
