import PortableFoundation

/// Whose answers are to be forgotten.
enum ErasureScope: Hashable, Sendable, Codable {
    case everything
    /// A tenant's, or those that one of its users was the first to get.
    case tenant(String?, user: String?)
    /// Those to requests whose caller had a tag; with any value if `nil`.
    case tag(String, value: String?)

    func matches(_ content: SemanticEntry.Content) -> Bool {
        matches(tenant: content.tenant, user: content.user, tags: content.tags)
    }

    /// Whether it means what was kept for this caller.
    ///
    /// Names are compared byte by byte, as files and partitions do: to Swift, two ways to write «é» are equal.
    func matches(tenant: String?, user: String?, tags: [String: String]) -> Bool {
        switch self {
        case .everything: true
        case .tenant(let meant, let person):
            Self.isSame(tenant, meant) && (person == nil || Self.isSame(user, person))
        case .tag(let tag, let value):
            tags.contains { Self.isSame($0.key, tag) && (value == nil || Self.isSame($0.value, value)) }
        }
    }

    private static func isSame(_ one: String?, _ other: String?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return one.utf8.elementsEqual(other.utf8)
    }

    func encoded(file: String) throws(LLMError) -> String {
        do { return String(decoding: try JSONEncoder().encode(self), as: UTF8.self) } catch {
            throw LLMError(
                .storage,
                "\(file): whose entries were removed cannot be noted for other processes",
                cause: error
            )
        }
    }

    init?(decoding json: String) {
        guard let scope = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else { return nil }
        self = scope
    }
}

/// An order to forget, and how far it reaches.
struct Erasure: Sendable {
    var scope: ErasureScope
    /// The highest number that an entry of the file had then: later ones are new. Entries that no file has are all meant.
    var last: Int64
}
