/// What a Messages answer has said so far, block by block.
struct AnthropicAnswer: Sendable {
    var id: String?
    var model: String?
    var stopReason: String?
    /// The vendor's own words on why it refused.
    var explanation: String?
    /// Whether a whole answer had its `content`.
    private(set) var hasContent = false
    private(set) var outputByteCount = 0
    private(set) var losses: [String] = []
    private var blocks: [AnthropicBlock] = []
    /// Blocks that a stream's beginning held already: they count if no others come.
    private var initialBlocks: [AnthropicBlock] = []
    private var callCount = 0
    private var isWhole = false

    /// More blocks than any answer has: past it, an upstream is broken or hostile.
    private static let limit = 4_096

    var hasBlocks: Bool { !blocks.isEmpty }

    /// Takes the `content` of a whole answer.
    mutating func readContent(
        _ json: inout JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        hasContent = true
        isWhole = true
        if try json.kind() == .string {
            var block = AnthropicBlock.implicit(.text, index: 0)
            _ = try block.content.take(&json)
            return begin(block, into: &events)
        }
        try json.beginArray()
        while try json.nextElement() {
            let index = blocks.count
            if try json.takeNull() { continue }
            // Text by itself, where a block of it is due.
            if try json.kind() == .string {
                guard let text = try json.word() else { continue }
                var block = AnthropicBlock.implicit(.text, index: index)
                block.content = CutText(text)
                begin(block, into: &events)
                continue
            }
            try readBlock(&json, index: index, into: &events)
            endBlock(index, into: &events)
        }
    }

    /// Takes the `content` that stands in the beginning of a stream, where nothing is due.
    mutating func readInitialContent(_ json: inout JSONReader) throws(JSONReader.Failure) {
        var other = AnthropicAnswer()
        guard try json.kind() == .array else { return try json.skipValue() }
        var unused: [StreamEvent] = []
        try other.readContent(&json, into: &unused)
        if initialBlocks.isEmpty { initialBlocks = other.blocks }
    }

    /// Takes a block, or its beginning.
    /// - Parameter index: the vendor's number of it, if it gave one.
    mutating func readBlock(
        _ json: inout JSONReader,
        index: Int?,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        guard blocks.count < Self.limit else { throw json.failure("more than \(Self.limit) content blocks") }
        let block = try AnthropicBlock.read(&json, index: index ?? blocks.count)
        // The same beginning twice.
        if let last = blocks.last, last.index == block.index, !last.isClosed, last.kind == block.kind,
            last.id == block.id, last.content.isEmpty, block.content.isEmpty, last.arguments.isEmpty,
            block.arguments.isEmpty
        {
            return
        }
        begin(block, into: &events)
    }

    private mutating func begin(_ new: AnthropicBlock, into events: inout [StreamEvent]) {
        var block = new
        switch block.kind {
        case .text: if !block.text.isEmpty { events.append(.text(block.text)) }
        case .thinking: if !block.text.isEmpty { events.append(.thinking(block.text)) }
        case .toolUse:
            block.call = callCount
            callCount += 1
            if block.id.isEmpty { block.id = PartialToolCall.madeUpID(block.call) }
            // Results are told apart by it.
            while blocks.contains(where: { $0.kind == .toolUse && $0.id == block.id }) {
                block.id += "_\(block.call + 1)"
            }
            events.append(
                .toolCall(
                    ToolCallDelta(index: block.call, id: block.id, name: block.name, arguments: block.arguments.told)
                )
            )
            outputByteCount += block.name.utf8.count + block.arguments.told.utf8.count
        case .redactedThinking, .other: break
        }
        if block.hasCitations, block.kind == .text { note("citations") }
        outputByteCount += block.text.utf8.count
        blocks.append(block)
    }

    private mutating func note(_ loss: String) {
        if !losses.contains(loss) { losses.append(loss) }
    }

