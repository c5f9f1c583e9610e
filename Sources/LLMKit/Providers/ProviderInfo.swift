/// What a provider is: for prices, traces, and checks at assembly.
public struct ProviderInfo: Hashable, Sendable {
    /// The vendor by its OpenTelemetry name (`gen_ai.provider.name`), such as `openai` or `mistral_ai`.
    public var vendor: String
    /// The wire format, such as `openai.chat`: signatures and vendor blocks mean nothing outside theirs.
    public var dialect: String
    /// The vendor's id of the model, for the price table.
    public var modelID: String?
    /// The host that is called, without credentials or query.
    public var serverAddress: String?
    public var serverPort: Int?
    public var capabilities: Capabilities
    /// Whether the provider itself keeps the request's ``ChatRequest/timeouts`` and deadline, as the HTTP ones do on
    /// their transport; for the others, a decorator races them.
    public var keepsTime: Bool
    /// Whether the provider itself books every upstream call, through ``RequestScope/attempt(_:for:_:)``, as those over
    /// HTTP, decorators and pipelines do. Every other one is wrapped by whoever calls it.
    public var makesAttempts: Bool
    /// Whether the provider is a pipeline, which puts spans of its own below its caller's.
    var isPipeline = false
    /// Everything else that changes an answer, for cache keys: path, extra body, headers, defaults.
    var scope = ""
    /// The meter that a nested pipeline records its own calls with.
    var meter: ObjectIdentifier?

    public init(
        vendor: String = "_OTHER",
        dialect: String = "",
        modelID: String? = nil,
        serverAddress: String? = nil,
        serverPort: Int? = nil,
        capabilities: Capabilities = .all,
        keepsTime: Bool = false,
        makesAttempts: Bool = false
    ) {
        self.vendor = vendor
        self.dialect = dialect
        self.modelID = modelID
        self.serverAddress = serverAddress
        self.serverPort = serverPort
        self.capabilities = capabilities
        self.keepsTime = keepsTime
        self.makesAttempts = makesAttempts
    }
}

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

extension Capabilities: CustomStringConvertible {
    private static let names: [(capability: Capabilities, name: String)] = [
        (.tools, "tools"), (.images, "images"), (.imageURLs, "image URLs"), (.json, "JSON answers"),
        (.jsonSchema, "JSON schemas"), (.logProbabilities, "log-probabilities"), (.seed, "seeds"),
        (.temperature, "temperature"), (.reasoningEffort, "reasoning effort"), (.stop, "stop texts"),
    ]

    /// The capabilities in words, for messages.
    public var description: String {
        Self.names.filter { contains($0.capability) }.map(\.name).joined(separator: ", ")
    }
}

extension ProviderInfo {
    /// Who is asked, where the provider itself does not say.
    public var upstream: Upstream {
        Upstream(vendor: vendor, modelID: modelID, serverAddress: serverAddress, serverPort: serverPort)
    }
}
