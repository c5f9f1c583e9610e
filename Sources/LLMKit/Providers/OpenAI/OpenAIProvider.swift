/// A model behind OpenAI's Chat Completions, or behind one of the many servers that speak the same.
///
/// ```swift
/// Model("small", .openAI("gpt-4o-mini"))
/// Model("local", .vLLM("qwen3-8b", at: "http://gpu-1:8000/v1"))
/// ```
///
/// What the vendor cannot express is reported in ``ChatResponse/losses``, or is an error where leaving it out would
/// change what was asked. Streams end with ``StreamEvent/end(_:)`` only if the vendor's `[DONE]` arrived.
public struct OpenAIProvider: ModelProvider {
    public let info: ProviderInfo
    let client: VendorClient<OpenAIFormat>

    /// - Parameters:
    ///   - model: the vendor's id of the model (at Azure: the name of the deployment).
    ///   - key: `nil` takes it from the dialect's environment variable, if it has one.
    ///   - baseURL: the address up to `/chat/completions`; a query stays at its end. `nil` takes the dialect's.
    ///   - dialect: how the server differs from OpenAI's own.
    ///   - dropping: parameters that this model refuses: they are left out, and reported as losses where requests set
    ///     them. Reasoning models often refuse `temperature`.
    ///   - headers: sent with every call, such as `OpenAI-Organization`.
    ///   - extraBody: a JSON object whose members are added to every body, for what only this vendor has. It may not
    ///     repeat what requests write themselves, such as `model` or `stream`.
    ///   - client: whose connections are used.
    public init(
        model: String,
        key: APIKey? = nil,
        baseURL: String? = nil,
        dialect: OpenAIDialect = .openAI,
        dropping: Set<RequestParameter> = [],
        headers: [String: String] = [:],
        extraBody: JSONText? = nil,
        client: HTTPClient = .shared
    ) {
        let endpoint = Result { () throws(LLMError) in
            try Endpoint(baseURL: baseURL ?? dialect.baseURL, path: "/chat/completions")
        }
        let host = try? endpoint.get()
        info = ProviderInfo(
            vendor: dialect.vendor,
            dialect: OpenAIDialect.wireFormat,
            modelID: model,
            serverAddress: host?.host,
            serverPort: host?.port,
            capabilities: dialect.capabilities.subtracting(dropping),
            keepsTime: true
        )
        self.client = VendorClient(
            format: OpenAIFormat(model: model, dialect: dialect, dropping: dropping, extraBody: extraBody),
            key: key ?? dialect.keyVariable.map { .environment($0) } ?? .notNeeded,
            endpoint: endpoint,
            headers: headers.sorted { $0.key < $1.key }.map { HTTPHeader($0.key, $0.value) },
            client: client
        )
    }

    /// - Throws: ``LLMError`` with code `invalidConfiguration` for a malformed address, header or extra body, an extra
    ///   body that repeats what requests write themselves, an empty model id, or a missing key.
    public func validate() throws(LLMError) {
        try client.validate()
        try client.format.extraBody.checkExtraBody(of: client.format.vendor, written: client.format.writtenMembers)
    }

    public func respond(to request: ChatRequest) async throws -> ChatResponse { try await client.respond(to: request) }

    public func stream(_ request: ChatRequest) async throws -> ResponseStream { try await client.stream(request) }
}

/// How a dialect of Chat Completions is written and read.
struct OpenAIFormat: WireFormat {
    let model: String
    let dialect: OpenAIDialect
    let dropping: Set<RequestParameter>
    let extraBody: JSONText?

    var vendor: String { dialect.name }

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
        try RequestCheck(vendor: vendor, capabilities: dialect.capabilities)(request)
        var encoder = OpenAIRequestEncoder(
            model: model,
            dialect: dialect,
            request: request,
            isStream: isStream,
            extraBody: extraBody,
            losses: RequestLosses(capabilities: dialect.capabilities, dropping: dropping)
        )
        return EncodedRequest(body: encoder.encode(), losses: encoder.losses.words)
    }

    func headers(key: String?) -> [HTTPHeader] { dialect.headers(key: key) }

    func decoder(for head: HTTPResponseHead) -> OpenAIDecoder {
        let cached = dialect.cachedTokensHeader.flatMap { name in
            head.headers.first { $0.name.lowercased() == name }.flatMap { Int($0.value) }
        }
        return OpenAIDecoder(cachedTokens: cached.map { min(max($0, 0), 1 << 53) })
    }
}

extension OpenAIDialect {
    /// The headers that carry the key, and that say what the body is.
    func headers(key: String?) -> [HTTPHeader] {
        var headers = [HTTPHeader("Content-Type", "application/json")]
        guard let key else { return headers }
        switch authentication {
        case .bearer: headers.append(HTTPHeader("Authorization", "Bearer \(key)"))
        case .header(let name): headers.append(HTTPHeader(name, key))
        }
        return headers
    }
}

extension Capabilities {
    /// What is left if parameters are dropped.
    func subtracting(_ parameters: Set<RequestParameter>) -> Capabilities {
        var rest = self
        // Without top-p alone, the temperature can still be set.
        for parameter in parameters where parameter != .topP { rest.subtract(parameter.capability) }
        return rest
    }
}
