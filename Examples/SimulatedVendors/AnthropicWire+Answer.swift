extension AnthropicWire {
    /// Everything an answer is rendered from.
    struct Turn {
        var id: String
        var model: SimulatedModel
        var answer: Answer
        var split: PromptCache.Split

        var stopReason: JSONValue {
            switch answer.finish {
            case .stop: answer.stoppedBy == nil ? "end_turn" : "stop_sequence"
            case .length: "max_tokens"
            case .toolCalls: "tool_use"
            }
        }

        var stopSequence: JSONValue { answer.stoppedBy.map(JSONValue.string) ?? .null }

        /// The tokens by class; `output` counts those so far, as a stream opens with one.
        func usage(output: Int) -> JSONValue {
            [
                "input_tokens": .int(split.uncached),
                "cache_creation_input_tokens": .int(split.written5m + split.written1h),
                "cache_read_input_tokens": .int(split.read),
                "cache_creation": [
                    "ephemeral_5m_input_tokens": .int(split.written5m),
                    "ephemeral_1h_input_tokens": .int(split.written1h),
                ],
                "output_tokens": .int(output),
                "service_tier": "standard",
            ]
        }
    }

    /// A named event of the stream.
    struct Event {
        var name: String
        var data: JSONValue
        /// Whether it carries a token, and so takes the time of one.
        var isToken = false
    }

    static func whole(_ turn: Turn) -> JSONValue {
        let content: [JSONValue] =
            turn.answer.calls.isEmpty
            ? [["type": "text", "text": .string(turn.answer.text)]]
            : turn.answer.calls.map { toolUse($0, input: $0.arguments) }
        return message(
            turn,
            content: .array(content),
            stopReason: turn.stopReason,
            stopSequence: turn.stopSequence,
            usage: turn.usage(output: turn.answer.count)
        )
    }

    static func events(_ turn: Turn) -> [Event] {
        let opening = message(turn, content: [], stopReason: nil, stopSequence: nil, usage: turn.usage(output: 1))
        var events = [Event(name: "message_start", data: ["type": "message_start", "message": opening])]
        events.append(Event(name: "ping", data: ["type": "ping"]))
        if turn.answer.calls.isEmpty {
            let deltas = turn.answer.tokens.map { ["type": "text_delta", "text": .string($0)] as JSONValue }
            events += block(0, opening: ["type": "text", "text": ""], deltas: deltas)
        }
        for (index, call) in turn.answer.calls.enumerated() {
            let deltas = Tokens.split(call.arguments.description).map { piece in
                ["type": "input_json_delta", "partial_json": .string(piece)] as JSONValue
            }
            events += block(index, opening: toolUse(call, input: [:]), deltas: deltas)
        }
        let end: JSONValue = [
            "type": "message_delta",
            "delta": ["stop_reason": turn.stopReason, "stop_sequence": turn.stopSequence],
            "usage": ["output_tokens": .int(turn.answer.count)],
        ]
        events.append(Event(name: "message_delta", data: end))
        events.append(Event(name: "message_stop", data: ["type": "message_stop"]))
        return events
    }

    private static func block(_ index: Int, opening: JSONValue, deltas: [JSONValue]) -> [Event] {
        let index = JSONValue.int(index)
        let start: JSONValue = ["type": "content_block_start", "index": index, "content_block": opening]
        let stop: JSONValue = ["type": "content_block_stop", "index": index]
        return [Event(name: "content_block_start", data: start)]
            + deltas.map { delta in
                let data: JSONValue = ["type": "content_block_delta", "index": index, "delta": delta]
                return Event(name: "content_block_delta", data: data, isToken: true)
            }
            + [Event(name: "content_block_stop", data: stop)]
    }

    private static func message(
        _ turn: Turn,
        content: JSONValue,
        stopReason: JSONValue,
        stopSequence: JSONValue,
        usage: JSONValue
    ) -> JSONValue {
        [
            "id": .string("msg_" + turn.id),
            "type": "message",
            "role": "assistant",
            "model": .string(turn.model.servedID),
            "content": content,
            "stop_reason": stopReason,
            "stop_sequence": stopSequence,
            "usage": usage,
        ]
    }

    private static func toolUse(_ call: Answer.Call, input: JSONValue) -> JSONValue {
        ["type": "tool_use", "id": .string("toolu_" + call.id), "name": .string(call.name), "input": input]
    }
}
