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
        "overloaded": .overloaded,
        "model_not_found": .notFound,
        "invalid_api_key": .authentication,
        "api_error": .server,
        "server_error": .server,
        "internal_server_error": .server,
    ])

    static let azureOpenAI = openAI.adding(ErrorNames(["responsibleaipolicyviolation": .contentFiltered]))

    static let deepSeek = openAI.adding(ErrorNames(["insufficient_system_resource": .overloaded]))

    static let groq = openAI.adding(ErrorNames(["capacity_exceeded": .overloaded]))

    static let llamaCpp = openAI.adding(
        ErrorNames([
            "exceed_context_size_error": .contextLength,
            "unavailable_error": .overloaded,
            "authentication_error": .authentication,
            "permission_error": .permission,
            "not_found_error": .notFound,
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
    static let anyVendor = [azureOpenAI, deepSeek, groq, llamaCpp, dashScope, anthropic].reduce(openAI) {
        $0.adding($1)
    }
}
