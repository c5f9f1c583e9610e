/// How a dialect of Chat Completions is written and read.
struct OpenAIFormat: WireFormat {
    let model: String
    let dialect: OpenAIDialect
    let dropping: Set<RequestParameter>
    let extraBody: JSONText?

    /// What is called below the base URL.
    static let path = "/chat/completions"
    private static let headers = [HTTPHeader("Content-Type", "application/json")]

    var vendor: String { dialect.name }
    var errorNames: ErrorNames { dialect.errorNames }

    /// The members that requests may write, and an extra body may not: all but those of parameters that are dropped.
    var writtenMembers: Set<String> {
        var names: Set<String> = [
            "model", "messages", "tools", "tool_choice", "response_format", "stream", dialect.outputLimit.rawValue,
        ]
        if dialect.asksForStreamUsage { names.insert("stream_options") }
        let unsupported = RequestLosses(capabilities: dialect.capabilities, dropping: dropping).unsupported
        for parameter in RequestParameter.allCases where !unsupported.contains(parameter) {
            switch parameter {
            case .temperature, .topP, .stop, .parallelToolCalls: names.insert(parameter.rawValue)
            case .seed: names.insert(dialect.seedField)
            case .logProbabilities:
                names.insert("logprobs")
                if dialect.logProbabilities == .flagAndCount { names.insert("top_logprobs") }
            case .reasoningEffort:
                if dialect.reasoning != .toggle { names.insert("reasoning_effort") }
                if dialect.reasoning == .effortOrDisabled { names.insert("thinking") }
                if dialect.reasoning == .toggle { names.insert("enable_thinking") }
            }
        }
        return names
    }

    func encode(_ request: ChatRequest, isStream: Bool) throws(LLMError) -> EncodedRequest {
        try RequestCheck(
            vendor: vendor,
            capabilities: dialect.capabilities,
            origin: OpenAIDialect.wireFormat,
            takesSystemAlone: dialect.rules.takesSystemAlone,
            highestTemperature: max(2, dialect.rules.temperatures.upperBound)
        )(request)
        var losses = RequestLosses(capabilities: dialect.capabilities, dropping: dropping)
        var setting = RequestSetting(model: model)
        let mended = try dialect.rules.mended(request, &setting, vendor: vendor, losses: &losses)
        var encoder = OpenAIRequestEncoder(
            model: model,
            dialect: dialect,
            request: mended ?? request,
            isStream: isStream,
            isAnswerStrict: setting.isAnswerStrict,
            extraBody: extraBody,
            losses: losses
        )
        let body = encoder.encode()
        return EncodedRequest(path: Self.path, headers: Self.headers, body: body, losses: encoder.losses.words)
    }

    func decoder(for head: HTTPResponseHead) -> OpenAIDecoder {
        let cached = dialect.cachedTokensHeader.flatMap { name in
            head.headers.first { $0.name.lowercased() == name }.flatMap { Int($0.value) }
        }
        return OpenAIDecoder(
            cachedTokens: cached.map { min(max($0, 0), 1 << 53) },
            mayHaveAlternatives: extraBody?.hasMember("n") ?? false
        )
    }
}
