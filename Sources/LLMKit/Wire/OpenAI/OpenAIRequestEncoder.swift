/// Writes one request as a Chat Completions body.
struct OpenAIRequestEncoder {
    let model: String
    let dialect: OpenAIDialect
    let request: ChatRequest
    let isStream: Bool
    /// Whether the answer's schema binds the model.
    let isAnswerStrict: Bool
    /// Members that the app adds to every body.
    let extraBody: JSONText?
    var losses: RequestLosses

    /// The schema of whatever object the model makes up.
    static let anyObject = JSONText(validated: #"{"type":"object"}"#)

    mutating func encode() -> [UInt8] {
        var json = JSONWriter(capacity: 1_024 + request.textByteCount * 9 / 8)
        json.object { json in
            json.key("model")
            json.string(model)
            writeMessages(&json)
            writeTools(&json)
            writeFormat(&json)
            writeSampling(&json)
            writeReasoning(&json)
            if isStream { writeStream(&json) }
            if let extraBody { json.members(of: extraBody) }
        }
        return json.bytes
    }

    private mutating func writeTools(_ json: inout JSONWriter) {
        guard !request.tools.isEmpty else { return }
        json.key("tools")
        json.array(request.tools) { json, tool in
            json.object { json in
                json.key("type")
                json.string("function")
                json.key("function")
                json.object { json in
                    json.key("name")
                    json.string(tool.name)
                    json.key("description")
                    json.string(tool.description)
                    json.key("parameters")
                    json.raw(tool.parameters.json)
                    if let isStrict = tool.isStrict {
                        json.key("strict")
                        json.bool(isStrict)
                    }
                }
            }
        }
        if let choice = request.toolChoice {
            json.key("tool_choice")
            write(choice, to: &json)
        }
        if let isAllowed = losses.admit(request.allowsParallelToolCalls, as: .parallelToolCalls) {
            json.key("parallel_tool_calls")
            json.bool(isAllowed)
        }
    }

    private func write(_ choice: ToolChoice, to json: inout JSONWriter) {
        switch choice {
        case .automatic: json.string("auto")
        case .none: json.string("none")
        case .required: json.string(dialect.requiredToolChoice)
        case .tool(let name):
            json.object { json in
                json.key("type")
                json.string("function")
                json.key("function")
                json.object { json in
                    json.key("name")
                    json.string(name)
                }
            }
        }
    }

    private func writeFormat(_ json: inout JSONWriter) {
        let schema: JSONSchema?
        switch request.responseFormat {
        case .text: return
        case .json: schema = nil
        case .jsonSchema(let wanted): schema = wanted
        }
        json.key("response_format")
        json.object { json in
            json.key("type")
            switch (dialect.schemaField, schema) {
            case (.jsonSchema, nil): json.string("json_object")
            case (.jsonSchema, let schema?):
                json.string("json_schema")
                json.key("json_schema")
                json.object { json in
                    json.key("name")
                    json.string(schema.name)
                    json.key("strict")
                    json.bool(isAnswerStrict)
                    json.key("schema")
                    json.raw(schema.json)
                }
            case (.value, let schema):
                json.string("json")
                json.key("value")
                json.raw(schema?.json ?? Self.anyObject)
            }
        }
    }

    private mutating func writeSampling(_ json: inout JSONWriter) {
        let sampling = request.sampling
        if let limit = sampling.maxOutputTokens {
            json.key(dialect.outputLimit.rawValue)
            json.int(limit)
        }
        if let temperature = losses.admit(sampling.temperature, as: .temperature) {
            json.key("temperature")
            json.double(temperature)
        }
        if let topP = losses.admit(sampling.topP, as: .topP) {
            json.key("top_p")
            json.double(topP)
        }
        if let stop = losses.admit(sampling.stop.isEmpty ? nil : sampling.stop, as: .stop) {
            json.key("stop")
            json.array(stop) { json, text in json.string(text) }
        }
        if let seed = losses.admit(sampling.seed, as: .seed) {
            json.key(dialect.seedField)
            json.int(seed)
        }
        if let wish = losses.admit(sampling.logProbabilities, as: .logProbabilities) {
            json.key("logprobs")
            switch dialect.logProbabilities {
            // Zero alternatives would read as "no log-probabilities".
            case .count: json.int(max(1, wish.top))
            case .flagAndCount:
                json.bool(true)
                if wish.top > 0 {
                    json.key("top_logprobs")
                    json.int(wish.top)
                }
            }
        }
    }

    private mutating func writeReasoning(_ json: inout JSONWriter) {
        guard let effort = losses.admit(request.reasoningEffort, as: .reasoningEffort) else { return }
        switch dialect.reasoning {
        case .effortOrDisabled where effort == .none:
            json.key("thinking")
            json.object { json in
                json.key("type")
                json.string("disabled")
            }
        case .effort, .effortOrDisabled:
            json.key("reasoning_effort")
            json.string(effort.description)
        case .toggle:
            if effort != .none { losses.insert(.effortLevel) }
            json.key("enable_thinking")
            json.bool(effort != .none && effort != .minimal)
        }
    }

    private func writeStream(_ json: inout JSONWriter) {
        json.key("stream")
        json.bool(true)
        guard dialect.asksForStreamUsage else { return }
        json.key("stream_options")
        json.object { json in
            json.key("include_usage")
            json.bool(true)
            if dialect.padsStreams {
                json.key("include_obfuscation")
                json.bool(false)
            }
        }
    }
}

extension JSONWriter {
    /// Writes the members of an object into the object that is open; anything else writes nothing.
    mutating func members(of object: JSONText) {
        var text = object.description
        text.withUTF8 { bytes in
            var reader = JSONReader(bytes)
            do throws(JSONReader.Failure) {
                try reader.beginObject()
                while let name = try reader.nextKey() {
                    let value = try reader.rawValue()
                    key(name.string)
                    raw(value)
                }
            } catch {
                // Whoever takes such an object checks it when it is configured.
            }
        }
    }
}
