import CPlatform

extension OpenAIWire {
    /// Everything an answer is rendered from.
    struct Turn {
        var id: String
        var model: SimulatedModel
        var conversation: Conversation
        var answer: Answer
        var split: PromptCache.Split
        var hash: StableHash

        var finish: JSONValue {
            switch answer.finish {
            case .stop: "stop"
            case .length: "length"
            case .toolCalls: "tool_calls"
            }
        }

        var usage: JSONValue {
            let input = split.uncached + split.read
            return [
                "prompt_tokens": .int(input),
                "completion_tokens": .int(answer.count),
                "total_tokens": .int(input + answer.count),
                "prompt_tokens_details": ["cached_tokens": .int(split.read), "audio_tokens": 0],
                "completion_tokens_details": ["reasoning_tokens": 0, "audio_tokens": 0],
            ]
        }
    }

    static func whole(_ turn: Turn) -> JSONValue {
        let calls: JSONValue =
            turn.answer.calls.isEmpty
            ? .null : .array(turn.answer.calls.map { call in toolCall(call, arguments: call.arguments.description) })
        let content: JSONValue = turn.answer.calls.isEmpty ? .string(turn.answer.text) : .null
        let choice: JSONValue = [
            "index": 0,
            "message": ["role": "assistant", "content": content, "refusal": nil, "tool_calls": calls],
            "logprobs": logProbabilities(turn, of: turn.answer.tokens.indices),
            "finish_reason": turn.finish,
        ]
        return document(turn, kind: "chat.completion", choices: [choice], usage: turn.usage)
    }

    /// The stream's documents, token by token; the `[DONE]` after them is not JSON.
    static func events(_ turn: Turn) -> [JSONValue] {
        var events = [chunk(turn, delta: ["role": "assistant", "content": "", "refusal": nil])]
        for index in turn.answer.tokens.indices {
            events.append(
                chunk(
                    turn,
                    delta: ["content": .string(turn.answer.tokens[index])],
                    logProbabilities: logProbabilities(turn, of: index..<index + 1)
                )
            )
        }
        for (index, call) in turn.answer.calls.enumerated() {
            let opening = JSONValue.object(
                [.init(key: "index", value: .int(index))] + toolCall(call, arguments: "").members
            )
            events.append(chunk(turn, delta: ["tool_calls": [opening]]))
            for piece in Tokens.split(call.arguments.description) {
                let more: JSONValue = ["index": .int(index), "function": ["arguments": .string(piece)]]
                events.append(chunk(turn, delta: ["tool_calls": [more]]))
            }
        }
        events.append(chunk(turn, delta: [:], finish: turn.finish))
        if turn.conversation.wantsUsage {
            events.append(document(turn, kind: "chat.completion.chunk", choices: [], usage: turn.usage))
        }
        return events
    }

    private static func chunk(
        _ turn: Turn,
        delta: JSONValue,
        logProbabilities: JSONValue = nil,
        finish: JSONValue = nil
    ) -> JSONValue {
        let choice: JSONValue = ["index": 0, "delta": delta, "logprobs": logProbabilities, "finish_reason": finish]
        return document(turn, kind: "chat.completion.chunk", choices: [choice], usage: nil)
    }

    private static func document(_ turn: Turn, kind: JSONValue, choices: JSONValue, usage: JSONValue) -> JSONValue {
        [
            "id": .string("chatcmpl-" + turn.id),
            "object": kind,
            "created": 1_795_000_000,
            "model": .string(turn.model.servedID),
            "service_tier": "default",
            "system_fingerprint": "fp_simulated",
            "choices": choices,
            "usage": usage,
        ]
    }

    private static func toolCall(_ call: Answer.Call, arguments: String) -> JSONValue {
        [
            "id": .string("call_" + call.id),
            "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(arguments)],
        ]
    }

    /// Spreads the answer's certainty over its tokens: their geometric mean is the certainty, some are surer than others.
    private static func logProbabilities(_ turn: Turn, of range: Range<Int>) -> JSONValue {
        guard let top = turn.conversation.logProbabilities, turn.answer.calls.isEmpty else { return nil }
        let mean = log(turn.answer.certainty)
        let content = range.map { index -> JSONValue in
            // Neighbours get mirrored weights, which average to one.
            let swing = turn.hash.combined(with: index / 2).unit
            let isPaired = index ^ 1 < turn.answer.tokens.count
            let weight = isPaired ? (index % 2 == 0 ? 1 + swing : 1 - swing) : 1
            let chosen = mean * weight
            let token = turn.answer.tokens[index]
            let rest = max(1e-9, 1 - exp(chosen))
            let alternatives = (0..<max(0, min(top, 20))).map { rank -> JSONValue in
                rank == 0
                    ? alternative(token, chosen) : alternative("~\(rank)", log(rest * pow(0.5, Double(rank))))
            }
            return .object(
                alternative(token, chosen).members + [.init(key: "top_logprobs", value: .array(alternatives))]
            )
        }
        return ["content": .array(content), "refusal": nil]
    }

    private static func alternative(_ token: String, _ logProbability: Double) -> JSONValue {
        [
            "token": .string(token),
            "logprob": .number((logProbability * 1e6).rounded() / 1e6),
            "bytes": .array(token.utf8.map { .int(Int($0)) }),
        ]
    }
}
