import LLMKit

/// OpenAI Chat Completions.
struct SimulatedOpenAI: VendorAPI {
    let catalogue = SimulatedModel.openAI
    let idPrefix = "chatcmpl-"
    let callPrefix = "call_"
    /// A fixed time, so that runs repeat exactly.
    private let service = OpenAIService(dialect: .openAI, created: 1_795_000_000)

    func endpoint(at path: String) -> VendorEndpoint? {
        switch path {
        case "/v1/chat/completions": .answer
        case "/v1/models": .models
        default: nil
        }
    }

    func key(in request: VendorRequest) -> String? { bearer(in: request) }

    func headers(requestID: String, limit: Int, remaining: Int) -> [HTTPHeader] {
        [
            HTTPHeader("x-request-id", requestID),
            HTTPHeader("x-ratelimit-limit-requests", String(limit)),
            HTTPHeader("x-ratelimit-remaining-requests", String(remaining)),
            HTTPHeader("x-ratelimit-reset-requests", "6ms"),
        ]
    }

    func read(_ request: VendorRequest, countsOnly: Bool) throws(WireError) -> DecodedRequest {
        let decoded = try service.decodeRequest(request.body)
        try OpenAIRules.check(decoded)
        return decoded
    }

    /// It caches by itself, every long prefix; writing is free.
    func split(_ conversation: Conversation, minimum: Int, in cache: inout PromptCache) -> PromptCache.Split {
        cache.automatic(conversation, minimum: minimum)
    }

    func whole(_ response: ChatResponse, stoppedBy: String?) -> [UInt8] { service.encodeAnswer(response) }

    func stream(_ answer: Answer, _ response: ChatResponse, to request: DecodedRequest) -> [StreamPiece] {
        var stream = service.stream(
            answering: request,
            id: response.id ?? "",
            model: response.servedModel ?? ""
        )
        var pieces = [StreamPiece(bytes: stream.begin())]
        for (index, token) in answer.tokens.enumerated() {
            let logProbabilities = response.logProbabilities.map { $0[index..<index + 1] }
            pieces.append(StreamPiece(bytes: stream.text(token, logProbabilities: logProbabilities), isToken: true))
        }
        for event in answer.callEvents {
            pieces.append(StreamPiece(bytes: stream.encode(event), isToken: true))
        }
        pieces.append(StreamPiece(bytes: stream.encode(.end(response))))
        return pieces
    }

    func models() -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.key("object")
            json.string("list")
            json.key("data")
            json.array(catalogue) { json, model in
                json.object { json in
                    json.key("id")
                    json.string(model.id)
                    json.key("object")
                    json.string("model")
                    json.key("created")
                    json.int(1_700_000_000)
                    json.key("owned_by")
                    json.string("openai")
                }
            }
        }
        return json.bytes
    }

    func error(_ error: WireError, requestID: String) -> EncodedError {
        var encoded = service.encodeError(error, requestID: requestID)
        // Milliseconds beside the whole seconds keep a demo quick.
        if error.retryAfter != nil { encoded.headers.append(HTTPHeader("retry-after-ms", "150")) }
        return encoded
    }
}

extension Answer {
    /// The tool calls in pieces of a token.
    var callEvents: [StreamEvent] {
        calls.enumerated().flatMap { index, call in
            [StreamEvent.toolCall(ToolCallDelta(index: index, id: call.id, name: call.name))]
                + Tokens.split(call.arguments).map { .toolCall(ToolCallDelta(index: index, arguments: $0)) }
        }
    }
}
