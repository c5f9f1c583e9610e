/// Feeds a request to SHA-256 in its canonical form, piece by piece.
///
/// The form is a sequence of fields: a tag of one byte, then either 64 bits of a number, or the length of a text and the
/// text; the tag tells which. Each tag names one property of one kind of thing, an element of a list begins with a field
/// that only it has, and what is not set is left out, so two different requests never give the same bytes. Left out on purpose is what does not change the
/// answer: user, feature, conversation and tags (as far as the router does not look at them), clocks and deadlines, the
/// cache policy.
///
/// Changing anything here makes every stored answer unreachable: then raise ``version``.
struct FingerprintEncoder {
    static let version: UInt64 = 1

    private var hash = SHA256()

    private enum Tag: UInt8 {
        case version = 1
        case tenant, model, models, partition, cachePartition

        case role = 16
        case text, imageData, imageType, imageURL, imageDetail
        case callID, callName, callArguments
        case resultID, resultText, resultIsError
        case thinking, signature, redacted, thinkingOrigin
        case vendorOrigin, vendorJSON
        case callExtra

        case tool = 48
        case toolDescription, toolSchemaName, toolSchema, toolIsStrict, toolChoice, chosenTool, parallelCalls

        case format = 64
        case formatSchemaName, formatSchema

        case temperature = 80
        case topP, maxOutputTokens, stop, seed, logProbabilities, effort
    }

    mutating func encode(_ request: ChatRequest, models: String, partition: String) {
        add(.version, Self.version)
        if !models.isEmpty { add(.models, models) }
        if !partition.isEmpty { add(.partition, partition) }
        add(.cachePartition, request.cachePartition)
        add(.tenant, request.caller.tenant)
        add(.model, request.model?.description)
        for message in request.messages { encode(message) }
        for tool in request.tools { encode(tool) }
        if let choice = request.toolChoice { encode(choice) }
        add(.parallelCalls, request.allowsParallelToolCalls)
        encode(request.responseFormat)
        encode(request.sampling)
        add(.effort, request.reasoningEffort?.description)
    }

    mutating func finalize() -> (UInt64, UInt64, UInt64, UInt64) { hash.finalizeWords() }

    // MARK: Messages

    private mutating func encode(_ message: ChatMessage) {
        let role: UInt64 =
            switch message.role {
            case .system: 1
            case .user: 2
            case .assistant: 3
            case .tool: 4
            }
        add(.role, role)
        for part in message.parts { encode(part) }
    }

    private mutating func encode(_ part: ChatMessage.Part) {
        switch part {
        case .text(let text): add(.text, text)
        case .image(let image): encode(image)
        case .toolCall(let call):
            add(.callID, call.id)
            add(.callName, call.name)
            add(.callArguments, call.arguments)
            if let extra = call.extra { add(.callExtra, extra.origin + "\n" + extra.json.description) }
        case .toolResult(let result):
            add(.resultID, result.callID)
            add(.resultText, result.text)
            add(.resultIsError, result.isError)
        case .thinking(let thinking):
            add(.thinking, thinking.text)
            add(.signature, thinking.signature)
            add(.redacted, thinking.redacted)
            add(.thinkingOrigin, thinking.origin)
        case .vendor(let block):
            add(.vendorOrigin, block.origin)
            add(.vendorJSON, block.json.description)
        }
    }

    private mutating func encode(_ image: ChatImage) {
        switch image.source {
        case .data(let bytes, let mediaType):
            hash.field(Tag.imageData.rawValue, bytes)
            add(.imageType, mediaType)
        case .url(let address): add(.imageURL, address)
        }
        add(.imageDetail, image.detail?.rawValue)
    }

    // MARK: Tools and form

    private mutating func encode(_ tool: Tool) {
        add(.tool, tool.name)
        add(.toolDescription, tool.description)
        add(.toolSchemaName, tool.parameters.name)
        add(.toolSchema, tool.parameters.json.description)
        add(.toolIsStrict, tool.isStrict)
    }

    private mutating func encode(_ choice: ToolChoice) {
        switch choice {
        case .automatic: add(.toolChoice, 1)
        case .none: add(.toolChoice, 2)
        case .required: add(.toolChoice, 3)
        case .tool(let name): add(.chosenTool, name)
        }
    }

    private mutating func encode(_ format: ResponseFormat) {
        switch format {
        case .text: break
        case .json: add(.format, 1)
        case .jsonSchema(let schema):
            add(.formatSchemaName, schema.name)
            add(.formatSchema, schema.json.description)
        }
    }

    private mutating func encode(_ sampling: Sampling) {
        add(.temperature, sampling.temperature)
        add(.topP, sampling.topP)
        add(.maxOutputTokens, sampling.maxOutputTokens)
        for text in sampling.stop { add(.stop, text) }
        add(.seed, sampling.seed)
        add(.logProbabilities, sampling.logProbabilities?.top)
    }

    // MARK: Fields

    private mutating func add(_ tag: Tag, _ number: UInt64) { hash.field(tag.rawValue, number) }

    private mutating func add(_ tag: Tag, _ text: String?) {
        if let text { hash.field(tag.rawValue, text) }
    }

    private mutating func add(_ tag: Tag, _ number: Int?) {
        if let number { add(tag, UInt64(bitPattern: Int64(number))) }
    }

    private mutating func add(_ tag: Tag, _ flag: Bool?) {
        if let flag { add(tag, flag ? 1 : 0) }
    }

    /// Minus zero is zero.
    private mutating func add(_ tag: Tag, _ number: Double?) {
        if let number { add(tag, (number == 0 ? 0 : number).bitPattern) }
    }
}
