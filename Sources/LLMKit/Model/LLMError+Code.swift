extension LLMError {
    /// What kind of failure it was.
    ///
    /// An open set: new codes may appear in minor releases, so a `switch` over them needs a default.
    #if hasAttribute(nonexhaustive)
    @nonexhaustive
    #endif
    public enum Code: Hashable, Sendable {
        // The caller's mistakes.
        case invalidRequest, invalidConfiguration, noSuchModel, authentication, permission, notFound
        case requestTooLarge, contextLength, unsupported

        // Limits.
        case rateLimited, quotaExhausted, overBudget
        /// Every upstream attempt that the request was allowed is used up.
        case attemptsExhausted

        // The upstream's troubles.
        case overloaded, server, network, timeout, truncated
        case malformedResponse, responseTooLarge, contentFiltered

        // The rest.
        /// The answer does not decode as the type that was asked for. ``LLMError/cause`` holds the raw text.
        case invalidAnswer
        /// The model declined to answer where a typed answer was asked for.
        case refused
        /// Who asked has left, or its task was cancelled.
        case cancelled
        /// The pipeline takes no more requests, or has ended this one: it is drained or shut down.
        case shuttingDown
        case storage, unknown

        /// A kind of the app's own, or one that a later version has written to the ledger.
        ///
        /// Whether trying again may help is for ``LLMError/shouldRetry`` to say.
        case other(String)
    }
}

extension LLMError.Code: CustomStringConvertible {
    /// The name in ledgers, spans and messages, such as `rate_limited`: low in cardinality.
    public var description: String {
        switch self {
        case .invalidRequest: "invalid_request"
        case .invalidConfiguration: "invalid_configuration"
        case .noSuchModel: "no_such_model"
        case .authentication: "authentication"
        case .permission: "permission"
        case .notFound: "not_found"
        case .requestTooLarge: "request_too_large"
        case .contextLength: "context_length"
        case .unsupported: "unsupported"
        case .rateLimited: "rate_limited"
        case .quotaExhausted: "quota_exhausted"
        case .overBudget: "over_budget"
        case .attemptsExhausted: "attempts_exhausted"
        case .overloaded: "overloaded"
        case .server: "server"
        case .network: "network"
        case .timeout: "timeout"
        case .truncated: "truncated"
        case .malformedResponse: "malformed_response"
        case .responseTooLarge: "response_too_large"
        case .contentFiltered: "content_filtered"
        case .invalidAnswer: "invalid_answer"
        case .refused: "refused"
        case .cancelled: "cancelled"
        case .shuttingDown: "shutting_down"
        case .storage: "storage"
        case .unknown: "unknown"
        case .other(let name): name
        }
    }

    /// Whether failures of this kind tend to pass by themselves.
    package var isTransient: Bool {
        switch self {
        case .rateLimited, .overloaded, .server, .network, .timeout, .truncated: true
        default: false
        }
    }

    /// The code of that name, as a ledger keeps it; ``other(_:)`` for a name of the app's own.
    public init(_ name: String) { self = Self.known[name] ?? .other(name) }

    private static let known = Dictionary(
        uniqueKeysWithValues: [
            Self.invalidRequest, .invalidConfiguration, .noSuchModel, .authentication, .permission, .notFound,
            .requestTooLarge, .contextLength, .unsupported, .rateLimited, .quotaExhausted, .overBudget,
            .attemptsExhausted, .overloaded, .server, .network, .timeout, .truncated, .malformedResponse,
            .responseTooLarge, .contentFiltered, .invalidAnswer, .refused, .cancelled, .shuttingDown, .storage,
            .unknown,
        ].map { ($0.description, $0) }
    )
}
