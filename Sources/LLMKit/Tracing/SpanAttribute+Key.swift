extension SpanAttribute {
    /// The name of an attribute.
    ///
    /// All names that LLMKit writes stand in this one table, and in <doc:Writing-a-tracer>.
    ///
    /// `gen_ai.*` and `server.*` are those of OpenTelemetry's semantic conventions 1.41.1 (status: development);
    /// `llmkit.*` covers what they have no name for: cost, routing, caches, callers.
    ///
    /// ```swift
    /// let tier = span["llmkit.cache.tier"]
    /// ```
    public struct Key: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
        public let description: String
        public init(_ name: String) { description = name }
        public init(stringLiteral name: String) { self.init(name) }
    }
}

extension SpanAttribute.Key {
    package static let operation = Self("gen_ai.operation.name")
    package static let provider = Self("gen_ai.provider.name")
    package static let requestModel = Self("gen_ai.request.model")
    package static let responseModel = Self("gen_ai.response.model")
    package static let responseID = Self("gen_ai.response.id")
    package static let finishReasons = Self("gen_ai.response.finish_reasons")
    package static let isStream = Self("gen_ai.request.stream")
    package static let timeToFirstChunk = Self("gen_ai.response.time_to_first_chunk")
    package static let temperature = Self("gen_ai.request.temperature")
    package static let topP = Self("gen_ai.request.top_p")
    package static let maxTokens = Self("gen_ai.request.max_tokens")
    package static let seed = Self("gen_ai.request.seed")
    package static let stopSequences = Self("gen_ai.request.stop_sequences")
    package static let conversation = Self("gen_ai.conversation.id")
    package static let outputType = Self("gen_ai.output.type")
    /// All input, cached parts included, as the conventions ask.
    package static let inputTokens = Self("gen_ai.usage.input_tokens")
    package static let cacheReadTokens = Self("gen_ai.usage.cache_read.input_tokens")
    package static let cacheWriteTokens = Self("gen_ai.usage.cache_creation.input_tokens")
    package static let outputTokens = Self("gen_ai.usage.output_tokens")
    package static let reasoningTokens = Self("gen_ai.usage.reasoning.output_tokens")
    package static let serverAddress = Self("server.address")
    package static let serverPort = Self("server.port")
    package static let errorType = Self("error.type")

    package static let model = Self("llmkit.model")
    package static let cost = Self("llmkit.cost.usd")
    /// What the vendor's support asks for.
    package static let vendorRequestID = Self("llmkit.vendor.request_id")
    package static let priceVersion = Self("llmkit.pricing.version")
    package static let isEstimated = Self("llmkit.usage.estimated")
    package static let route = Self("llmkit.route.label")
    /// What decided on the route, its version, the probability of the choice, and what it found out about each model.
    package static let routePolicy = Self("llmkit.route.policy")
    package static let routeVersion = Self("llmkit.route.version")
    package static let routePropensity = Self("llmkit.route.propensity")
    package static func routeScore(_ model: ModelName) -> Self { Self("llmkit.route.score.\(model)") }
    package static let tier = Self("llmkit.cascade.step")
    package static let confidence = Self("llmkit.cascade.confidence")
    /// What the parts of a confidence said, and which of them failed.
    package static func confidencePart(_ part: String) -> Self { Self("llmkit.cascade.confidence.\(part)") }
    package static let confidenceFailures = Self("llmkit.cascade.confidence.failures")
    /// Our id of the request, as in the ledger.
    package static let requestID = Self("llmkit.request.id")
    /// Why the upstream was asked, what the money counts as, which attempt of its call it was, and whether it left.
    package static let purpose = Self("llmkit.attempt.purpose")
    package static let kind = Self("llmkit.attempt.kind")
    package static let ordinal = Self("llmkit.attempt.ordinal")
    package static let isSent = Self("llmkit.attempt.sent")
    package static let cacheTier = Self("llmkit.cache.tier")
    /// The entry of a semantic cache that answered, how alike the questions were, and what decided.
    package static let cacheEntry = Self("llmkit.cache.entry")
    package static let cacheSimilarity = Self("llmkit.cache.similarity")
    package static let cacheScore = Self("llmkit.cache.score")
    package static let cacheThreshold = Self("llmkit.cache.threshold")
    package static let attempts = Self("llmkit.attempts")
    package static let losses = Self("llmkit.request.losses")
    package static let tenant = Self("llmkit.tenant")
    package static let feature = Self("llmkit.feature")
    /// Users and tags, where the pipeline may tell them: see ``CallerInSpans``.
    package static let user = Self("user.id")
    package static let userHash = Self("user.hash")
    package static func tag(_ name: String) -> Self { Self("llmkit.tag.\(name)") }
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
