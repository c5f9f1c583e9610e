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
    /// Whether the provider itself takes each upstream attempt from the request's budget, as retries and pipelines do.
    public var countsAttempts: Bool
    /// What else changes its answers: address, headers, extra body and defaults, none of them in the clear that may be
    /// secret. Empty where there is nothing, or nobody told.
    package var settings: [Setting] = []
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
        countsAttempts: Bool = false
    ) {
        self.vendor = vendor
        self.dialect = dialect
        self.modelID = modelID
        self.serverAddress = serverAddress
        self.serverPort = serverPort
        self.capabilities = capabilities
        self.keepsTime = keepsTime
        self.countsAttempts = countsAttempts
    }
}
