/// What a provider is: for prices, traces, and checks at assembly.
public struct ProviderInfo: Hashable, Sendable {
    /// Who is asked, where the provider itself does not say.
    public var upstream: Upstream
    /// The wire format, such as `openai.chat`: signatures and vendor blocks mean nothing outside theirs.
    public var dialect: String
    public var capabilities: Capabilities
    /// Whether the provider itself keeps the request's ``ChatRequest/timeouts`` and deadline, as the HTTP ones do on
    /// their transport; for the others, a decorator races them.
    public var keepsTime: Bool
    /// Whether the provider itself books every upstream call, through ``RequestScope/attempt(_:for:_:)``, as those over
    /// HTTP, decorators and pipelines do. Every other one is wrapped by whoever calls it.
    public var makesAttempts: Bool
    /// Whether the provider is a pipeline, which puts spans of its own below its caller's.
    var isPipeline = false
    /// Whether its calls end at once when their attempt is left behind, without their task being cancelled.
    var isStoppable = false
    /// What else changes its answers: address, headers, extra body and defaults, none of them in the clear that may be
    /// secret. Empty where there is nothing, or nobody told.
    package var settings: [Setting] = []
    /// How its calls travel, as far as it tells: for people to look at, and no part of what tells answers apart.
    var transport: Transport?
    /// The meters that a nested pipeline, and those within it, record their calls with.
    var meters: Set<ObjectIdentifier> = []

    /// - Parameters:
    ///   - vendor: its OpenTelemetry name (`gen_ai.provider.name`), such as `openai` or `mistral_ai`.
    ///   - dialect: the wire format.
    ///   - modelID: the vendor's id of the model, for the price table.
    ///   - serverAddress: the host that is called, without credentials or query.
    ///   - serverPort: its port.
    ///   - capabilities: what the model can do.
    ///   - keepsTime: whether the provider itself keeps clocks and deadline.
    ///   - makesAttempts: whether the provider itself books every upstream call.
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
        upstream = Upstream(
            vendor: vendor,
            modelID: modelID,
            serverAddress: serverAddress,
            serverPort: serverPort
        )
        self.dialect = dialect
        self.capabilities = capabilities
        self.keepsTime = keepsTime
        self.makesAttempts = makesAttempts
    }
}

extension ProviderInfo {
    /// The clocks of calls that set none, and the way that they take.
    struct Transport: Hashable, Sendable {
        var timeouts = Timeouts()
        /// The clock of answers that are not streamed, in place of the one for the first token.
        var wholeAnswer: Duration?
        /// The proxy's host and port.
        var proxy: String?
        /// The file of certificates that are trusted instead of the system's.
        var caBundle: String?
    }

    package var vendor: String { upstream.vendor }
    package var modelID: String? { upstream.modelID }
    package var serverAddress: String? { upstream.serverAddress }
    package var serverPort: Int? { upstream.serverPort }

    /// The same of a provider whose answers differ from those of its like by `setting`: a part of every cache key, as a
    /// digest, so it may be a prompt.
    public func varying(by setting: String) -> ProviderInfo {
        var info = self
        info.settings.append(.concealed("variant \(settings.count)", setting))
        return info
    }
}
