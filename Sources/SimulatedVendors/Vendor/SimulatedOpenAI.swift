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
        default: VendorEndpoint(modelsAt: path)
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
        if !decoded.isStream, let body = try? JSONValue(parsing: String(decoding: request.body, as: UTF8.self)),
            let options = body["stream_options"], options != .null
        {
            throw .malformed(
                "stream_options",
                "The 'stream_options' parameter is only allowed when 'stream' is enabled."
            )
        }
        return decoded
    }

    func check(_ decoded: DecodedRequest, for model: SimulatedModel) throws(WireError) {
        // None of the models here reasons.
        if decoded.request.reasoningEffort != nil {
            throw .malformed(
                "reasoning_effort",
                "Unsupported parameter: 'reasoning_effort' is not supported with this model.",
                name: "unsupported_parameter"
            )
        }
        guard let limit = decoded.request.sampling.maxOutputTokens, limit > model.maxOutput else { return }
        throw .malformed(
            "max_tokens",
            "max_tokens is too large: \(limit). This model supports at most \(model.maxOutput) completion tokens, whereas "
                + "you provided \(limit).",
            name: "invalid_value"
        )
    }

    func tooLong(_ tokens: Int, for model: SimulatedModel) -> WireError {
        WireError(
            .contextLength,
            "This model's maximum context length is \(model.contextWindow) tokens. However, your messages resulted in "
                + "\(tokens) tokens. Please reduce the length of the messages.",
            parameter: "messages"
        )
    }

    /// It caches by itself, every long prefix; writing is free.
    func split(_ conversation: Conversation, minimum: Int, in cache: inout PromptCache) -> PromptCache.Split {
        cache.automatic(conversation, minimum: minimum)
    }

    func whole(_ choice: Choice, alternatives: [Choice]) -> [UInt8] {
        service.encodeAnswer(choice.response, alternatives: alternatives.map(\.response))
    }

    /// Several answers come at the same time, a token of each in turn.
    func stream(_ choice: Choice, alternatives: [Choice], to request: DecodedRequest) -> [StreamPiece] {
        let choices = [choice] + alternatives
        var bodies: [[StreamPiece]] = []
        var ends: [StreamPiece] = []
        for (index, choice) in choices.enumerated() {
            var stream = service.stream(
                answering: request,
                id: choice.response.id ?? "",
                model: choice.response.servedModel ?? ""
            )
            stream.choice = index
            stream.isLast = index == choices.count - 1
            bodies.append(body(of: choice, &stream))
            ends.append(StreamPiece(bytes: stream.encode(.end(choice.response))))
        }
        return StreamPiece.taken(inTurnFrom: bodies) + ends
    }

    private func body(of choice: Choice, _ stream: inout OpenAIStreamEncoder) -> [StreamPiece] {
        var pieces = [StreamPiece(bytes: stream.begin())]
        for (index, token) in choice.answer.tokens.enumerated() {
            let logProbabilities = choice.response.logProbabilities.map { $0[index..<index + 1] }
            pieces.append(StreamPiece(bytes: stream.text(token, logProbabilities: logProbabilities), isToken: true))
        }
        for event in choice.answer.callEvents {
            pieces.append(StreamPiece(bytes: stream.encode(event), isToken: true))
        }
        return pieces
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
