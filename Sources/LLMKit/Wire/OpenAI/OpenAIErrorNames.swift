/// The names for errors in Chat Completions, and what the vendors that speak it add.
extension ErrorNames {
    static let openAI = ErrorNames([
        "insufficient_quota": .quotaExhausted,
        "billing_not_active": .quotaExhausted,
        "billing_hard_limit_reached": .quotaExhausted,
        "context_length_exceeded": .contextLength,
        "content_filter": .contentFiltered,
        "content_policy_violation": .contentFiltered,
        "rate_limit_exceeded": .rateLimited,
        "rate_limit_error": .rateLimited,
        "rate_limit_reached_error": .rateLimited,
        "ratelimiterror": .rateLimited,
        "rate_limited": .rateLimited,
        "too_many_requests": .rateLimited,
        "limit_requests": .rateLimited,
        "limit_burst_rate": .rateLimited,
        "throttling_error": .rateLimited,
        "throttlingexception": .rateLimited,
        "overloaded": .overloaded,
        "overloaded_error": .overloaded,
        "engine_overloaded_error": .overloaded,
        "model_not_found": .notFound,
        "not_found_error": .notFound,
        "invalid_api_key": .authentication,
        "invalidapikey": .authentication,
        "authentication_error": .authentication,
        "authenticationerror": .authentication,
        "invalid_authentication_error": .authentication,
        "permission_error": .permission,
        "api_error": .server,
        "server_error": .server,
        "internal_server_error": .server,
    ])

    /// MiniMax's numbers, which stand in an object of its own.
    static let miniMax = ErrorNames([
        "base_resp_1001": .timeout,
        "base_resp_1002": .rateLimited,
        "base_resp_1004": .authentication,
        "base_resp_1008": .quotaExhausted,
        "base_resp_1026": .contentFiltered,
        "base_resp_1027": .contentFiltered,
        "base_resp_1039": .rateLimited,
        "base_resp_2013": .invalidRequest,
        "base_resp_2049": .authentication,
    ])

    static let azureOpenAI = openAI.adding(ErrorNames(["responsibleaipolicyviolation": .contentFiltered]))

    static let deepSeek = openAI.adding(ErrorNames(["insufficient_system_resource": .overloaded]))

    static let groq = openAI.adding(ErrorNames(["capacity_exceeded": .overloaded]))

    static let llamaCpp = openAI.adding(
        ErrorNames([
            "exceed_context_size_error": .contextLength,
            "unavailable_error": .overloaded,
        ])
    )

    static let dashScope = openAI.adding(
        ErrorNames(
            [
                "arrearage": .quotaExhausted,
                "datainspectionfailed": .contentFiltered,
                "data_inspection_failed": .contentFiltered,
            ],
            prefixes: ["throttling": .rateLimited]
        )
    )

    /// For servers that nobody knows, and gateways that pass on what their upstream said: all names there are, as no two
    /// formats use one of them for different things.
    static let anyVendor = [azureOpenAI, deepSeek, groq, llamaCpp, dashScope, anthropic, miniMax].reduce(openAI) {
        $0.adding($1)
    }
}
