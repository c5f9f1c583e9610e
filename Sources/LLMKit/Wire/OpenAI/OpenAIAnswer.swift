/// What a Chat Completions answer has said so far.
struct OpenAIAnswer: Sendable {
    var id: String?
    var model: String?
    var serviceTier: String?
    private(set) var hasChoice = false
    var outputByteCount = 0
    var text = CutText()
    var thinking = CutText()
    var refusal = CutText()
    var calls = ToolCallAssembler()
    /// What must go back to the vendor with the message.
    var members = OpenAIMessageMembers()
    var finish = OpenAIFinish()
    private(set) var losses: [String] = []
    private var logProbabilities: [TokenLogProbability]?
    /// Whether any of the answer came in a `delta`.
    var hasDelta = false
    /// Whether calls came as a list, so that a single `function_call` repeats one of them.
    var hasCallList = false

    /// What a choice holds that is the decoder's to know.
    struct Findings {
        var usage: [JSONReader] = []
        var hasError = false
    }

    /// What answers hold and a ``ChatResponse`` has no place for.
    enum Loss: String {
        case citations
        case audio
        case images = "images of the answer"
    }

    /// Whether the vendor has said why the answer ends.
    var hasFinish: Bool { finish.isKnown }

    /// Takes an element of `choices`, if it belongs to the first answer: where a server gives several, the others are
    /// alternatives to it and no part of it.
    /// - Parameter position: which element it is, for servers that do not number them; `nil` if it is the answer's,
    ///   whatever its number.
    /// - Returns: whether it belongs to the answer.
    mutating func readChoice(
        _ json: inout JSONReader,
        at position: Int?,
        into events: inout [StreamEvent],
        _ findings: inout Findings,
        isWhole: Bool
    ) throws(JSONReader.Failure) -> Bool {
        let number = try Self.enterChoice(&json, else: position ?? 0)
        guard number == 0 || position == nil else {
            while try json.nextKey() != nil { try json.skipValue() }
            return false
        }
        hasChoice = true
        // A message beside the deltas of a stream repeats them, and so does a delta beside a whole message.
        var repetition: JSONReader?
        var legacyText: JSONReader?
        var hasMessage = false
        while let key = try json.nextKey() {
            switch key {
            case "delta" where !isWhole, "message" where isWhole:
                guard try json.kind() == .object else {
                    try json.skipValue()
                    continue
                }
                hasMessage = true
                let known = events.count
                try readMessage(&json, into: &events, &findings, isWhole: isWhole)
                if events.count > known { hasDelta = true }
            case "delta", "message": repetition = try json.bookmark()
            case "finish_reason": try finish.read(&json)
            case "native_finish_reason": try finish.readNative(&json)
            case "logprobs": try readLogProbabilities(&json)
            case "usage": findings.usage.append(try json.bookmark())
            case "error": if try json.holdsSomething() { findings.hasError = true }
            case "finishReason": try finish.read(&json)
            // Of the older interface, which some servers keep; where there is a delta, it repeats that.
            case "text": legacyText = try json.bookmark()
            default: try json.skipValue()
            }
        }
        if var legacyText, !hasMessage, repetition == nil, try legacyText.kind() == .string {
            try readContent(&legacyText, into: &events)
        }
        if var repetition, try repetition.kind() == .object {
            try readRepetition(&repetition, into: &events, &findings, isWhole: isWhole)
        }
        return true
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

    /// Notes a loss, if the value that comes next holds something.
    mutating func noteLoss(_ loss: Loss, ifAny json: inout JSONReader) throws(JSONReader.Failure) {
        if try json.holdsSomething() { note(loss.rawValue) }
    }

    mutating func note(_ loss: String) {
        if !losses.contains(loss) { losses.append(loss) }
    }

    /// The answer has ended: what waited for more is told as it is.
    mutating func end(into events: inout [StreamEvent], isWhole: Bool) {
        let rest = thinking.finish()
        if !rest.isEmpty { events.append(.thinking(rest)) }
        for more in [text.finish(), refusal.finish()] where !more.isEmpty { events.append(.text(more)) }
        calls.end(into: &events)
        finish.end(isWhole: isWhole)
    }

    /// The answer as a whole.
    func response() throws(DecodingFailure) -> ChatResponse {
        guard hasChoice else {
            throw .shape(JSONReader.Failure(message: "the stream ended without an answer in it", offset: 0))
        }
        var parts: [ChatMessage.Part] = []
        if !thinking.isEmpty { parts.append(.thinking(Thinking(thinking.text, origin: OpenAIDialect.wireFormat))) }
        if let members = members.part { parts.append(.vendor(members)) }
        if !text.isEmpty { parts.append(.text(text.text)) }
        if !refusal.isEmpty { parts.append(.text(refusal.text)) }
        let calls = calls.finished
        guard calls.allSatisfy({ !$0.name.isEmpty }) else { throw FinishMeaning.nameIsMissing }
        parts += calls.map { .toolCall($0) }
        var response = ChatResponse(
            ChatMessage(.assistant, parts: parts),
            finish: refusal.isEmpty
                ? try finish.reason(hasCalls: !calls.isEmpty, hasContent: !text.isEmpty) : .refusal,
            servedModel: model,
            id: id,
            logProbabilities: logProbabilities
        )
        response.serviceTier = Self.serviceTier(serviceTier)
        return response
    }

    private static func serviceTier(_ name: String?) -> ServiceTier {
        switch name {
        case nil, "default", "auto", "standard", "on_demand": .standard
        case let name?: ServiceTier(name)
        }
    }
}