    /// Takes a piece of a block. It says itself what it is: text inside a call is text.
    /// - Parameter index: the vendor's number of the block; `nil` for the latest.
    mutating func readDelta(
        _ json: inout JSONReader,
        of index: Int?,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        guard let place = place(of: index) else {
            throw json.failure("a piece of block \(index ?? 0), which never began")
        }
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "type": try json.skipValue()
            case "partial_json" where try json.kind() == .object:
                // The arguments themselves, where text of them is due.
                try takeArguments(try json.rawValue().description, at: place, json, isText: false, into: &events)
            case "text", "thinking", "partial_json", "signature":
                guard try json.kind() == .string else {
                    try json.skipValue()
                    continue
                }
                if "text" ~= key {
                    try take(.text, &json, at: place, into: &events)
                } else if "thinking" ~= key {
                    try take(.thinking, &json, at: place, into: &events)
                } else if "partial_json" ~= key {
                    let start = json
                    try takeArguments(try json.string(), at: place, start, isText: true, into: &events)
                } else {
                    try takeSignature(&json, at: place)
                }
            case "citation": if try json.holdsSomething() { note("citations") }
            default:
                if blocks[place].kind == .other {
                    try blocks[place].grow(key.string, &json)
                } else {
                    try json.skipValue()
                }
            }
        }
    }

    /// Takes text or thinking, into a block of its own where the one that it is in is of another kind.
    @inline(__always)
    private mutating func take(
        _ kind: AnthropicBlock.Kind,
        _ json: inout JSONReader,
        at place: Int,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        let place = blocks[place].kind == kind ? place : try implicitBlock(kind, beside: place, json)
        let more = try blocks[place].content.take(&json)
        guard !more.isEmpty else { return }
        outputByteCount += more.utf8.count
        events.append(kind == .text ? .text(more) : .thinking(more))
    }

    @inline(never)
    private mutating func implicitBlock(
        _ kind: AnthropicBlock.Kind,
        beside place: Int,
        _ json: JSONReader
    ) throws(JSONReader.Failure) -> Int {
        // No vendor numbers blocks below zero.
        let index = -1 - blocks[place].index
        if let known = blocks.lastIndex(where: { $0.index == index && $0.kind == kind }) { return known }
        guard blocks.count < Self.limit else { throw json.failure("more than \(Self.limit) content blocks") }
        blocks.append(.implicit(kind, index: index))
        return blocks.count - 1
    }

    /// - Parameters:
    ///   - start: where the arguments stand.
    ///   - isText: whether they stand there as a string, which may be cut inside a character.
    private mutating func takeArguments(
        _ piece: String,
        at place: Int,
        _ start: JSONReader,
        isText: Bool,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        guard !piece.isEmpty else { return }
        var place = place
        if blocks[place].kind != .toolUse, blocks[place].kind != .other {
            // Servers that lose count: what is written belongs to the call that is open.
            guard let call = blocks.lastIndex(where: { $0.kind == .toolUse }) else {
                throw start.failure("expected a tool call that these arguments belong to")
            }
            place = call
        }
        let more = try blocks[place].takeArguments(piece, isText ? start : nil)
        guard !more.isEmpty else { return }
        outputByteCount += more.utf8.count
        guard blocks[place].kind == .toolUse else { return }
        events.append(.toolCall(ToolCallDelta(index: blocks[place].call, arguments: more)))
    }

    private mutating func takeSignature(_ json: inout JSONReader, at place: Int) throws(JSONReader.Failure) {
        let more = try json.string()
        let isThinking = blocks[place].kind == .thinking
        guard let place = isThinking ? place : blocks.lastIndex(where: { $0.kind == .thinking }) else { return }
        // In place: a copy per piece would make a long one quadratic.
        if blocks[place].signature == nil {
            blocks[place].signature = more
        } else {
            blocks[place].signature?.append(more)
        }
    }

    /// Notes that a block is whole. A tool that takes no arguments is called with none written at all.
    mutating func endBlock(_ index: Int?, into events: inout [StreamEvent]) {
        if let place = place(of: index) { close(place, into: &events) }
    }

    private mutating func close(_ place: Int, into events: inout [StreamEvent]) {
        guard !blocks[place].isClosed else { return }
        blocks[place].isClosed = true
        let isCall = blocks[place].kind == .toolUse || !blocks[place].arguments.isEmpty
        let rest = isCall ? blocks[place].arguments.end() : blocks[place].content.finish()
        guard !rest.isEmpty else { return }
        switch blocks[place].kind {
        case .text: events.append(.text(rest))
        case .thinking: events.append(.thinking(rest))
        case .toolUse: events.append(.toolCall(ToolCallDelta(index: blocks[place].call, arguments: rest)))
        case .redactedThinking, .other: break
        }
    }

    private func place(of index: Int?) -> Int? {
        guard let index else { return blocks.indices.last }
        // Blocks come one after the other, so it is nearly always the last.
        if let last = blocks.indices.last, blocks[last].index == index { return last }
        return blocks.lastIndex { $0.index == index }
    }

    /// The answer has ended: what waited for more is told as it is.
    mutating func end(into events: inout [StreamEvent]) {
        if blocks.isEmpty {
            for block in initialBlocks { begin(block, into: &events) }
        }
        // A refusal without a text of its own: what the vendor says of it is what there is to read.
        if stopReason == "refusal", let explanation,
            !blocks.contains(where: { $0.kind == .text && !$0.content.isEmpty })
        {
            var block = AnthropicBlock.implicit(.text, index: blocks.count)
            block.content = CutText(explanation)
            begin(block, into: &events)
        }
        for place in blocks.indices { close(place, into: &events) }
    }

    /// The answer as a whole.
    /// - Throws: what the vendor says is a failure.
    func response(serviceTier: String?) throws(DecodingFailure) -> ChatResponse {
        guard blocks.allSatisfy({ $0.kind != .toolUse || !$0.name.isEmpty }) else { throw FinishMeaning.nameIsMissing }
        var response = ChatResponse(
            ChatMessage(.assistant, parts: blocks.compactMap(\.part)),
            finish: try finish(),
            servedModel: model,
            id: id
        )
        if let serviceTier { response.serviceTier = ServiceTier(serviceTier) }
        return response
    }

    private func finish() throws(DecodingFailure) -> FinishReason {
        // Some servers say that the turn is over whatever the model wrote.
        let end: FinishReason = callCount > 0 ? .toolCalls : .stop
        guard let stopReason else { return isWhole ? end : .other("unknown") }
        switch FinishMeaning.of(stopReason) {
        case .success?: return end
        case .reason(let reason)?: return reason
        case .calls?:
            if callCount > 0 { return .toolCalls }
            let isEmpty = blocks.allSatisfy { $0.kind == .thinking || $0.kind == .redactedThinking || $0.part == nil }
            if isEmpty { throw FinishMeaning.callIsMissing }
            // The vendor's own tools are called by blocks that only it knows.
            return blocks.contains { $0.kind == .other } ? .toolCalls : FinishMeaning.textWithoutCall
        case .failure?: throw FinishMeaning.failed(stopReason)
        case .nothing?, nil: return .other(stopReason)
        }
    }
}
