/// The Messages API as its servers read and write it.
package struct AnthropicService: WireService {
    /// The API version that the sender asks for in `anthropic-version`.
    let version: String

    package init(version: String = "2023-06-01") { self.version = version }

    package func decodeRequest(_ body: [UInt8]) throws(WireError) -> DecodedRequest {
        try AnthropicRequestDecoder.decode(body, version: version, countsOnly: false)
    }

    /// Reads the body of a request to count tokens, which needs no limit on output.
    package func decodeCount(_ body: [UInt8]) throws(WireError) -> DecodedRequest {
        try AnthropicRequestDecoder.decode(body, version: version, countsOnly: true)
    }

    package func encodeAnswer(_ response: ChatResponse) -> [UInt8] { AnthropicAnswerEncoder.encode(response) }

    /// Writes a whole answer that a text of the sender's ended.
    /// - Parameter stopSequence: that text; `nil` if the answer ended otherwise.
    package func encodeAnswer(_ response: ChatResponse, stopSequence: String?) -> [UInt8] {
        AnthropicAnswerEncoder.encode(response, stopSequence: stopSequence)
    }

    package func stream(answering request: DecodedRequest, id: String, model: String) -> AnthropicStreamEncoder {
        AnthropicStreamEncoder(id: id, model: model)
    }

    package func encodeError(_ error: WireError, requestID: String?) -> EncodedError {
        let spelling = Self.spelling(of: error.code)
        let body = Self.body(of: error, spelling, requestID: requestID)
        return EncodedError(status: spelling.status, body: body, retryAfter: error.retryAfter)
    }

    static func body(of error: WireError, _ spelling: ErrorSpelling, requestID: String?) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key("type")
            json.string("error")
            json.key("error")
            json.object { json in
                json.key("type")
                json.string(spelling.type)
                json.key("message")
                json.string(message(of: error))
                if let name = error.name {
                    json.key("details")
                    json.object { json in
                        json.key("error_code")
                        json.string(name)
                    }
                }
            }
            if let requestID {
                json.key("request_id")
                json.string(requestID)
            }
        }
        return json.bytes
    }

    /// The API has no name for a prompt that is too long: clients know it by these words.
    private static func message(of error: WireError) -> String {
        let words = "prompt is too long"
        guard error.code == .contextLength, !error.message.contains(words) else { return error.message }
        return "\(words): \(error.message)"
    }

    /// How the API spells each class of errors.
    static func spelling(of code: LLMError.Code) -> ErrorSpelling {
        switch code {
        case .invalidRequest, .unsupported, .contextLength, .contentFiltered, .invalidAnswer, .cancelled:
            ErrorSpelling(400, "invalid_request_error")
        case .authentication: ErrorSpelling(401, "authentication_error")
        case .quotaExhausted, .overBudget: ErrorSpelling(402, "billing_error")
        case .permission: ErrorSpelling(403, "permission_error")
        case .notFound, .noSuchModel: ErrorSpelling(404, "not_found_error")
        case .requestTooLarge: ErrorSpelling(413, "request_too_large")
        case .rateLimited: ErrorSpelling(429, "rate_limit_error")
        case .timeout: ErrorSpelling(504, "timeout_error")
        case .overloaded, .shuttingDown: ErrorSpelling(529, "overloaded_error")
        default: ErrorSpelling(500, "api_error")
        }
    }
}
