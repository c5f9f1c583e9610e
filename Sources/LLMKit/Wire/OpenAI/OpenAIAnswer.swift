/// What a Chat Completions answer has said so far.
struct OpenAIAnswer: Sendable {
    var id: String?
    var model: String?
    var serviceTier: String?
    private(set) var hasChoice = false
    private(set) var outputByteCount = 0
    private var text = ""
    private var thinking = ""
    private var refusal = ""
    private var calls = ToolCallAssembler()
    private var logProbabilities: [TokenLogProbability]?
    private var finish: String?

    /// Takes an element of `choices`, if it belongs to the first answer: where a server gives several, the others are
    /// alternatives to it and no part of it.
    /// - Parameter position: which element it is, for servers that do not number them.
    mutating func readChoice(
        _ json: inout JSONReader,
        at position: Int,
        into events: inout [StreamEvent],
        isWhole: Bool
    ) throws(JSONReader.Failure) {
        guard try Self.enterChoice(&json, else: position) == 0 else {
            while try json.nextKey() != nil { try json.skipValue() }
            return
        }
        hasChoice = true
        while let key = try json.nextKey() {
            switch key {
            case "delta", "message":
                guard try !json.takeNull() else { continue }
                try readMessage(&json, into: &events, isWhole: isWhole)
            case "finish_reason": finish = try json.stringIfAny() ?? finish
            case "logprobs": try readLogProbabilities(&json)
            default: try json.skipValue()
            }
        }
    }

    /// Enters a choice and tells its number, which nearly always stands first; where it does not, the choice is walked
    /// over once more to find it.
    private static func enterChoice(_ json: inout JSONReader, else position: Int) throws(JSONReader.Failure) -> Int {
        let start = json
        try json.beginObject()
        if let key = try json.nextKey(), "index" ~= key, let index = try json.tokenCount() { return index }
        var ahead = start
        json = start
        try json.beginObject()
        try ahead.beginObject()
        while let key = try ahead.nextKey() {
            if "index" ~= key { return try ahead.tokenCount() ?? position }
            try ahead.skipValue()
        }
        return position
    }

    private mutating func readLogProbabilities(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.kind() == .object else { return try json.skipValue() }
        let more = try OpenAILogProbabilities.read(&json)
        // In place: a copy per token would make a long answer quadratic.
        if logProbabilities == nil { logProbabilities = more } else { logProbabilities?.append(contentsOf: more) }
    }

    private mutating func readMessage(
        _ json: inout JSONReader,
        into events: inout [StreamEvent],
        isWhole: Bool
    ) throws(JSONReader.Failure) {
        // Some vendors write the same reasoning under both names.
        var hasThinking = false
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "content": try readContent(&json, into: &events)
            case "refusal":
                guard let more = try json.stringIfAny(), !more.isEmpty else { continue }
                refusal += more
                outputByteCount += more.utf8.count
                events.append(.text(more))
            case "reasoning_content", "reasoning":
                guard let more = try json.stringIfAny(), !hasThinking, !more.isEmpty else { continue }
                hasThinking = true
                append(thinking: more, to: &events)
            case "tool_calls":
                guard try !json.takeNull() else { continue }
                try json.beginArray()
                while try json.nextElement() {
                    outputByteCount += try calls.read(&json, into: &events, isWhole: isWhole)
                }
            default: try json.skipValue()
            }
        }
    }

    /// Text, or a list of chunks among which thinking may be (Mistral).
    private mutating func readContent(
        _ json: inout JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        switch try json.kind() {
        case .string: append(text: try json.string(), to: &events)
        case .null: _ = try json.takeNull()
        case .array:
            try json.beginArray()
            while try json.nextElement() { try readChunk(&json, into: &events) }
        default: throw json.failure("expected `content` as text")
        }
    }

    private mutating func readChunk(
        _ json: inout JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        guard try json.kind() == .object else { return try json.skipValue() }
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "text": if let more = try json.stringIfAny() { append(text: more, to: &events) }
            case "thinking":
                switch try json.kind() {
                case .string: append(thinking: try json.string(), to: &events)
                case .array:
                    try json.beginArray()
                    while try json.nextElement() {
                        guard try json.kind() == .object else {
                            try json.skipValue()
                            continue
                        }
                        try json.beginObject()
                        while let key = try json.nextKey() {
                            switch key {
                            case "text":
                                if let more = try json.stringIfAny() { append(thinking: more, to: &events) }
                            default: try json.skipValue()
                            }
                        }
                    }
                default: try json.skipValue()
                }
            default: try json.skipValue()
            }
        }
    }

    @inline(__always)
    private mutating func append(text more: String, to events: inout [StreamEvent]) {
        guard !more.isEmpty else { return }
        if text.isEmpty { text = more } else { text += more }
        outputByteCount += more.utf8.count
        events.append(.text(more))
    }

    private mutating func append(thinking more: String, to events: inout [StreamEvent]) {
        guard !more.isEmpty else { return }
        thinking += more
        outputByteCount += more.utf8.count
        events.append(.thinking(more))
    }
}

extension OpenAIAnswer {
    /// The answer as a whole.
    func response() throws(DecodingFailure) -> ChatResponse {
        guard hasChoice else {
            throw .shape(JSONReader.Failure(message: "the stream ended without an answer in it", offset: 0))
        }
        var parts: [ChatMessage.Part] = []
        if !thinking.isEmpty { parts.append(.thinking(Thinking(thinking, origin: OpenAIDialect.wireFormat))) }
        if !text.isEmpty { parts.append(.text(text)) }
        if !refusal.isEmpty { parts.append(.text(refusal)) }
        parts += calls.finished.map { .toolCall($0) }
        var response = ChatResponse(
            ChatMessage(.assistant, parts: parts),
            finish: try finishReason(),
            servedModel: model,
            id: id,
            logProbabilities: logProbabilities
        )
        response.serviceTier = Self.serviceTier(serviceTier)
        return response
    }

    private func finishReason() throws(DecodingFailure) -> FinishReason {
        if !refusal.isEmpty { return .refusal }
        switch finish {
        case "stop", "eos", "eos_token", "stop_sequence", "end_turn":
            // Some servers say "stop" whatever the model wrote.
            return calls.finished.isEmpty ? .stop : .toolCalls
        case "length", "model_length", "max_tokens": return .length
        case "tool_calls", "function_call": return .toolCalls
        case "content_filter": return .contentFilter
        case "error", "insufficient_system_resource":
            throw .vendor(VendorError(message: "the model stopped on an error", codes: [finish].compactMap { $0 }))
        case let other: return .other(other ?? "unknown")
        }
    }

    private static func serviceTier(_ name: String?) -> ServiceTier {
        switch name {
        case nil, "default", "auto", "standard", "on_demand": .standard
        case let name?: ServiceTier(name)
        }
    }
}
