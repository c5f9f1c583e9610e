/// Reads the body of a Messages request, or of one that only counts its tokens.
struct AnthropicRequestDecoder {
    private let version: String
    private var decoded = DecodedRequest(request: ChatRequest([]), model: "")
    private var system: ChatMessage?
    private var messages: AnthropicMessageDecoder.Conversation?
    private var toolBreakpoints: [DecodedRequest.CacheBreakpoint] = []
    private var systemBreakpoints: [(part: Int, isOneHour: Bool)] = []
    private var lastBreakpoint: Bool?
    private var isThinkingDisabled = false

    private init(version: String) { self.version = version }

    /// - Parameters:
    ///   - version: the API version that the sender asks for.
    ///   - countsOnly: whether the tokens are only to be counted, which needs no limit on output.
    static func decode(_ body: [UInt8], version: String, countsOnly: Bool) throws(WireError) -> DecodedRequest {
        var decoder = AnthropicRequestDecoder(version: version)
        try RequestReading.members(of: body) { (name, json) throws(WireError) in try decoder.take(name, &json) }
        return try decoder.finish(countsOnly: countsOnly)
    }

    private func finish(countsOnly: Bool) throws(WireError) -> DecodedRequest {
        var decoded = decoded
        func require(_ isThere: Bool, _ name: String) throws(WireError) {
            guard isThere else { throw .malformed(name, "\(name): Field required") }
        }
        try require(!decoded.model.isEmpty, "model")
        try require(countsOnly || decoded.request.sampling.maxOutputTokens != nil, "max_tokens")
        try require(messages != nil, "messages")
        guard let messages, !messages.messages.isEmpty else {
            throw .malformed("messages", "messages: at least one message is required")
        }
        decoded.request.messages = [system].compactMap { $0 } + messages.messages
        decoded.request.model = ModelName(decoded.model)
        if isThinkingDisabled { decoded.request.reasoningEffort = ReasoningEffort.none }
        let offset = system == nil ? 0 : 1
        decoded.cacheBreakpoints = toolBreakpoints
        decoded.cacheBreakpoints += systemBreakpoints.map {
            .init(place: .part(message: 0, part: $0.part), isOneHour: $0.isOneHour)
        }
        decoded.cacheBreakpoints += messages.breakpoints.map {
            .init(place: .part(message: $0.message + offset, part: $0.part), isOneHour: $0.isOneHour)
        }
        // At the top, it marks the last block there is.
        if let lastBreakpoint, let last = decoded.request.messages.indices.last {
            let part = decoded.request.messages[last].parts.count - 1
            decoded.cacheBreakpoints.append(.init(place: .part(message: last, part: part), isOneHour: lastBreakpoint))
        }
        return decoded
    }

    /// What the API takes and a ``ChatRequest`` has no place for.
    private static let inexpressible: Set<String> = [
        "container", "context_management", "inference_geo", "mcp_servers", "metadata", "service_tier", "speed", "top_k",
    ]
    private static let sampling: Set<String> = ["temperature", "top_p", "top_k"]

    private mutating func take(_ name: String, _ json: inout JSONReader) throws(WireError) {
        if version >= AnthropicFormat.versionWithoutSampling, Self.sampling.contains(name) {
            throw .malformed(name, "\(name): not supported since version \(AnthropicFormat.versionWithoutSampling)")
        }
        switch name {
        case "model": decoded.model = try json.string(at: name)
        case "max_tokens":
            let limit = try json.int(at: name)
            // Zero only warms the prompt cache; nothing here can ask for that.
            guard limit >= 1 else {
                throw .malformed(name, "\(name): Input should be greater than or equal to 1")
            }
            decoded.request.sampling.maxOutputTokens = limit
        case "messages": messages = try AnthropicMessageDecoder.decode(&json, losses: &decoded)
        case "system": try takeSystem(&json)
        case "tools": try takeTools(&json)
        case "tool_choice": try takeToolChoice(&json)
        case "temperature": decoded.request.sampling.temperature = try share(name, &json)
        case "top_p": decoded.request.sampling.topP = try share(name, &json)
        case "stop_sequences": decoded.request.sampling.stop = try json.strings(at: name)
        case "thinking": try takeThinking(&json)
        case "output_config": try takeOutput(&json)
        case "cache_control": lastBreakpoint = try AnthropicMessageDecoder.isOneHour(&json, at: name)
        case "stream": decoded.isStream = try json.bool(at: name)
        default:
            guard Self.inexpressible.contains(name) else {
                throw .malformed(name, "\(name): Extra inputs are not permitted")
            }
            decoded.lose(name)
            try json.skip(at: name)
        }
    }

    private func share(_ name: String, _ json: inout JSONReader) throws(WireError) -> Double {
        let value = try json.double(at: name)
        guard (0...1).contains(value) else {
            throw .malformed(name, "\(name): Input should be from 0 to 1")
        }
        return value
    }

