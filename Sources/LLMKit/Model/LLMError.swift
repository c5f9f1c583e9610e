/// The one error a pipeline throws: what failed, whether trying again may help, and why.
public struct LLMError: Error, Sendable {
    public var code: Code
    /// What was wrong, where, and what to do about it.
    ///
    /// Holds no key, and of the vendor's own words at most 300 characters, cleaned of what looks like one.
    public var message: String
    /// How long the upstream, or a limit, asks to wait.
    public var retryAfter: Duration?
    /// The upstream's HTTP status, if it answered at all.
    public var status: Int?
    /// The vendor's own name of the error, such as `overloaded_error`: low in cardinality, fit for metrics.
    public var vendorCode: String?
    /// The vendor's id of the failed request.
    public var vendorRequestID: String?
    /// What the upstream says about retrying (`x-should-retry`), which outranks what we would guess.
    public var shouldRetry: Bool?
    /// What the failed call had used when it failed: an interrupted stream is still billed.
    public var usage: Usage?
    public var cause: (any Error)?
    /// Whether the request left this machine; `nil` if nobody knows. What never left is not billed.
    var reachedUpstream: Bool?
    /// What a nested pipeline had paid by the time it failed.
    var spent: Money?

    public init(_ code: Code, _ message: String = "", retryAfter: Duration? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        self.cause = cause
    }

    /// Wraps whatever a provider, router or cache threw. An ``LLMError`` passes through unchanged.
    public init(wrapping error: any Error) {
        switch error {
        case let error as LLMError: self = error
        case is CancellationError: self.init(.cancelled, "the task was cancelled", cause: error)
        // Its text may quote a prompt: only its kind is told.
        default: self.init(.unknown, "an error of type \(type(of: error)); see its cause", cause: error)
        }
    }

    /// Whether another attempt may succeed.
    public var isRetryable: Bool { shouldRetry ?? code.isTransient }
}

extension LLMError {
    /// What kind of failure it was. An open set: new codes may appear in minor releases.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        public let description: String
        /// Whether failures of this kind tend to pass by themselves.
        public let isTransient: Bool

        public init(_ name: String, isTransient: Bool = false) {
            description = name
            self.isTransient = isTransient
        }

        public static func == (a: Code, b: Code) -> Bool { a.description == b.description }
        public func hash(into hasher: inout Hasher) { hasher.combine(description) }
    }
}

extension LLMError.Code {
    // The caller's mistakes.
    public static let invalidRequest = Self("invalid_request")
    public static let invalidConfiguration = Self("invalid_configuration")
    public static let noSuchModel = Self("no_such_model")
    public static let authentication = Self("authentication")
    public static let permission = Self("permission")
    public static let notFound = Self("not_found")
    public static let requestTooLarge = Self("request_too_large")
    public static let contextLength = Self("context_length")
    public static let unsupported = Self("unsupported")

    // Limits.
    public static let rateLimited = Self("rate_limited", isTransient: true)
    public static let quotaExhausted = Self("quota_exhausted")
    public static let overBudget = Self("over_budget")

    /// Every upstream attempt that the request was allowed is used up.
    public static let attemptsExhausted = Self("attempts_exhausted")

    // The upstream's troubles.
    public static let overloaded = Self("overloaded", isTransient: true)
    public static let server = Self("server", isTransient: true)
    public static let network = Self("network", isTransient: true)
    public static let timeout = Self("timeout", isTransient: true)
    public static let truncated = Self("truncated", isTransient: true)
    public static let malformedResponse = Self("malformed_response")
    public static let responseTooLarge = Self("response_too_large")
    public static let contentFiltered = Self("content_filtered")

    // The rest.
    /// The answer does not decode as the type that was asked for. ``LLMError/cause`` holds the raw text.
    public static let invalidAnswer = Self("invalid_answer")
    /// The model declined to answer where a typed answer was asked for.
    public static let refused = Self("refused")
    public static let cancelled = Self("cancelled")
    public static let storage = Self("storage")
    public static let unknown = Self("unknown")
}

extension LLMError: CustomStringConvertible {
    public var description: String { message.isEmpty ? "\(code)" : "\(code): \(message)" }
}
