/// Chat Completions as its servers read and write it.
package struct OpenAIService: WireService {
    /// How requests are written.
    let dialect: OpenAIDialect
    /// When answers say they were made, in seconds since 1970.
    let created: Int

    package init(dialect: OpenAIDialect = .compatible, created: Int) {
        self.dialect = dialect
        self.created = created
    }

    package func decodeRequest(_ body: [UInt8]) throws(WireError) -> DecodedRequest {
        try OpenAIRequestDecoder.decode(body, dialect)
    }

    package func encodeAnswer(_ response: ChatResponse) -> [UInt8] {
        OpenAIAnswerEncoder(created: created).encode(response)
    }

    /// Writes several answers to one request.
    /// - Parameter alternatives: all but the first; the usage of `response` is that of all.
    package func encodeAnswer(_ response: ChatResponse, alternatives: [ChatResponse]) -> [UInt8] {
        OpenAIAnswerEncoder(created: created).encode(response, alternatives: alternatives)
    }

    package func stream(answering request: DecodedRequest, id: String, model: String) -> OpenAIStreamEncoder {
        OpenAIStreamEncoder(id: id, model: model, created: created, tellsUsage: request.wantsUsage)
    }

    package func encodeError(_ error: WireError, requestID: String?) -> EncodedError {
        let spelling = Self.spelling(of: error.code)
        return EncodedError(
            status: spelling.status,
            body: Self.body(of: error, spelling),
            retryAfter: error.retryAfter
        )
    }

    static func body(of error: WireError, _ spelling: ErrorSpelling) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key("error")
            json.object { json in
                json.key("message")
                json.string(error.message)
                json.key("type")
                json.string(spelling.type)
                json.key("param")
                json.stringOrNull(error.parameter)
                json.key("code")
                json.stringOrNull(error.name ?? spelling.name)
            }
        }
        return json.bytes
    }

    /// How the API spells each class of errors. Troubles of an upstream further on are a bad gateway.
    static func spelling(of code: LLMError.Code) -> ErrorSpelling {
        switch code {
        case .invalidRequest, .unsupported, .invalidAnswer: ErrorSpelling(400, "invalid_request_error")
        case .contextLength: ErrorSpelling(400, "invalid_request_error", "context_length_exceeded")
        case .contentFiltered: ErrorSpelling(400, "invalid_request_error", "content_policy_violation")
        case .authentication: ErrorSpelling(401, "invalid_request_error", "invalid_api_key")
        case .permission: ErrorSpelling(403, "invalid_request_error")
        case .notFound, .noSuchModel: ErrorSpelling(404, "invalid_request_error", "model_not_found")
        case .requestTooLarge: ErrorSpelling(413, "invalid_request_error")
        case .rateLimited: ErrorSpelling(429, "requests", "rate_limit_exceeded")
        case .quotaExhausted, .overBudget: ErrorSpelling(429, "insufficient_quota", "insufficient_quota")
        case .cancelled: ErrorSpelling(499, "invalid_request_error")
        case .network, .malformedResponse, .truncated, .responseTooLarge: ErrorSpelling(502, "server_error")
        case .overloaded, .shuttingDown: ErrorSpelling(503, "server_error", "overloaded")
        case .timeout: ErrorSpelling(504, "timeout_error")
        default: ErrorSpelling(500, "server_error")
        }
    }
}

extension JSONWriter {
    mutating func stringOrNull(_ text: String?) {
        if let text { string(text) } else { null() }
    }
}
