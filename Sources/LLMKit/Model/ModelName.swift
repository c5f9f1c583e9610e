/// The name a pipeline knows a model by, such as `"small"` or `"claude-sonnet"`.
///
/// It is the app's own word: routes, ledgers and reports use it, so that the vendor's model id behind it can change
/// without touching them.
public struct ModelName: Hashable, Sendable, Codable, Comparable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let description: String

    public init(_ name: String) { description = name }
    public init(stringLiteral name: String) { description = name }

    public init(from decoder: any Decoder) throws {
        description = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public static func < (a: ModelName, b: ModelName) -> Bool { a.description < b.description }
}
