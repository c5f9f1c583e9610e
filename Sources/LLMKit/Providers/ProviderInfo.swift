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
    /// What else changes its answers: address, headers, extra body and defaults, none of them in the clear that may be
    /// secret. Empty where there is nothing, or nobody told.
    package var settings: [Setting] = []
    /// The meters that a nested pipeline, and those within it, record their calls with.
    var meters: Set<ObjectIdentifier> = []

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

extension ProviderInfo {
    /// The same of a provider whose answers differ from those of its like by `setting`: a part of every cache key, as a
    /// digest, so it may be a prompt.
    public func varying(by setting: String) -> ProviderInfo {
        var info = self
        info.settings.append(.concealed("variant \(settings.count)", setting))
        return info
    }

    /// Who is asked, where the provider itself does not say.
    public var upstream: Upstream {
        Upstream(vendor: vendor, modelID: modelID, serverAddress: serverAddress, serverPort: serverPort)
    }
}
