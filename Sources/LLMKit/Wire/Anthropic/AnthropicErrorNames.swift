extension ErrorNames {
    /// The values of `error.type` and `details.error_code` in the Messages API.
    static let anthropic = ErrorNames([
        "billing_error": .quotaExhausted,
        "enforced_spend_limit_reached": .quotaExhausted,
        "rate_limit_error": .rateLimited,
        "overloaded_error": .overloaded,
        "not_found_error": .notFound,
        "authentication_error": .authentication,
        "permission_error": .permission,
        "request_too_large": .requestTooLarge,
        "api_error": .server,
        "timeout_error": .timeout,
    ]).adding(miniMax)
}
