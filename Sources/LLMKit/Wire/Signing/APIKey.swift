import CPlatform

/// Where a provider takes its key from. It never prints the key, whatever is done with it.
///
/// The key is asked for at every call, so that a rotated one takes effect without a restart:
///
/// ```swift
/// .openAI("gpt-4o-mini", key: APIKey { try await vault.secret("openai") })
/// ```
public struct APIKey: Sendable {
    private enum Source {
        case none
        case environment(String)
        case value(String)
        case closure(@Sendable () async throws -> String)
    }

    private let source: Source

    private init(source: Source) { self.source = source }

    /// Asks `load` for the key at every call; an app that reads it from afar should keep it for a while.
    public init(_ load: @escaping @Sendable () async throws -> String) { source = .closure(load) }

    /// The value of an environment variable. A missing one is an error that names it.
    public static func environment(_ variable: String) -> APIKey { APIKey(source: .environment(variable)) }

    /// A key at hand. Prefer the other ways: literals end up in repositories.
    public static func value(_ key: String) -> APIKey { APIKey(source: .value(key)) }

    /// No key is sent, for servers that want none.
    public static let notNeeded = APIKey(source: .none)

    /// The environment variable that holds the key, if it comes from one.
    var variable: String? {
        if case .environment(let name) = source { name } else { nil }
    }

    /// Whether the app is asked for it, which may take its time.
    var mayWait: Bool {
        if case .closure = source { true } else { false }
    }

    /// Finds a missing key where that needs no waiting.
    func validate(vendor: String) throws(LLMError) {
        switch source {
        case .none, .closure: break
        case .environment(let variable): _ = try Self.read(variable, vendor: vendor)
        case .value(let key): _ = try Self.trimmed(key, vendor: vendor)
        }
    }

    /// The key, or `nil` if none is to be sent.
    func load(vendor: String) async throws(LLMError) -> String? {
        switch source {
        case .none: return nil
        case .environment(let variable): return try Self.read(variable, vendor: vendor)
        case .value(let key): return try Self.trimmed(key, vendor: vendor)
        case .closure(let load):
            let key: String
            do { key = try await load() } catch let error as LLMError { throw error } catch {
                if error is CancellationError { throw LLMError(wrapping: error) }
                throw LLMError(.authentication, "the key for \(vendor) could not be loaded", cause: error)
            }
            return try Self.trimmed(key, vendor: vendor)
        }
    }

    private static func read(_ variable: String, vendor: String) throws(LLMError) -> String {
        guard let value = getenv(variable), value.pointee != 0 else {
            throw LLMError(
                .invalidConfiguration,
                "no key for \(vendor): set the environment variable \(variable), or give the provider another key"
            )
        }
        return try trimmed(String(cString: value), vendor: vendor)
    }

    /// Keys read from files often end in a line feed, which no header may hold.
    private static func trimmed(_ key: String, vendor: String) throws(LLMError) -> String {
        let bytes = key.utf8.drop { $0 <= 0x20 }
        let blanks = bytes.reversed().prefix { $0 <= 0x20 }.count
        let inner = bytes.dropLast(blanks)
        guard !inner.isEmpty else { throw LLMError(.invalidConfiguration, "the key for \(vendor) is empty") }
        guard inner.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw LLMError(.invalidConfiguration, "the key for \(vendor) holds characters that no key has")
        }
        return String(Substring(inner))
    }
}

extension APIKey: CustomStringConvertible, CustomReflectable {
    public var description: String { variable.map { "APIKey(environment: \($0))" } ?? "APIKey(redacted)" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
