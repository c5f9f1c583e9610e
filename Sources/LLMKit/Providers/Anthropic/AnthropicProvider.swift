/// A Claude model behind Anthropic's Messages API.
///
/// ```swift
/// ChatModel("large", .anthropic("claude-sonnet-4-5"))
/// ```
///
/// Thinking blocks keep their signature and go back unchanged, so tool turns with thinking work. What the API cannot
/// express (seeds, log-probabilities) is reported in ``ChatResponse/losses``. Streams end with ``StreamEvent/end(_:)``
/// only if the vendor's `message_stop` arrived.
public struct AnthropicProvider: ModelProvider {
    public var info: ProviderInfo { client.info }
    let client: ChatClient<AnthropicFormat>

    /// - Parameters:
    ///   - model: the vendor's id of the model.
    ///   - key: where the key comes from.
    ///   - baseURL: the address up to `/v1/messages`.
    ///   - version: the API version to ask for. From `2026-10-21` on, sampling parameters are gone: they are left out,
    ///     and reported as losses.
    ///   - thinking: `nil` leaves it to the model's default; a ``ReasoningEffort/none`` in a request disables it, and so
    ///     does a tool choice that demands a call. Sampling that excludes thinking is left out, a budget that leaves no
    ///     room below a request's limit is lowered; each is reported as a loss.
    ///   - maxOutputTokens: the limit of requests that set none: the API demands one. A thinking budget is added to it.
    ///   - dropping: parameters that this model refuses: they are left out, and reported as losses where requests set
    ///     them.
    ///   - headers: sent with every call, such as `anthropic-beta`.
    ///   - extraBody: a JSON object whose members are added to every body, such as
    ///     `{"cache_control":{"type":"ephemeral"}}` for prompt caching. It may not repeat what requests write themselves.
    ///   - client: whose connections are used.
    public init(
        model: String,
        key: APIKey = .environment("ANTHROPIC_API_KEY"),
        baseURL: String = "https://api.anthropic.com",
        version: String = "2023-06-01",
        thinking: AnthropicThinking? = nil,
        maxOutputTokens: Int = 4_096,
        dropping: Set<RequestParameter> = [],
        headers: [String: String] = [:],
        extraBody: JSONText? = nil,
        client: HTTPClient = .shared
    ) {
        let format = AnthropicFormat(
            model: model,
            version: version,
            thinking: thinking,
            maxOutputTokens: maxOutputTokens,
            dropping: dropping,
            extraBody: extraBody
        )
        let vendor = VendorClient(
            vendor: format.vendor,
            model: model,
            errorNames: format.errorNames,
            baseURL: baseURL,
            path: AnthropicFormat.path,
            signer: KeySigner(key, as: .header("x-api-key"), vendor: format.vendor),
            headers: headers,
            client: client
        )
        let info = ProviderInfo(
            vendor: "anthropic",
            dialect: AnthropicFormat.wireFormat,
            modelID: model,
            endpoint: vendor.endpoint,
            capabilities: format.capabilities.subtracting(dropping),
            settings: format.settings + vendor.settings,
            transport: vendor.transport
        )
        self.client = ChatClient(format: format, vendor: vendor, info: info)
    }

    /// - Throws: ``LLMError`` with code `invalidConfiguration` for a malformed address, version, header or extra body,
    ///   an extra body that repeats what requests write themselves, an empty model id, or a limit or
    ///   budget below what the API takes.
    public func validate() throws(LLMError) {
        try client.vendor.validate()
        try client.format.validate()
    }

    /// - Throws: ``LLMError`` with code `invalidConfiguration` for a missing or malformed key.
    public func preflight() async throws(LLMError) { try await client.vendor.preflight() }

    public func respond(to request: ChatRequest) async throws -> ChatResponse { try await client.respond(to: request) }

    public func stream(_ request: ChatRequest) async throws -> ResponseStream { try await client.stream(request) }
}

extension ModelProvider where Self == AnthropicProvider {
    /// Anthropic; the key comes from `ANTHROPIC_API_KEY`.
    /// - Parameters:
    ///   - model: Anthropic's id of the model.
    ///   - baseURL: the address up to `/v1/messages`: Anthropic's own, or that of a proxy that passes everything on to it.
    ///   - key: `ANTHROPIC_API_KEY` of the environment unless another is given.
    ///   - thinking: whether, and within which budget, the model thinks.
    ///   - maxOutputTokens: where requests set no limit; the API wants one.
    ///   - dropping: parameters that this model refuses.
    ///   - client: whose connections, proxy and certificates are used.
    public static func anthropic(
        _ model: String,
        at baseURL: String = "https://api.anthropic.com",
        key: APIKey = .environment("ANTHROPIC_API_KEY"),
        thinking: AnthropicThinking? = nil,
        maxOutputTokens: Int = 4_096,
        dropping: Set<RequestParameter> = [],
        client: HTTPClient = .shared
    ) -> AnthropicProvider {
        AnthropicProvider(
            model: model,
            key: key,
            baseURL: baseURL,
            thinking: thinking,
            maxOutputTokens: maxOutputTokens,
            dropping: dropping,
            client: client
        )
    }
}
