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
        case "/v1/models": .models
        default: nil
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

    func read(_ request: VendorRequest, countsOnly: Bool) throws(WireError) -> DecodedRequest {
        guard let version = request.headers["anthropic-version"] else {
            throw WireError(.invalidRequest, "anthropic-version: header is required")
        }
        let service = AnthropicService(version: version)
        let decoded =
            countsOnly ? try service.decodeCount(request.body) : try service.decodeRequest(request.body)
        try AnthropicRules.check(decoded)
        return decoded
    }

    /// It caches up to the marked places; writing costs extra.
    func split(_ conversation: Conversation, minimum: Int, in cache: inout PromptCache) -> PromptCache.Split {
        cache.marked(conversation, minimum: minimum)
    }

    func whole(_ response: ChatResponse, stoppedBy: String?) -> [UInt8] {
        service.encodeAnswer(response, stopSequence: stoppedBy)
    }

    func stream(_ answer: Answer, _ response: ChatResponse, to request: DecodedRequest) -> [StreamPiece] {
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
        for token in answer.tokens { pieces.append(StreamPiece(bytes: stream.encode(.text(token)), isToken: true)) }
        for event in answer.callEvents {
            pieces.append(StreamPiece(bytes: stream.encode(event), isToken: true))
        }
        pieces.append(StreamPiece(bytes: stream.encode(.end(response))))
        return pieces
    }

    func models() -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key("data")
            json.array(catalogue) { json, model in
                json.object { json in
                    json.key("type")
                    json.string("model")
                    json.key("id")
                    json.string(model.id)
                    json.key("display_name")
                    json.string(model.id)
                    json.key("created_at")
                    json.string("2026-01-01T00:00:00Z")
                    json.key("max_input_tokens")
                    json.int(model.contextWindow)
                    json.key("lifecycle")
                    json.string("active")
                }
            }
            json.key("has_more")
            json.bool(false)
            json.key("first_id")
            json.string(catalogue.first?.id ?? "")
            json.key("last_id")
            json.string(catalogue.last?.id ?? "")
        }
        return json.bytes
    }

    func error(_ error: WireError, requestID: String) -> EncodedError {
        service.encodeError(error, requestID: requestID)
    }
}
