extension VendorError {
    /// What an error without a status says by its names and words, if it is a refusal: asking again does not help.
    var refusal: LLMError.Code? {
        for name in codes {
            let name = name.lowercased()
            if Self.refusalNames.contains(name) || name.hasPrefix("invalidparameter") { return .invalidRequest }
        }
        guard let message = message?.lowercased() else { return nil }
        if Self.keyWordings.contains(where: message.contains) { return .authentication }
        return Self.refusalBeginnings.contains(where: message.hasPrefix) ? .invalidRequest : nil
    }

    private static let refusalNames: Set<String> = [
        "invalid_request_error", "invalidrequesterror", "invalid_request", "badrequesterror", "bad_request_error",
        "bad_request", "invalid_parameter", "invalid_parameter_error", "validation", "validation_error",
        "validationexception", "unprocessable_entity", "unprocessableentityerror", "invalid_argument",
    ]

    private static let keyWordings = ["invalid token", "invalid api key", "invalid api-key", "incorrect api key"]

    private static let refusalBeginnings = ["invalid ", "input validation error", "missing required", "unsupported "]
}
