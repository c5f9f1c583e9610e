/// What a Messages answer has said so far, block by block.
struct AnthropicAnswer: Sendable {
    var id: String?
    var model: String?
    var stopReason: String?
    /// Whether a whole answer had its `content`.
    private(set) var hasContent = false
    private(set) var outputByteCount = 0
    private var blocks: [AnthropicBlock] = []
    private var callCount = 0

    /// More blocks than any answer has: past it, an upstream is broken or hostile.
    private static let limit = 4_096

    /// Takes the `content` of a whole answer.
    mutating func readContent(_ json: inout JSONReader) throws(JSONReader.Failure) {
        var events: [StreamEvent] = []
        try json.beginArray()
        hasContent = true
        while try json.nextElement() {
            let index = blocks.count
            try readBlock(&json, index: index, into: &events)
            endBlock(index, into: &events)
        }
    }

    /// Takes a block, or its beginning.
    mutating func readBlock(
        _ json: inout JSONReader,
        index: Int,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        guard blocks.count < Self.limit else { throw json.failure("more than \(Self.limit) content blocks") }
        var block = try AnthropicBlock.read(&json, index: index)
        switch block.kind {
        case .text: if !block.text.isEmpty { events.append(.text(block.text)) }
        case .thinking: if !block.text.isEmpty { events.append(.thinking(block.text)) }
        case .toolUse:
            block.call = callCount
            callCount += 1
            events.append(
                .toolCall(ToolCallDelta(index: block.call, id: block.id, name: block.name, arguments: block.text))
            )
            outputByteCount += block.name.utf8.count
        case .redactedThinking, .other: break
        }
        outputByteCount += block.text.utf8.count
        blocks.append(block)
    }

    /// Takes a piece of a block.
    mutating func readDelta(
        _ json: inout JSONReader,
        of index: Int,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        guard let place = place(of: index) else { throw json.failure("a piece of block \(index), which never began") }
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "text", "thinking", "partial_json":
                let more = try json.string()
                guard !more.isEmpty else { continue }
                blocks[place].append(more)
                outputByteCount += more.utf8.count
                switch blocks[place].kind {
                case .text: events.append(.text(more))
                case .thinking: events.append(.thinking(more))
                case .toolUse:
                    events.append(.toolCall(ToolCallDelta(index: blocks[place].call, arguments: more)))
                case .redactedThinking, .other: break
                }
            case "signature": blocks[place].signature = (blocks[place].signature ?? "") + (try json.string())
            default: try json.skipValue()
            }
        }
    }

    /// Notes that a block is whole. A tool that takes no arguments is called with none written at all.
    mutating func endBlock(_ index: Int, into events: inout [StreamEvent]) {
        guard let place = place(of: index), blocks[place].kind == .toolUse, blocks[place].text.isEmpty else { return }
        blocks[place].text = "{}"
        events.append(.toolCall(ToolCallDelta(index: blocks[place].call, arguments: "{}")))
    }

    private func place(of index: Int) -> Int? {
        // Blocks come one after the other, so it is nearly always the last.
        if let last = blocks.indices.last, blocks[last].index == index { return last }
        return blocks.lastIndex { $0.index == index }
    }

    /// The answer as a whole.
    func response(serviceTier: String?) -> ChatResponse {
        var response = ChatResponse(
            ChatMessage(.assistant, parts: blocks.compactMap(\.part)),
            finish: finish,
            servedModel: model,
            id: id
        )
        if let serviceTier { response.serviceTier = ServiceTier(serviceTier) }
        return response
    }

    private var finish: FinishReason {
        switch stopReason {
        case "end_turn", "stop_sequence": .stop
        case "max_tokens", "model_context_window_exceeded": .length
        case "tool_use": .toolCalls
        case "refusal": .refusal
        case let other: .other(other ?? "unknown")
        }
    }
}
