extension VendorError {
    /// The class of the error, from the vendor's names for it and the HTTP status.
    ///
    /// Names come first, because statuses are shared: 429 is both a limit that passes and a quota that does not.
    func code(status: Int?) -> LLMError.Code {
        let status = self.status ?? status ?? 0
        // Too large for the whole allowance of a minute: waiting does not help, whatever the name says.
        if status == 413 { return .requestTooLarge }
        if isModeration { return .contentFiltered }
        for name in codes {
            if let code = Self.names[name.lowercased()] { return code }
            if name.hasPrefix("Throttling") { return .rateLimited }
        }
        if [200, 400, 422, 0].contains(status), isAboutContextLength { return .contextLength }
        if status < 400, codes.contains("invalid_request_error") { return .invalidRequest }
        return Self.code(ofStatus: status)
    }

    /// Several vendors have no name for this one, and a router needs to know it: a longer context may be had elsewhere.
    private var isAboutContextLength: Bool {
        guard let message = message?.lowercased() else { return false }
        return ["maximum context length", "prompt is too long", "context window", "context length", "context size"]
            .contains(where: message.contains)
    }

    /// The class of an error of which only the status is known.
    static func code(ofStatus status: Int) -> LLMError.Code {
        switch status {
        case 300..<400: .invalidConfiguration
        case 401: .authentication
        case 402: .quotaExhausted
        case 403: .permission
        case 404, 410: .notFound
        case 408, 504: .timeout
        case 409, 424, 425: .server
        case 413: .requestTooLarge
        case 429: .rateLimited
        case 498, 503, 529: .overloaded
        case 501, 505: .unsupported
        case 400..<500: .invalidRequest
        default: .server
        }
    }

    /// Names that mean the same at every vendor that uses them, in lower case.
    private static let names: [String: LLMError.Code] = [
        "insufficient_quota": .quotaExhausted,
        "billing_error": .quotaExhausted,
        "billing_not_active": .quotaExhausted,
        "billing_hard_limit_reached": .quotaExhausted,
        "enforced_spend_limit_reached": .quotaExhausted,
        "arrearage": .quotaExhausted,
        "context_length_exceeded": .contextLength,
        "exceed_context_size_error": .contextLength,
        "content_filter": .contentFiltered,
        "content_policy_violation": .contentFiltered,
        "responsibleaipolicyviolation": .contentFiltered,
        "datainspectionfailed": .contentFiltered,
        "data_inspection_failed": .contentFiltered,
        "rate_limit_exceeded": .rateLimited,
        "rate_limit_error": .rateLimited,
        "overloaded_error": .overloaded,
        "overloaded": .overloaded,
        "capacity_exceeded": .overloaded,
        "unavailable_error": .overloaded,
        "insufficient_system_resource": .overloaded,
        "model_not_found": .notFound,
        "not_found_error": .notFound,
        "invalid_api_key": .authentication,
        "authentication_error": .authentication,
        "permission_error": .permission,
        "request_too_large": .requestTooLarge,
        "api_error": .server,
        "server_error": .server,
        "internal_server_error": .server,
        "timeout_error": .timeout,
    ]
}
