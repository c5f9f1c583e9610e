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

    init(cachedTokens: Int? = nil) { usage.countCached(cachedTokens) }

    mutating func readAnswer(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodingFailure) {
        var events: [StreamEvent] = []
        try readCompletion(bytes, into: &events, isWhole: true)
        guard answer.hasChoice else {
            throw .shape(JSONReader.Failure(message: "expected `choices` with an answer in it", offset: bytes.count))
        }
        isComplete = true
    }

    mutating func readEvent(
        _ data: UnsafeBufferPointer<UInt8>,
        into events: inout [StreamEvent]
    ) throws(DecodingFailure) {
        guard !isComplete else { return }
        if data.first == UInt8(ascii: "["), data.starts(with: "[DONE]".utf8) {
            isComplete = true
            return
        }
        try readCompletion(data, into: &events, isWhole: false)
    }

    var servedModel: String? { answer.model }

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
            var json = JSONReader(bytes)
            try readMembers(&json, into: &events, isWhole: isWhole)
            try json.expectEnd()
        } catch {
            throw .shape(error)
        }
        // Rare, so the bytes are walked over again, by the reader that knows all forms of errors.
        guard sawError else { return }
        let error: VendorError?
        do throws(JSONReader.Failure) { error = try VendorError.read(bytes) } catch { throw .shape(error) }
        throw .vendor(error ?? VendorError())
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
                guard try json.kind() == .array else {
                    try json.skipValue()
                    continue
                }
                try json.beginArray()
                var position = 0
                while try json.nextElement() {
                    try answer.readChoice(&json, at: position, into: &events, isWhole: isWhole)
                    position += 1
                }
            case "id": if answer.id == nil { answer.id = try json.stringIfAny() } else { try json.skipValue() }
            case "model": if answer.model == nil { answer.model = try json.stringIfAny() } else { try json.skipValue() }
            case "usage": try usage.read(&json)
            case "service_tier": answer.serviceTier = try json.stringIfAny() ?? answer.serviceTier
            case "error": if try !json.takeNull() { try noteError(&json) }
            case "object": if try json.stringIfAny() == "error" { sawError = true }
            case "x_groq": try readGroq(&json)
            default: try json.skipValue()
            }
        }
    }

    private mutating func noteError(_ json: inout JSONReader) throws(JSONReader.Failure) {
        sawError = true
        try json.skipValue()
    }

    /// Groq's own object: the usage of a stream, and errors after its start.
    private mutating func readGroq(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.kind() == .object else { return try json.skipValue() }
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "usage": try usage.read(&json)
            case "error": if try !json.takeNull() { try noteError(&json) }
            default: try json.skipValue()
            }
        }
    }
}
