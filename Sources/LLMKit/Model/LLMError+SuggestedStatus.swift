extension LLMError {
    /// The HTTP status with which a server may tell its own client of this error.
    ///
    /// The upstream's status is ``status``: that of a call which the client has not made, and must not be handed on. A key
    /// that a vendor refuses is the server's trouble, not the client's, so it is a 500 here.
    ///
    /// | status | codes |
    /// |---|---|
    /// | 400 | `invalidRequest`, `contextLength`, `unsupported` |
    /// | 413 | `requestTooLarge` |
    /// | 422 | `contentFiltered`, `refused`, `invalidAnswer` |
    /// | 429 | `rateLimited`, `quotaExhausted`, `overBudget`: with ``retryAfter`` as `Retry-After`, if it is there |
    /// | 499 | `cancelled`: the client has left, and reads no status; the number that logs know from nginx |
    /// | 500 | `invalidConfiguration`, `noSuchModel`, `authentication`, `permission`, `notFound`, `storage`, `unknown`, and codes of the app's own |
    /// | 502 | `server`, `network`, `truncated`, `malformedResponse`, `responseTooLarge`, `attemptsExhausted` |
    /// | 503 | `overloaded`, `shuttingDown` |
    /// | 504 | `timeout` |
    public var suggestedStatus: Int {
        switch code {
        case .invalidRequest, .contextLength, .unsupported: 400
        case .requestTooLarge: 413
        case .contentFiltered, .refused, .invalidAnswer: 422
        case .rateLimited, .quotaExhausted, .overBudget: 429
        case .cancelled: 499
        case .server, .network, .truncated, .malformedResponse, .responseTooLarge, .attemptsExhausted: 502
        case .overloaded, .shuttingDown: 503
        case .timeout: 504
        case .invalidConfiguration, .noSuchModel, .authentication, .permission, .notFound, .storage, .unknown, .other:
            500
        }
    }
}
