/// Reads Chat Completions, whole or in chunks.
///
/// A chunk is a completion whose `message` is called `delta`, so one walk serves both. Fields, event types and enum values
/// that nobody here knows are passed over: vendors add them without asking.
struct OpenAIDecoder: AnswerDecoder {
    private(set) var answer = OpenAIAnswer()
    private(set) var isComplete = false
    private var usage = OpenAIUsage()
    /// Whether the walk met something that only errors have.
    private var sawError = false
    /// Whether it met a member of an answer.
    private var sawAnswer = false

    /// Whether several answers were asked for, so that a choice's number tells which it belongs to.
    private let mayHaveAlternatives: Bool

    init(cachedTokens: Int? = nil, mayHaveAlternatives: Bool = true) {
        self.mayHaveAlternatives = mayHaveAlternatives
        usage.countCached(cachedTokens)
    }

    mutating func readAnswer(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodingFailure) {
        var events: [StreamEvent] = []
        try readCompletion(bytes, into: &events, isWhole: true)
        guard answer.hasChoice else {
            try refuse(bytes)
            throw .shape(JSONReader.Failure(message: "expected `choices` with an answer in it", offset: bytes.count))
        }
        complete(into: &events, isWhole: true)
    }

    mutating func readEvent(
        _ data: UnsafeBufferPointer<UInt8>,
        into events: inout [StreamEvent]
    ) throws(DecodingFailure) {
        guard !isComplete else { return }
        sawAnswer = false
        try readCompletion(data, into: &events, isWhole: false)
        if !sawAnswer { try refuse(data) }
    }

    mutating func readEndMarker(into events: inout [StreamEvent]) { complete(into: &events) }

    mutating func readEnd(into events: inout [StreamEvent]) {
        if answer.hasFinish { complete(into: &events) }
    }

    private mutating func complete(into events: inout [StreamEvent], isWhole: Bool = false) {
        guard !isComplete else { return }
        answer.end(into: &events, isWhole: isWhole)
        isComplete = true
    }

    var hasReason: Bool { answer.hasFinish }
    var servedModel: String? { answer.model }
    var losses: [String] { answer.losses }

    var reportedUsage: ReportedUsage {
        ReportedUsage(
            usage: usage.normalised,
            hasInput: usage.hasInput,
            hasOutput: usage.hasOutput,
            outputByteCount: answer.outputByteCount
        )
    }

    func response() throws(DecodingFailure) -> ChatResponse { try answer.response() }

    private mutating func readCompletion(
        _ bytes: UnsafeBufferPointer<UInt8>,
        into events: inout [StreamEvent],
        isWhole: Bool
    ) throws(DecodingFailure) {
        do throws(JSONReader.Failure) {
            var json = JSONReader(bytes, repairsText: true)
            try readMembers(&json, into: &events, isWhole: isWhole)
            try json.expectEnd()
        } catch {
            throw .shape(error)
        }
        // Rare, so the bytes are walked over again, by the reader that knows all forms of errors.
        guard sawError else { return }
        throw .vendor(VendorError(anyOf: bytes))
    }

    /// What is no answer, and says in some way of its own what went wrong, is an error.
    private func refuse(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodingFailure) {
        let error: VendorError?
        do throws(JSONReader.Failure) { error = try VendorError.read(bytes) } catch { throw .shape(error) }
        if let error, error.message != nil { throw .vendor(error) }
    }

    private mutating func readMembers(
        _ json: inout JSONReader,
        into events: inout [StreamEvent],
        isWhole: Bool
    ) throws(JSONReader.Failure) {
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "choices":
                guard try json.enterArray() else { continue }
                sawAnswer = true
                var position = 0
                while try json.nextElement() {
                    if try json.takeNull() { continue }
                    try readChoice(&json, at: position, into: &events, isWhole: isWhole)
                    position += 1
                }
            case "id":
                if answer.id == nil { answer.id = try json.word() } else { try json.skipValue() }
            case "model": if answer.model == nil { answer.model = try json.word() } else { try json.skipValue() }
            case "usage":
                sawAnswer = true
                try usage.read(&json)
            case "service_tier": answer.serviceTier = try json.word() ?? answer.serviceTier
            case "error", "errors": try noteError(&json)
            case "base_resp": try readBaseResponse(&json)
            case "object":
                guard try json.kind() == .string else {
                    try json.skipValue()
                    continue
                }
                // Compared in place: it is there in every chunk.
                if "error" ~= (try json.key()) { sawError = true } else { sawAnswer = true }
            case "x_groq": try readGroq(&json)
            case "citations", "search_results": try answer.noteLoss(.citations, ifAny: &json)
            default: try json.skipValue()
            }
        }
    }

    private mutating func readChoice(
        _ json: inout JSONReader,
        at position: Int,
        into events: inout [StreamEvent],
        isWhole: Bool
    ) throws(JSONReader.Failure) {
        var findings = OpenAIAnswer.Findings()
        let start = json
        if try !answer.readChoice(&json, at: position, into: &events, &findings, isWhole: isWhole),
            !mayHaveAlternatives, position == 0, try json.isAtEndOfArray()
        {
            // The only one there is, of the only answer there is: some servers number the chunks.
            json = start
            _ = try answer.readChoice(&json, at: nil, into: &events, &findings, isWhole: isWhole)
        }
        for var report in findings.usage { try usage.read(&report) }
        if findings.hasError { sawError = true }
    }

    private mutating func noteError(_ json: inout JSONReader) throws(JSONReader.Failure) {
        if try json.holdsSomething() { sawError = true }
    }

    /// MiniMax's own object, which says in a 200 that a call failed.
    private mutating func readBaseResponse(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            if "status_code" ~= key {
                if try json.tokenCount() ?? 0 > 0 { sawError = true }
            } else {
                try json.skipValue()
            }
        }
    }

    /// Groq's own object: the usage of a stream, and errors after its start.
    private mutating func readGroq(_ json: inout JSONReader) throws(JSONReader.Failure) {
        sawAnswer = true
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "usage": try usage.read(&json)
            case "error": try noteError(&json)
            default: try json.skipValue()
            }
        }
    }
}
