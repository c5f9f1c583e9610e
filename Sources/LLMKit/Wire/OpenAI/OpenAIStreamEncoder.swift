/// Writes a streamed answer as chunks of a chat completion.
package struct OpenAIStreamEncoder: AnswerStreamEncoder {
    private let id: String
    private let model: String
    private let created: Int
    private let tellsUsage: Bool
    /// Which of several answers to the request this is; each has an encoder, and their chunks may mix.
    package var choice = 0
    /// Whether the stream ends with this answer; of several, only the last one's does.
    package var isLast = true
    /// How many tokens' log-probabilities have been told.
    private var toldTokens = 0
    private var hasTold = Told()

    /// What was told in pieces, so that the end need not repeat it.
    private struct Told {
        var text = false
        var thinking = false
        var calls = 0
    }

    init(id: String, model: String, created: Int, tellsUsage: Bool) {
        self.id = id
        self.model = model
        self.created = created
        self.tellsUsage = tellsUsage
    }

    package mutating func begin() -> [UInt8] {
        chunk { json in
            json.key("role")
            json.string("assistant")
            json.key("content")
            json.string("")
            json.key("refusal")
            json.null()
        }
    }

    package mutating func encode(_ event: StreamEvent) -> [UInt8] {
        switch event {
        case .text(let text): return self.text(text, logProbabilities: nil)
        case .thinking(let text):
            hasTold.thinking = true
            return chunk { json in
                json.key("reasoning_content")
                json.string(text)
            }
        case .toolCall(let delta):
            hasTold.calls = max(hasTold.calls, delta.index + 1)
            return chunk { json in Self.write(delta, to: &json) }
        case .end(let response): return end(response)
        }
    }

    /// A piece of the answer's text.
    /// - Parameter logProbabilities: of its tokens, where they are known already.
    package mutating func text(_ text: String, logProbabilities: ArraySlice<TokenLogProbability>?) -> [UInt8] {
        hasTold.text = true
        toldTokens += logProbabilities?.count ?? 0
        return chunk(logProbabilities: logProbabilities) { json in
            json.key("content")
            json.string(text)
        }
    }

    package mutating func encodeError(_ error: WireError) -> [UInt8] {
        var output: [UInt8] = []
        let body = OpenAIService.body(of: error, OpenAIService.spelling(of: error.code))
        ServerSentEventWriter.write(body, to: &output)
        return output
    }

    private static func write(_ delta: ToolCallDelta, to json: inout JSONWriter) {
        json.key("tool_calls")
        json.array([delta]) { json, delta in
            json.object { json in
                json.key("index")
                json.int(delta.index)
                if let id = delta.id {
                    json.key("id")
                    json.string(id)
                    json.key("type")
                    json.string("function")
                }
                json.key("function")
                json.object { json in
                    if let name = delta.name {
                        json.key("name")
                        json.string(name)
                    }
                    json.key("arguments")
                    json.string(delta.arguments)
                }
            }
        }
    }

    /// The reason for the end, what was not told in pieces, the usage if it is wanted, and the terminal marker.
    private mutating func end(_ response: ChatResponse) -> [UInt8] {
        var output: [UInt8] = []
        for event in untold(of: response) { output += encode(event) }
        let rest = response.logProbabilities.flatMap { $0.count > toldTokens ? $0[toldTokens...] : nil }
        // The text of a refusal went out as content before anybody knew, so its reason is the nearest there is.
        let finish = response.finish == .refusal ? "content_filter" : OpenAIAnswerEncoder.finish(response.finish)
        output += chunk(logProbabilities: rest, finish: finish) { _ in }
        guard isLast else { return output }
        if tellsUsage {
            ServerSentEventWriter.write(
                document { json in
                    json.key("choices")
                    json.array([Int]()) { _, _ in }
                    json.key("usage")
                    OpenAIAnswerEncoder.write(response.usage, to: &json)
                    json.key("service_tier")
                    json.string(OpenAIAnswerEncoder.serviceTier(response.serviceTier))
                },
                to: &output
            )
        }
        ServerSentEventWriter.write(Array("[DONE]".utf8), to: &output)
        return output
    }

    /// What of an answer no event told: providers need not send any but the last.
    private func untold(of response: ChatResponse) -> [StreamEvent] {
        var events: [StreamEvent] = []
        var call = 0
        for part in response.message.parts {
            switch part {
            case .text(let text) where !hasTold.text: events.append(.text(text))
            case .thinking(let thinking) where !hasTold.thinking: events.append(.thinking(thinking.text))
            case .toolCall(let made):
                defer { call += 1 }
                guard call >= hasTold.calls else { continue }
                let delta = ToolCallDelta(index: call, id: made.id, name: made.name, arguments: made.arguments)
                events.append(.toolCall(delta))
            default: break
            }
        }
        return events
    }

    private func chunk(
        logProbabilities: ArraySlice<TokenLogProbability>? = nil,
        finish: String? = nil,
        _ delta: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var output: [UInt8] = []
        let document = document { json in
            json.key("choices")
            json.array([choice]) { json, index in
                json.object { json in
                    json.key("index")
                    json.int(index)
                    json.key("delta")
                    json.object(delta)
                    json.key("logprobs")
                    OpenAIAnswerEncoder.write(logProbabilities, to: &json)
                    json.key("finish_reason")
                    json.stringOrNull(finish)
                }
            }
            if tellsUsage {
                json.key("usage")
                json.null()
            }
        }
        ServerSentEventWriter.write(document, to: &output)
        return output
    }

    private func document(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            OpenAIAnswerEncoder.writeHead("chat.completion.chunk", id: id, model: model, created, &json)
            members(&json)
        }
        return json.bytes
    }
}
