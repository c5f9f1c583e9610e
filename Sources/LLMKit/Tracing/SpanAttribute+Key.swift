extension SpanAttribute {
    /// The name of an attribute.
    ///
    /// All names that LLMKit writes stand in this one table.
    ///
    /// `gen_ai.*` and `server.*` are those of OpenTelemetry's semantic conventions 1.41.1 (status: development);
    /// `llmkit.*` covers what they have no name for: cost, routing, caches, callers.
    public struct Key: Hashable, Sendable, CustomStringConvertible {
        public let description: String
        public init(_ name: String) { description = name }
    }
}

extension SpanAttribute.Key {
    public static let operation = Self("gen_ai.operation.name")
    public static let provider = Self("gen_ai.provider.name")
    public static let requestModel = Self("gen_ai.request.model")
    public static let responseModel = Self("gen_ai.response.model")
    public static let responseID = Self("gen_ai.response.id")
    public static let finishReasons = Self("gen_ai.response.finish_reasons")
    public static let isStream = Self("gen_ai.request.stream")
    public static let timeToFirstChunk = Self("gen_ai.response.time_to_first_chunk")
    public static let temperature = Self("gen_ai.request.temperature")
    public static let topP = Self("gen_ai.request.top_p")
    public static let maxTokens = Self("gen_ai.request.max_tokens")
    public static let seed = Self("gen_ai.request.seed")
    public static let stopSequences = Self("gen_ai.request.stop_sequences")
    public static let conversation = Self("gen_ai.conversation.id")
    public static let outputType = Self("gen_ai.output.type")
    /// All input, cached parts included, as the conventions ask.
    public static let inputTokens = Self("gen_ai.usage.input_tokens")
    public static let cacheReadTokens = Self("gen_ai.usage.cache_read.input_tokens")
    public static let cacheWriteTokens = Self("gen_ai.usage.cache_creation.input_tokens")
    public static let outputTokens = Self("gen_ai.usage.output_tokens")
    public static let reasoningTokens = Self("gen_ai.usage.reasoning.output_tokens")
    public static let serverAddress = Self("server.address")
    public static let serverPort = Self("server.port")
    public static let errorType = Self("error.type")

    public static let model = Self("llmkit.model")
    public static let cost = Self("llmkit.cost.usd")
    /// What the vendor's support asks for.
    public static let vendorRequestID = Self("llmkit.vendor.request_id")
    public static let priceVersion = Self("llmkit.pricing.version")
    public static let isEstimated = Self("llmkit.usage.estimated")
    public static let route = Self("llmkit.route.label")
    /// What decided on the route, its version, the probability of the choice, and what it found out about each model.
    public static let routePolicy = Self("llmkit.route.policy")
    public static let routeVersion = Self("llmkit.route.version")
    public static let routePropensity = Self("llmkit.route.propensity")
    public static func routeScore(_ model: ModelName) -> Self { Self("llmkit.route.score.\(model)") }
    public static let tier = Self("llmkit.cascade.step")
    public static let confidence = Self("llmkit.cascade.confidence")
    /// What the parts of a confidence said, and which of them failed.
    public static func confidencePart(_ part: String) -> Self { Self("llmkit.cascade.confidence.\(part)") }
    public static let confidenceFailures = Self("llmkit.cascade.confidence.failures")
    /// Our id of the request, as in the ledger.
    public static let requestID = Self("llmkit.request.id")
    /// Why the upstream was asked, what the money counts as, which attempt of its call it was, and whether it left.
    public static let purpose = Self("llmkit.attempt.purpose")
    public static let kind = Self("llmkit.attempt.kind")
    public static let ordinal = Self("llmkit.attempt.ordinal")
    public static let isSent = Self("llmkit.attempt.sent")
    public static let cacheTier = Self("llmkit.cache.tier")
    /// The entry of a semantic cache that answered, how alike the questions were, and what decided.
    public static let cacheEntry = Self("llmkit.cache.entry")
    public static let cacheSimilarity = Self("llmkit.cache.similarity")
    public static let cacheScore = Self("llmkit.cache.score")
    public static let cacheThreshold = Self("llmkit.cache.threshold")
    public static let attempts = Self("llmkit.attempts")
    public static let losses = Self("llmkit.request.losses")
    public static let tenant = Self("llmkit.tenant")
    public static let feature = Self("llmkit.feature")
}

/// The names of the spans that LLMKit records.
enum SpanName {
    static let request = "llmkit.complete"
    static let cacheLookup = "llmkit.cache.lookup"
    static let cacheStore = "llmkit.cache.store"
    static let route = "llmkit.route"
    static let judgement = "llmkit.judge"
    /// The operation of a model call; its span is called `chat <model>`.
    static let chat = "chat"
    static let embeddings = "embeddings"
}
