/// How the Messages API is written and read.
struct AnthropicFormat: WireFormat {
    let model: String
    let version: String
    let thinking: AnthropicThinking?
    let maxOutputTokens: Int
    let dropping: Set<RequestParameter>
    let extraBody: JSONText?
    /// What every call sends.
    private let headers: [HTTPHeader]

    init(
        model: String,
        version: String,
        thinking: AnthropicThinking?,
        maxOutputTokens: Int,
        dropping: Set<RequestParameter>,
        extraBody: JSONText?
    ) {
        self.model = model
        self.version = version
        self.thinking = thinking
        self.maxOutputTokens = maxOutputTokens
        self.dropping = dropping
        self.extraBody = extraBody
        headers = [HTTPHeader("Content-Type", "application/json"), HTTPHeader("anthropic-version", version)]
    }

    /// The wire format's name: thinking and vendor parts of this origin are understood.
    static let wireFormat = "anthropic.messages"

    /// The first version without sampling parameters.
    static let versionWithoutSampling = "2026-10-21"

    /// What the API refuses.
    private static let rules = RequestRules.anthropic

    /// What is called below the base URL.
    static let path = "/v1/messages"

    var vendor: String { "anthropic" }
    var errorNames: ErrorNames { .anthropic }

    var capabilities: Capabilities {
        var all: Capabilities = [.tools, .images, .imageURLs, .jsonSchema, .temperature, .reasoningEffort, .stop]
        // Versions are dates, which sort as text.
        if version >= Self.versionWithoutSampling { all.remove(.temperature) }
        return all
    }

    /// The limit counts thinking too, so a budget comes on top of a limit that nobody chose for this request.
    func outputLimit(of request: ChatRequest) -> Int? { maxTokens(of: request) }

    func maxTokens(of request: ChatRequest) -> Int {
        if let limit = request.sampling.maxOutputTokens { return limit }
        guard case .budget(let budget)? = thinking, request.reasoningEffort != ReasoningEffort.none else {
            return maxOutputTokens
        }
        let (sum, overflow) = maxOutputTokens.addingReportingOverflow(budget)
        return overflow ? .max : sum
    }

    /// The members that requests may write, and an extra body may not: all but those of parameters that are dropped.
    private var writtenMembers: Set<String> {
        var names: Set<String> = [
            "model", "max_tokens", "system", "messages", "tools", "tool_choice", "thinking", "output_config", "stream",
        ]
        let unsupported = RequestLosses(capabilities: capabilities, dropping: dropping).unsupported
        for (parameter, name) in [
            (RequestParameter.temperature, "temperature"), (.topP, "top_p"), (.stop, "stop_sequences"),
        ]
        where !unsupported.contains(parameter) { names.insert(name) }
        return names
    }

    func validate() throws(LLMError) {
        try extraBody.checkExtraBody(of: vendor, written: writtenMembers)
        guard !version.isEmpty, version.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw LLMError(.invalidConfiguration, "the API version for anthropic is malformed; such as 2023-06-01")
        }
        guard maxOutputTokens >= 1 else {
            throw LLMError(.invalidConfiguration, "maxOutputTokens for anthropic is \(maxOutputTokens): at least 1")
        }
        if case .budget(let tokens)? = thinking, tokens < 1_024 {
            throw LLMError(.invalidConfiguration, "the thinking budget for anthropic is \(tokens): at least 1024")
        }
        let excludesTopK = version >= Self.versionWithoutSampling || !(thinking == nil || thinking == .disabled)
        if excludesTopK, let members = extraBody?.members, members.contains(where: { $0.key == "top_k" }) {
            throw LLMError(
                .invalidConfiguration,
                "extraBody for anthropic has \"top_k\", which this version of the API, or "
                    + "a model that thinks, does not take"
            )
        }
    }

    func encode(_ request: ChatRequest, isStream: Bool) throws(LLMError) -> EncodedRequest {
        try RequestCheck(
            vendor: vendor,
            capabilities: capabilities,
            origin: Self.wireFormat,
            takesSystemAlone: Self.rules.takesSystemAlone,
            highestTemperature: max(2, Self.rules.temperatures.upperBound)
        )(request)
        var losses = RequestLosses(capabilities: capabilities, dropping: dropping)
        let isOff = request.reasoningEffort == ReasoningEffort.none && !losses.unsupported.contains(.reasoningEffort)
        let limit = maxTokens(of: request)
        var setting = RequestSetting(model: model, thinking: isOff ? .disabled : thinking, outputLimit: limit)
        let mended = try Self.rules.mended(request, &setting, vendor: vendor, losses: &losses)
        var encoder = AnthropicRequestEncoder(
            format: self,
            request: mended ?? request,
            isStream: isStream,
            maxTokens: limit,
            thinking: setting.thinking,
            losses: losses
        )
        let body = encoder.encode()
        return EncodedRequest(path: Self.path, headers: headers, body: body, losses: encoder.losses.words)
    }

    func decoder(for head: HTTPResponseHead) -> AnthropicDecoder { AnthropicDecoder() }
}
