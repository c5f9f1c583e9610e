import LLMKit

/// Anthropic Messages.
struct SimulatedAnthropic: VendorAPI {
    let catalogue = SimulatedModel.anthropic
    let idPrefix = "msg_"
    let callPrefix = "toolu_"
    private let service = AnthropicService()

    func endpoint(at path: String) -> VendorEndpoint? {
        switch path {
        case "/v1/messages": .answer
        case "/v1/messages/count_tokens": .countTokens
        default: VendorEndpoint(modelsAt: path)
        }
    }

    func key(in request: VendorRequest) -> String? { request.headers["x-api-key"] ?? bearer(in: request) }

    func headers(requestID: String, limit: Int, remaining: Int) -> [HTTPHeader] {
        [
            HTTPHeader("request-id", requestID),
            HTTPHeader("anthropic-ratelimit-requests-limit", String(limit)),
            HTTPHeader("anthropic-ratelimit-requests-remaining", String(remaining)),
            HTTPHeader("anthropic-ratelimit-requests-reset", "2030-01-01T00:00:00Z"),
        ]
    }

    func check(_ request: VendorRequest) throws(WireError) { _ = try version(of: request) }

    private func version(of request: VendorRequest) throws(WireError) -> String {
        guard let version = request.headers["anthropic-version"] else {
            throw WireError(.invalidRequest, "anthropic-version: header is required")
        }
        guard Self.versions.contains(version) else {
            throw WireError(.invalidRequest, "anthropic-version: \"\(version)\" is not a valid version")
        }
        return version
    }

    /// All that the API has ever had.
    private static let versions = ["2023-01-01", "2023-06-01"]

    func check(_ decoded: DecodedRequest, for model: SimulatedModel) throws(WireError) {
        guard let limit = decoded.request.sampling.maxOutputTokens, limit > model.maxOutput else { return }
        throw .malformed(
            "max_tokens",
            "max_tokens: \(limit) > \(model.maxOutput), which is the maximum allowed number of output tokens for \(model.id)"
        )
    }

    func tooLong(_ tokens: Int, for model: SimulatedModel) -> WireError {
        WireError(.contextLength, "prompt is too long: \(tokens) tokens > \(model.contextWindow) maximum")
    }

    func read(_ request: VendorRequest, countsOnly: Bool) throws(WireError) -> DecodedRequest {
        let service = AnthropicService(version: try version(of: request))
        let decoded =
            countsOnly ? try service.decodeCount(request.body) : try service.decodeRequest(request.body)
        try AnthropicRules.check(decoded)
        return decoded
    }

    /// It caches up to the marked places; writing costs extra.
    func split(_ conversation: Conversation, minimum: Int, in cache: inout PromptCache) -> PromptCache.Split {
        cache.marked(conversation, minimum: minimum)
    }

    /// This API gives one answer, so there are no alternatives.
    func whole(_ choice: Choice, alternatives: [Choice]) -> [UInt8] {
        service.encodeAnswer(choice.response, stopSequence: choice.answer.stoppedBy)
    }

    func stream(_ choice: Choice, alternatives: [Choice], to request: DecodedRequest) -> [StreamPiece] {
        let (answer, response) = (choice.answer, choice.response)
        var stream = service.stream(
            answering: request,
            id: response.id ?? "",
            model: response.servedModel ?? ""
        )
        stream.stopSequence = answer.stoppedBy
        // As at the vendor, the first event counts the one token that is there by then.
        var known = response.usage
        known.output = 1
        var pieces = [StreamPiece(bytes: stream.begin(known))]
        for token in answer.thinkingTokens {
            pieces.append(StreamPiece(bytes: stream.encode(.thinking(token)), isToken: true))
        }
        for token in answer.tokens { pieces.append(StreamPiece(bytes: stream.encode(.text(token)), isToken: true)) }
        for event in answer.callEvents {
            pieces.append(StreamPiece(bytes: stream.encode(event), isToken: true))
        }
        pieces.append(StreamPiece(bytes: stream.encode(.end(response))))
        return pieces
    }

    func error(_ error: WireError, requestID: String) -> EncodedError {
        service.encodeError(error, requestID: requestID)
    }
}
