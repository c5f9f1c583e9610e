/// A model behind OpenAI's Chat Completions, or behind one of the many servers that speak the same.
///
/// ```swift
/// ChatModel("small", .openAI("gpt-4o-mini"))
/// ChatModel("local", .vLLM("qwen3-8b", at: "http://gpu-1:8000/v1"))
/// ```
///
/// What the vendor cannot express is reported in ``ChatResponse/losses``, or is an error where leaving it out would
/// change what was asked. Streams end with ``StreamEvent/end(_:)`` only if the vendor's `[DONE]` arrived.
public struct OpenAIProvider: ModelProvider {
    public var info: ProviderInfo { client.info }
    let client: ChatClient<OpenAIFormat>

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
        let format = OpenAIFormat(model: model, dialect: dialect, dropping: dropping, extraBody: extraBody)
        let vendor = VendorClient(
            vendor: dialect.name,
            model: model,
            errorNames: dialect.errorNames,
            baseURL: baseURL ?? dialect.baseURL,
            path: OpenAIFormat.path,
            signer: dialect.signer(key),
            headers: headers,
            client: client
        )
        let info = ProviderInfo(
            vendor: dialect.vendor,
            dialect: OpenAIDialect.wireFormat,
            modelID: model,
            endpoint: vendor.endpoint,
            capabilities: dialect.capabilities.subtracting(dropping.union(dialect.rules.refused(by: model))),
            settings: format.settings + vendor.settings,
            transport: vendor.transport
        )
        self.client = ChatClient(format: format, vendor: vendor, info: info)
    }

    /// - Throws: ``LLMError`` with code `invalidConfiguration` for a malformed address, header or extra body, an extra
    ///   body that repeats what requests write themselves, or an empty model id.
    public func validate() throws(LLMError) {
        try client.vendor.validate()
        try client.format.extraBody.checkExtraBody(of: client.format.vendor, written: client.format.writtenMembers)
    }

    /// - Throws: ``LLMError`` with code `invalidConfiguration` for a missing or malformed key.
    public func preflight() async throws(LLMError) { try await client.vendor.preflight() }

    public func respond(to request: ChatRequest) async throws -> ChatResponse { try await client.respond(to: request) }

    public func stream(_ request: ChatRequest) async throws -> ResponseStream { try await client.stream(request) }
}

extension OpenAIDialect {
    /// Sends the key where this vendor wants it.
    /// - Parameter key: `nil` takes it from the ``keyVariable``, if there is one.
    func signer(_ key: APIKey?) -> KeySigner {
        let placement: KeySigner.Placement =
            switch authentication {
            case .bearer: .bearer
            case .header(let name): .header(name)
            }
        let key = key ?? keyVariable.map { .environment($0) } ?? .notNeeded
        return KeySigner(key, as: placement, vendor: name)
    }
}
