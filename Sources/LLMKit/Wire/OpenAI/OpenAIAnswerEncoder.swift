/// Writes a whole answer as a chat completion, and the pieces that its streams share with it.
struct OpenAIAnswerEncoder {
    /// In seconds since 1970.
    let created: Int

    /// - Parameter alternatives: further answers to the same request; the usage of `response` is that of all.
    func encode(_ response: ChatResponse, alternatives: [ChatResponse] = []) -> [UInt8] {
        let choices = [response] + alternatives
        var json = JSONWriter(capacity: 512 + response.text.utf8.count * 9 / 8)
        json.object { json in
            Self.writeHead("chat.completion", id: response.id ?? "", model: response.servedModel ?? "", created, &json)
            json.key("service_tier")
            json.string(Self.serviceTier(response.serviceTier))
            json.key("choices")
            json.array(choices.indices) { json, index in
                let response = choices[index]
                json.object { json in
                    json.key("index")
                    json.int(index)
                    json.key("message")
                    Self.writeMessage(response, to: &json)
                    json.key("logprobs")
                    Self.write(response.logProbabilities, to: &json)
                    json.key("finish_reason")
                    json.string(Self.finish(response.finish))
                }
            }
            json.key("usage")
            Self.write(response.usage, to: &json)
        }
        return json.bytes
    }

    /// The members that come before `choices`.
    static func writeHead(_ object: String, id: String, model: String, _ created: Int, _ json: inout JSONWriter) {
        json.key("id")
        json.string(id)
        json.key("object")
        json.string(object)
        json.key("created")
        json.int(created)
        json.key("model")
        json.string(model)
    }

    private static func writeMessage(_ response: ChatResponse, to json: inout JSONWriter) {
        let parts = response.message.parts
        let texts = parts.compactMap { part in
            if case .text(let text) = part { text } else { nil }
        }
        let thoughts = parts.compactMap { part in
            if case .thinking(let thinking) = part { thinking.text } else { nil }
        }
        let isRefusal = response.finish == .refusal
        json.object { json in
            json.key("role")
            json.string("assistant")
            json.key("content")
            if isRefusal || texts.isEmpty { json.null() } else { json.string(joining: texts) }
            json.key("refusal")
            if isRefusal { json.string(joining: texts) } else { json.null() }
            if !thoughts.isEmpty {
                json.key("reasoning_content")
                json.string(joining: thoughts)
            }
            let calls = response.toolCalls
            guard !calls.isEmpty else { return }
            json.key("tool_calls")
            json.array(calls) { json, call in
                json.object { json in
                    json.key("id")
                    json.string(call.id)
                    json.key("type")
                    json.string("function")
                    json.key("function")
                    json.object { json in
                        json.key("name")
                        json.string(call.name)
                        json.key("arguments")
                        json.string(call.arguments)
                    }
                }
            }
        }
    }

    static func write(_ tokens: (some Collection<TokenLogProbability>)?, to json: inout JSONWriter) {
        guard let tokens else { return json.null() }
        json.object { json in
            json.key("content")
            json.array(tokens) { json, token in
                json.object { json in
                    write(token.token, token.logProbability, to: &json)
                    json.key("top_logprobs")
                    json.array(token.top) { json, other in
                        json.object { json in write(other.token, other.logProbability, to: &json) }
                    }
                }
            }
            json.key("refusal")
            json.null()
        }
    }

    private static func write(_ token: String, _ logProbability: Double, to json: inout JSONWriter) {
        json.key("token")
        json.string(token)
        json.key("logprob")
        json.double(logProbability)
        json.key("bytes")
        json.array(token.utf8) { json, byte in json.int(byte) }
    }

    /// Here the prompt's tokens hold those of the cache, and the answer's hold the reasoning.
    static func write(_ usage: Usage, to json: inout JSONWriter) {
        json.object { json in
            json.key("prompt_tokens")
            json.int(usage.totalInput)
            json.key("completion_tokens")
            json.int(usage.output)
            json.key("total_tokens")
            json.int(usage.total)
            json.key("prompt_tokens_details")
            json.object { json in
                json.key("cached_tokens")
                json.int(usage.cacheRead)
                json.key("cache_write_tokens")
                json.int(usage.cacheWrite5m + usage.cacheWrite1h)
                json.key("audio_tokens")
                json.int(0)
            }
            json.key("completion_tokens_details")
            json.object { json in
                json.key("reasoning_tokens")
                json.int(usage.reasoning)
                json.key("audio_tokens")
                json.int(0)
            }
        }
    }

    /// A whole answer tells a refusal by its `refusal`.
    static func finish(_ reason: FinishReason) -> String { reason == .refusal ? "stop" : reason.description }

    static func serviceTier(_ tier: ServiceTier) -> String { tier == .standard ? "default" : tier.description }
}
