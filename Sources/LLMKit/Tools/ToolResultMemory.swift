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

    /// - Returns: `nil` where nothing may be remembered: for arguments that are no JSON, or that the tool may read otherwise than
    ///   it is read here; and for nobody in particular, if users are kept apart.
    func key(_ call: ToolCall, _ caller: Caller) -> Key? {
        var isAmbiguous = false
        guard !perUser || caller.user != nil,
            let arguments = try? JSONValue(parsing: call.argumentsOrNone, hasRepeatedKeys: &isAmbiguous), !isAmbiguous
        else { return nil }
        return Key(
            arguments: ExactString(arguments.canonicalText),
            tenant: caller.tenant.map { ExactString($0) },
            user: perUser ? caller.user.map { ExactString($0) } : nil
        )
    }

    /// Forgets what a tenant, or one of its users, was told.
    func forget(tenant: String?, user: String?) {
        let (tenant, user) = (tenant.map { ExactString($0) }, user.map { ExactString($0) })
        table.withLock { table in
            table.removeAll { kept, _ in kept.tenant == tenant && (user == nil || kept.user == user || kept.user == nil)
            }
        }
    }

    func result(_ key: Key) -> String? { table.withLock { $0.take(key) } }

    func keep(_ result: String, for key: Key) {
        let texts = [key.arguments.text, key.tenant?.text ?? "", key.user?.text ?? "", result]
        let bytes = texts.reduce(Self.overhead) { $0 + $1.utf8.count }
        table.withLock { _ = $0.insert(result, for: key, bytes: bytes, limit: Self.limit) }
    }
}