    private mutating func takeSystem(_ json: inout JSONReader) throws(WireError) {
        if try json.kind(at: "system") == .string {
            system = .system(try json.string(at: "system"))
            return
        }
        var parts: [ChatMessage.Part] = []
        try RequestReading.elements(of: &json, at: "system") { (path, json) throws(WireError) in
            let block = try AnthropicRequestBlock.read(&json, at: path, losses: &decoded)
            guard case .text(let text)? = block.part else {
                throw .malformed("\(path).type", "\(path).type: Input should be 'text'")
            }
            if let isOneHour = block.cacheForOneHour { systemBreakpoints.append((parts.count, isOneHour)) }
            parts.append(.text(text))
        }
        system = parts.isEmpty ? nil : ChatMessage(.system, parts: parts)
    }

    private mutating func takeTools(_ json: inout JSONReader) throws(WireError) {
        var tools: [Tool] = []
        try RequestReading.elements(of: &json, at: "tools") { (path, json) throws(WireError) in
            var tool = Tool("", description: "", parameters: JSONSchema(OpenAIRequestEncoder.anyObject))
            var hasSchema = false
            var isOneHour: Bool?
            var type = "custom"
            try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
                let place = "\(path).\(name)"
                switch name {
                case "type": type = try json.string(at: place)
                case "name": tool.name = try json.string(at: place)
                case "description": tool.description = try json.string(at: place)
                case "input_schema":
                    hasSchema = true
                    tool.parameters = JSONSchema(try json.raw(at: place))
                case "strict": tool.isStrict = try json.bool(at: place)
                case "cache_control": isOneHour = try AnthropicMessageDecoder.isOneHour(&json, at: place)
                default:
                    decoded.lose("tools.\(name)")
                    try json.skip(at: place)
                }
            }
            guard type == "custom" else {
                throw WireError(.unsupported, "\(path).type: only tools of the caller's own are known here")
            }
            guard !tool.name.isEmpty else { throw .malformed("\(path).name", "\(path).name: Field required") }
            guard hasSchema else { throw .malformed("\(path).input_schema", "\(path).input_schema: Field required") }
            if let isOneHour { toolBreakpoints.append(.init(place: .tool(tools.count), isOneHour: isOneHour)) }
            tools.append(tool)
        }
        decoded.request.tools = tools
    }

    private mutating func takeToolChoice(_ json: inout JSONReader) throws(WireError) {
        let path = "tool_choice"
        var (type, tool) = ("", "")
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            switch name {
            case "type": type = try json.string(at: "\(path).type")
            case "name": tool = try json.string(at: "\(path).name")
            case "disable_parallel_tool_use":
                decoded.request.allowsParallelToolCalls = try !json.bool(at: "\(path).\(name)")
            default: throw .malformed("\(path).\(name)", "\(path).\(name): Extra inputs are not permitted")
            }
        }
        switch type {
        case "auto": decoded.request.toolChoice = .automatic
        case "none": decoded.request.toolChoice = ToolChoice.none
        case "any": decoded.request.toolChoice = .required
        case "tool": decoded.request.toolChoice = .tool(tool)
        default:
            throw .malformed("\(path).type", "\(path).type: Input should be 'auto', 'any', 'tool' or 'none'")
        }
    }

    private mutating func takeThinking(_ json: inout JSONReader) throws(WireError) {
        let path = "thinking"
        var type = ""
        var budget: Int?
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            switch name {
            case "type": type = try json.string(at: "\(path).type")
            case "budget_tokens": budget = try json.int(at: "\(path).budget_tokens")
            default:
                decoded.lose("\(path).\(name)")
                try json.skip(at: path)
            }
        }
        switch (type, budget) {
        case ("adaptive", _): decoded.thinking = .adaptive
        case ("disabled", _):
            decoded.thinking = .disabled
            isThinkingDisabled = true
        case ("enabled", let budget?):
            guard budget >= 1_024 else {
                throw .malformed(
                    "\(path).budget_tokens",
                    "\(path).enabled.budget_tokens: Input should be greater than or equal to 1024"
                )
            }
            decoded.thinking = .budget(budget)
        case ("enabled", nil):
            throw .malformed("\(path).budget_tokens", "\(path).enabled.budget_tokens: Field required")
        default:
            throw .malformed("\(path).type", "\(path).type: Input should be 'adaptive', 'enabled' or 'disabled'")
        }
    }

    private mutating func takeOutput(_ json: inout JSONReader) throws(WireError) {
        let path = "output_config"
        try RequestReading.members(of: &json, at: path) { (name, json) throws(WireError) in
            switch name {
            case "effort": decoded.request.reasoningEffort = ReasoningEffort(try json.string(at: "\(path).effort"))
            case "format":
                var schema: JSONText?
                try RequestReading.members(of: &json, at: "\(path).format") { (name, json) throws(WireError) in
                    guard name == "schema" else { return try json.skip(at: path) }
                    schema = try json.raw(at: "\(path).format.schema")
                }
                guard let schema else {
                    throw .malformed("\(path).format.schema", "\(path).format.schema: Field required")
                }
                decoded.request.responseFormat = .jsonSchema(JSONSchema(schema))
            default: throw .malformed("\(path).\(name)", "\(path).\(name): Extra inputs are not permitted")
            }
        }
    }
}
