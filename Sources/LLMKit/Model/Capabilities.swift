/// What a vendor's wire format can express. What is missing is an error at assembly where a pipeline relies on it, and
/// otherwise a loss that the answer reports.
public struct Capabilities: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let tools = Capabilities(rawValue: 1 << 0)
    public static let images = Capabilities(rawValue: 1 << 1)
    public static let imageURLs = Capabilities(rawValue: 1 << 2)
    public static let json = Capabilities(rawValue: 1 << 3)
    public static let jsonSchema = Capabilities(rawValue: 1 << 4)
    public static let logProbabilities = Capabilities(rawValue: 1 << 5)
    public static let seed = Capabilities(rawValue: 1 << 6)
    public static let temperature = Capabilities(rawValue: 1 << 7)
    public static let reasoningEffort = Capabilities(rawValue: 1 << 8)
    public static let stop = Capabilities(rawValue: 1 << 9)
    public static let all = Capabilities(rawValue: .max)
}

extension Capabilities {
    private static let names: [(capability: Capabilities, name: String)] = [
        (.tools, "tools"), (.images, "images"), (.imageURLs, "image URLs"), (.json, "JSON answers"),
        (.jsonSchema, "JSON schemas"), (.logProbabilities, "log-probabilities"), (.seed, "seeds"),
        (.temperature, "temperature"), (.reasoningEffort, "reasoning effort"), (.stop, "stop texts"),
    ]

    /// The capabilities in words, for messages.
    package var inWords: String {
        Self.names.filter { contains($0.capability) }.map(\.name).joined(separator: ", ")
    }
}
