/// Writes one request as a Messages body.
struct AnthropicRequestEncoder {
    let format: AnthropicFormat
    let request: ChatRequest
    let isStream: Bool
    let maxTokens: Int
    /// How the model thinks about this request.
    let thinking: AnthropicThinking?
    var losses: RequestLosses

    mutating func encode() -> [UInt8] {
        var json = JSONWriter(capacity: 1_024 + request.textByteCount * 9 / 8)
        let conversation = AnthropicConversation(request.messages, losses: &losses)
        json.object { json in
            json.key("model")
            json.string(format.model)
            json.key("max_tokens")
            json.int(maxTokens)
            conversation.write(to: &json)
            writeTools(&json)
            writeSampling(&json)
            writeThinking(&json)
            writeOutput(&json)
            if isStream {
                json.key("stream")
                json.bool(true)
            }
            if let extraBody = format.extraBody { json.members(of: extraBody) }
        }
        return json.bytes
    }

    private mutating func writeTools(_ json: inout JSONWriter) {
        guard !request.tools.isEmpty else { return }
        json.key("tools")
        json.array(request.tools) { json, tool in
            json.object { json in
                json.key("name")
                json.string(tool.name)
                json.key("description")
                json.string(tool.description)
                json.key("input_schema")
                json.raw(tool.parameters.json)
                if let isStrict = tool.isStrict {
                    json.key("strict")
                    json.bool(isStrict)
                }
            }
        }
        // The wish about parallel calls is a part of the choice here, and has no place in the choice of none.
        let isParallel = losses.admit(request.allowsParallelToolCalls, as: .parallelToolCalls)
        guard request.toolChoice != nil || isParallel != nil else { return }
        json.key("tool_choice")
        json.object { json in
            json.key("type")
            switch request.toolChoice ?? .automatic {
            case .none: return json.string("none")
            case .automatic: json.string("auto")
            case .required: json.string("any")
            case .tool(let name):
                json.string("tool")
                json.key("name")
                json.string(name)
            }
            if let isParallel {
                json.key("disable_parallel_tool_use")
                json.bool(!isParallel)
            }
        }
    }

    private mutating func writeSampling(_ json: inout JSONWriter) {
        let sampling = request.sampling
        if let temperature = losses.admit(sampling.temperature, as: .temperature) {
            json.key("temperature")
            json.double(temperature)
        }
        if let topP = losses.admit(sampling.topP, as: .topP) {
            json.key("top_p")
            json.double(topP)
        }
        if let stop = losses.admit(sampling.stop.isEmpty ? nil : sampling.stop, as: .stop) {
            json.key("stop_sequences")
            json.array(stop) { json, text in json.string(text) }
        }
        // The API has neither; what comes back is only the note that something was lost.
        _ = losses.admit(sampling.seed, as: .seed)
        _ = losses.admit(sampling.logProbabilities, as: .logProbabilities)
    }

    private func writeThinking(_ json: inout JSONWriter) {
        guard let thinking else { return }
        json.key("thinking")
        json.object { json in
            json.key("type")
            switch thinking {
            case .adaptive: json.string("adaptive")
            case .disabled: json.string("disabled")
            case .budget(let tokens):
                json.string("enabled")
                json.key("budget_tokens")
                json.int(tokens)
            }
        }
    }

    /// Effort and the answer's schema share one object.
    private mutating func writeOutput(_ json: inout JSONWriter) {
        var effort = losses.admit(request.reasoningEffort, as: .reasoningEffort)
        if effort == ReasoningEffort.none { effort = nil }
        if effort == .minimal {
            // The lowest level there is.
            effort = .low
            losses.insert(.effortLevel)
        }
        var schema: JSONText?
        if case .jsonSchema(let wanted) = request.responseFormat { schema = wanted.json }
        guard effort != nil || schema != nil else { return }
        json.key("output_config")
        json.object { json in
            if let effort {
                json.key("effort")
                json.string(effort.description)
            }
            if let schema {
                json.key("format")
                json.object { json in
                    json.key("type")
                    json.string("json_schema")
                    json.key("schema")
                    json.raw(schema)
                }
            }
        }
    }
}
