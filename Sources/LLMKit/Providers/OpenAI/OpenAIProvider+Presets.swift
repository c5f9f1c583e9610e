/// Leading-dot names for the known vendors, so that `ChatModel("small", .openAI("gpt-4o-mini"))` is all it takes.
extension ModelProvider where Self == OpenAIProvider {
    /// OpenAI; the key comes from `OPENAI_API_KEY`.
    /// - Parameters:
    ///   - model: OpenAI's id of the model.
    ///   - baseURL: another address of OpenAI's, or of a proxy that passes everything on to it, up to `/chat/completions`; `nil`
    ///     is OpenAI's own. Its answers have OpenAI's prices: for servers that only speak the same language there is
    ///     ``openAICompatible(_:at:key:dialect:dropping:client:)``.
    ///   - key: `nil` takes it from `OPENAI_API_KEY`.
    ///   - dropping: parameters that this model refuses.
    ///   - client: whose connections, proxy and certificates are used.
    public static func openAI(
        _ model: String,
        at baseURL: String? = nil,
        key: APIKey? = nil,
        dropping: Set<RequestParameter> = [],
        client: HTTPClient = .shared
    ) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, baseURL: baseURL, dropping: dropping, client: client)
    }

    /// A server that speaks Chat Completions.
    /// - Parameters:
    ///   - model: the server's id of the model.
    ///   - baseURL: the address up to `/chat/completions`.
    ///   - key: none by default, as local servers want none.
    ///   - dialect: what the server does differently.
    ///   - dropping: parameters that this model refuses.
    ///   - client: whose connections, proxy and certificates are used.
    public static func openAICompatible(
        _ model: String,
        at baseURL: String,
        key: APIKey? = nil,
        dialect: OpenAIDialect = .compatible,
        dropping: Set<RequestParameter> = [],
        client: HTTPClient = .shared
    ) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, baseURL: baseURL, dialect: dialect, dropping: dropping, client: client)
    }

    /// Azure OpenAI; the key comes from `AZURE_OPENAI_API_KEY`.
    /// - Parameters:
    ///   - deployment: what the deployment is called, which is Azure's model id.
    ///   - resource: the first word of the resource's host name.
    ///   - apiVersion: such as `2024-10-21`, for the older addresses by deployment; `nil` uses the `v1` ones.
    ///   - key: `nil` takes it from `AZURE_OPENAI_API_KEY`.
    ///   - entraToken: a token of Microsoft Entra ID, for resources that take no keys; `key` is then not used. It is
    ///     asked for at every call, so that an expired one can be replaced: `APIKey { try await identity.token() }`.
    ///   - dropping: parameters that this model refuses.
    ///   - client: whose connections, proxy and certificates are used.
    public static func azureOpenAI(
        _ deployment: String,
        resource: String,
        apiVersion: String? = nil,
        key: APIKey? = nil,
        entraToken: APIKey? = nil,
        dropping: Set<RequestParameter> = [],
        client: HTTPClient = .shared
    ) -> OpenAIProvider {
        // What is no part of a host name is refused as such, rather than taken for the beginning of a path.
        let host = "https://\(Endpoint.percentEncoded(resource)).openai.azure.com/openai"
        let baseURL =
            apiVersion.map { version in
                let path = Endpoint.percentEncoded(deployment)
                return "\(host)/deployments/\(path)?api-version=\(Endpoint.percentEncoded(version))"
            } ?? "\(host)/v1"
        let dialect = OpenAIDialect.azureOpenAI.with { if entraToken != nil { $0.authentication = .bearer } }
        return OpenAIProvider(
            model: deployment,
            key: entraToken ?? key,
            baseURL: baseURL,
            dialect: dialect,
            dropping: dropping,
            client: client
        )
    }

    /// DeepSeek; the key comes from `DEEPSEEK_API_KEY`.
    public static func deepSeek(_ model: String, key: APIKey? = nil, client: HTTPClient = .shared) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, dialect: .deepSeek, client: client)
    }

    /// Mistral; the key comes from `MISTRAL_API_KEY`.
    public static func mistral(_ model: String, key: APIKey? = nil, client: HTTPClient = .shared) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, dialect: .mistral, client: client)
    }

    /// Groq; the key comes from `GROQ_API_KEY`.
    public static func groq(_ model: String, key: APIKey? = nil, client: HTTPClient = .shared) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, dialect: .groq, client: client)
    }

    /// Together AI; the key comes from `TOGETHER_API_KEY`.
    public static func together(_ model: String, key: APIKey? = nil, client: HTTPClient = .shared) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, dialect: .together, client: client)
    }

    /// Fireworks AI; the key comes from `FIREWORKS_API_KEY`.
    public static func fireworks(_ model: String, key: APIKey? = nil, client: HTTPClient = .shared) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, dialect: .fireworks, client: client)
    }

    /// OpenRouter, whose models are called `vendor/name`; the key comes from `OPENROUTER_API_KEY`.
    ///
    /// The extra body takes routing wishes such as `{"provider":{"data_collection":"deny"}}`.
    public static func openRouter(
        _ model: String,
        key: APIKey? = nil,
        extraBody: JSONText? = nil,
        client: HTTPClient = .shared
    ) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, dialect: .openRouter, extraBody: extraBody, client: client)
    }

    /// xAI; the key comes from `XAI_API_KEY`.
    public static func xAI(
        _ model: String,
        key: APIKey? = nil,
        dropping: Set<RequestParameter> = [],
        client: HTTPClient = .shared
    ) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, dialect: .xAI, dropping: dropping, client: client)
    }

    /// Alibaba's DashScope (Qwen); the key comes from `DASHSCOPE_API_KEY`.
    ///
    /// Its base URL is the international one unless another region's is given.
    public static func dashScope(
        _ model: String,
        at baseURL: String? = nil,
        key: APIKey? = nil,
        client: HTTPClient = .shared
    ) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, baseURL: baseURL, dialect: .dashScope, client: client)
    }

    /// A vLLM server.
    public static func vLLM(
        _ model: String,
        at baseURL: String? = nil,
        key: APIKey? = nil,
        client: HTTPClient = .shared
    ) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, baseURL: baseURL, dialect: .vLLM, client: client)
    }

    /// A Text Generation Inference server, which serves one model under any name.
    public static func tgi(
        _ model: String = "tgi",
        at baseURL: String? = nil,
        key: APIKey? = nil,
        client: HTTPClient = .shared
    ) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, baseURL: baseURL, dialect: .tgi, client: client)
    }

    /// A llama.cpp server, which may serve one model under any name.
    public static func llamaCpp(
        _ model: String = "default",
        at baseURL: String? = nil,
        key: APIKey? = nil,
        client: HTTPClient = .shared
    ) -> OpenAIProvider {
        OpenAIProvider(model: model, key: key, baseURL: baseURL, dialect: .llamaCpp, client: client)
    }

    /// A model of an Ollama server, through its compatible endpoint.
    public static func ollama(
        _ model: String,
        at baseURL: String? = nil,
        client: HTTPClient = .shared
    ) -> OpenAIProvider {
        OpenAIProvider(model: model, baseURL: baseURL, dialect: .ollama, client: client)
    }
}
