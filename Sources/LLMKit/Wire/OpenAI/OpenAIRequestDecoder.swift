/// Reads the body of a Chat Completions request, in whichever dialect it is written.
struct OpenAIRequestDecoder {
    private let dialect: OpenAIDialect
    private var decoded: DecodedRequest
    private var hasMessages = false
    private var hasLogProbabilities = false
    private var alternatives: Int?

    private init(_ dialect: OpenAIDialect) {
        self.dialect = dialect
        decoded = DecodedRequest(request: ChatRequest([]), model: "")
        decoded.wantsUsage = !dialect.asksForStreamUsage
    }

    static func decode(_ body: [UInt8], _ dialect: OpenAIDialect) throws(WireError) -> DecodedRequest {
        var decoder = OpenAIRequestDecoder(dialect)
        try RequestReading.members(of: body) { (name, json) throws(WireError) in try decoder.take(name, &json) }
        return try decoder.finish()
    }

    private func finish() throws(WireError) -> DecodedRequest {
        var decoded = decoded
        guard !decoded.model.isEmpty else {
            throw .malformed("model", "you must provide a model parameter", name: "missing_required_parameter")
        }
        guard hasMessages else {
            throw .malformed(
                "messages",
                "Missing required parameter: 'messages'.",
                name: "missing_required_parameter"
            )
        }
        guard !decoded.request.messages.isEmpty else {
            throw .malformed("messages", "Invalid 'messages': empty array. Expected at least one message.")
        }
        if hasLogProbabilities {
            decoded.request.sampling.logProbabilities = .init(top: alternatives ?? 0)
        } else if alternatives != nil {
            throw .malformed("top_logprobs", "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.")
        }
        decoded.request.model = ModelName(decoded.model)
        return decoded
    }

    /// What the API takes and a ``ChatRequest`` has no place for.
    private static let inexpressible: Set<String> = [
        "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "metadata", "modalities",
        "moderation", "prediction", "presence_penalty", "prompt_cache_key", "prompt_cache_options",
        "prompt_cache_retention", "safety_identifier", "service_tier", "store", "user", "verbosity",
        "web_search_options",
    ]

    private mutating func take(_ name: String, _ json: inout JSONReader) throws(WireError) {
        switch name {
        case "model": decoded.model = try json.string(at: name)
        case "messages":
            hasMessages = true
            decoded.request.messages = try OpenAIMessageDecoder.decode(&json, losses: &decoded)
        case "tools": decoded.request.tools = try OpenAIToolDecoder.tools(&json)
        case "tool_choice": decoded.request.toolChoice = try OpenAIToolDecoder.choice(&json, dialect)
        case "parallel_tool_calls": decoded.request.allowsParallelToolCalls = try json.bool(at: name)
        case "response_format": try takeFormat(&json)
        case "stream": decoded.isStream = try json.bool(at: name)
        case "stream_options": try takeStreamOptions(&json)
        case "n":
            decoded.answerCount = try count(name, 1...128, &json)
            if decoded.answerCount > 1 { decoded.lose(name) }
        default:
            if try takeSampling(name, &json) { return }
            if try takeReasoning(name, &json) { return }
            guard Self.inexpressible.contains(name) else {
                throw .malformed(name, "Unknown parameter: '\(name)'.", name: "unknown_parameter")
            }
            decoded.lose(name)
            try json.skip(at: name)
        }
    }

    /// - Returns: whether the member was one of these.
    private mutating func takeSampling(_ name: String, _ json: inout JSONReader) throws(WireError) -> Bool {
        switch name {
        case OpenAIDialect.OutputLimit.maxTokens.rawValue, OpenAIDialect.OutputLimit.maxCompletionTokens.rawValue:
            let limit = try json.int(at: name)
            guard limit >= 1 else {
                throw .malformed(
                    name,
                    "Invalid '\(name)': integer below minimum value. Expected a value >= 1, but got \(limit) instead.",
                    name: "integer_below_min_value"
                )
            }
            decoded.request.sampling.maxOutputTokens = limit
        case "temperature": decoded.request.sampling.temperature = try number(name, 0...2, &json)
        case "top_p": decoded.request.sampling.topP = try number(name, 0...1, &json)
        case "stop":
            let isOne = try json.kind(at: name) == .string
            decoded.request.sampling.stop = isOne ? [try json.string(at: name)] : try json.strings(at: name)
        case dialect.seedField: decoded.request.sampling.seed = try json.int(at: name)
        case "logprobs" where dialect.logProbabilities == .count:
            hasLogProbabilities = true
            alternatives = try count(name, 0...20, &json)
        case "logprobs": hasLogProbabilities = try json.bool(at: name)
        case "top_logprobs": alternatives = try count(name, 0...20, &json)
        default: return false
        }
        return true
    }

