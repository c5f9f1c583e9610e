/// Writes a whole answer as a message, and the pieces that its streams share with it.
enum AnthropicAnswerEncoder {
    /// - Parameter stopSequence: the text of the sender's that ended the answer.
    static func encode(_ response: ChatResponse, stopSequence: String? = nil) -> [UInt8] {
        var json = JSONWriter(capacity: 512 + response.text.utf8.count * 9 / 8)
        writeMessage(
            id: response.id ?? "",
            model: response.servedModel ?? "",
            content: response.message.parts.filter(isKnown),
            finish: response.finish,
            stopSequence: stopSequence,
            usage: response.usage,
            tier: response.serviceTier,
            to: &json
        )
        return json.bytes
    }

    /// - Parameter finish: `nil` for the message that a stream begins with.
    static func writeMessage(
        id: String,
        model: String,
        content: [ChatMessage.Part],
        finish: FinishReason?,
        stopSequence: String? = nil,
        usage: Usage,
        tier: ServiceTier,
        to json: inout JSONWriter
    ) {
        json.object { json in
            json.key("id")
            json.string(id)
            json.key("type")
            json.string("message")
            json.key("role")
            json.string("assistant")
            json.key("model")
            json.string(model)
            json.key("content")
            json.array(content) { json, part in AnthropicConversation.write(part, to: &json) }
            writeStop(finish, stopSequence, to: &json)
            json.key("usage")
            write(usage, tier: tier, to: &json)
        }
    }

    /// Whether the format has a block for a part: what other vendors made is left out.
    static func isKnown(_ part: ChatMessage.Part) -> Bool {
        if case .vendor(let block) = part { block.origin == AnthropicFormat.wireFormat } else { true }
    }

    static func write(_ usage: Usage, tier: ServiceTier, to json: inout JSONWriter) {
        json.object { json in
            json.key("input_tokens")
            json.int(usage.input)
            json.key("cache_creation_input_tokens")
            json.int(usage.cacheWrite5m + usage.cacheWrite1h)
            json.key("cache_read_input_tokens")
            json.int(usage.cacheRead)
            json.key("cache_creation")
            json.object { json in
                json.key("ephemeral_5m_input_tokens")
                json.int(usage.cacheWrite5m)
                json.key("ephemeral_1h_input_tokens")
                json.int(usage.cacheWrite1h)
            }
            json.key("output_tokens")
            json.int(usage.output)
            json.key("output_tokens_details")
            json.object { json in
                json.key("thinking_tokens")
                json.int(usage.reasoning)
            }
            json.key("service_tier")
            json.string(tier.description)
        }
    }

    /// The members `stop_reason` and `stop_sequence`.
    static func writeStop(_ finish: FinishReason?, _ sequence: String?, to json: inout JSONWriter) {
        json.key("stop_reason")
        json.stringOrNull(sequence == nil ? finish.map(stopReason) : "stop_sequence")
        json.key("stop_sequence")
        json.stringOrNull(sequence)
    }

    private static func stopReason(_ finish: FinishReason) -> String {
        switch finish {
        case .stop: "end_turn"
        case .length: "max_tokens"
        case .toolCalls: "tool_use"
        // The API has no filter apart from the model's own refusal.
        case .refusal, .contentFilter: "refusal"
        case .other(let reason): reason
        }
    }
}