    private func number(
        _ name: String,
        _ range: ClosedRange<Double>,
        _ json: inout JSONReader
    ) throws(WireError) -> Double {
        let value = try json.double(at: name)
        guard range.contains(value) else {
            throw .malformed(
                name,
                "Invalid '\(name)': expected a value from \(range.lowerBound) to \(range.upperBound), got \(value)."
            )
        }
        return value
    }

    private func count(
        _ name: String,
        _ range: ClosedRange<Int>,
        _ json: inout JSONReader
    ) throws(WireError) -> Int {
        let value = try json.int(at: name)
        guard range.contains(value) else {
            throw .malformed(
                name,
                "Invalid '\(name)': expected a value from \(range.lowerBound) to \(range.upperBound), got \(value)."
            )
        }
        return value
    }

    /// - Returns: whether the member was one of these.
    private mutating func takeReasoning(_ name: String, _ json: inout JSONReader) throws(WireError) -> Bool {
        switch (name, dialect.reasoning) {
        case ("reasoning_effort", .effort), ("reasoning_effort", .effortOrDisabled):
            decoded.request.reasoningEffort = ReasoningEffort(try json.string(at: name))
        case ("enable_thinking", .toggle):
            // Which level it was is lost; not to think at all is one of them.
            if try !json.bool(at: name) { decoded.request.reasoningEffort = ReasoningEffort.none }
        case ("thinking", .effortOrDisabled):
            try RequestReading.members(of: &json, at: name) { (member, json) throws(WireError) in
                guard member == "type" else { return try json.skip(at: name) }
                if try json.string(at: name) == "disabled" { decoded.request.reasoningEffort = ReasoningEffort.none }
            }
        default: return false
        }
        return true
    }

    private mutating func takeStreamOptions(_ json: inout JSONReader) throws(WireError) {
        let path = "stream_options"
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            switch name {
            case "include_usage": decoded.wantsUsage = try json.bool(at: "\(path).\(name)")
            // Padding hides the lengths of tokens from who watches the line; nothing is padded here.
            case "include_obfuscation": _ = try json.bool(at: "\(path).\(name)")
            default: throw .malformed("\(path).\(name)", "Unknown parameter: '\(path).\(name)'.")
            }
        }
    }

    private mutating func takeFormat(_ json: inout JSONReader) throws(WireError) {
        let path = "response_format"
        var type = ""
        var schema: JSONReader?
        var value: JSONText?
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            switch name {
            case "type": type = try json.string(at: "\(path).type")
            case "json_schema": schema = try json.place(at: path)
            case "value" where dialect.schemaField == .value: value = try json.raw(at: path)
            default: throw .malformed("\(path).\(name)", "Unknown parameter: '\(path).\(name)'.")
            }
        }
        switch (type, value) {
        case ("text", _): decoded.request.responseFormat = .text
        case ("json_object", _): decoded.request.responseFormat = .json
        case ("json", let value?) where dialect.schemaField == .value:
            let isAnyObject = value.description == OpenAIRequestEncoder.anyObject.description
            decoded.request.responseFormat = isAnyObject ? .json : .jsonSchema(JSONSchema(value))
        case ("json_schema", _):
            guard var schema else {
                throw .malformed("\(path).json_schema", "Missing required parameter: '\(path).json_schema'.")
            }
            decoded.request.responseFormat = .jsonSchema(try self.schema(&schema, at: "\(path).json_schema"))
        default:
            throw .malformed(
                "\(path).type",
                "Invalid value: '\(type)'. Supported values are: 'text', 'json_object', and 'json_schema'.",
                name: "invalid_value"
            )
        }
    }

    private mutating func schema(_ json: inout JSONReader, at path: String) throws(WireError) -> JSONSchema {
        var title: String?
        var text = OpenAIRequestEncoder.anyObject
        var isStrict = false
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            switch name {
            case "name": title = try json.string(at: "\(path).name")
            case "schema": text = try json.raw(at: "\(path).schema")
            case "strict": isStrict = try json.bool(at: "\(path).strict")
            case "description":
                decoded.lose("\(path).description")
                try json.skip(at: path)
            default: throw .malformed("\(path).\(name)", "Unknown parameter: '\(path).\(name)'.")
            }
        }
        guard let title else { throw .malformed("\(path).name", "Missing required parameter: '\(path).name'.") }
        // Schemas always bind here: what was only a wish becomes a demand.
        if !isStrict { decoded.lose("\(path).strict") }
        return JSONSchema(name: title, text)
    }
}
