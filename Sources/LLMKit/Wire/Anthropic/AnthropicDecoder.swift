/// Reads Messages answers, whole or event by event.
///
/// Events are told apart by the `type` in their data, which is always there. Types, fields and enum values that nobody here
/// knows are passed over.
struct AnthropicDecoder: AnswerDecoder {
    private(set) var answer = AnthropicAnswer()
    private(set) var isComplete = false
    private var usage = AnthropicUsage()

    /// Where the parts of an event lie: the type may come after them.
    private struct Envelope {
        var type: JSONKey?
        var index = 0
        var message: JSONReader?
        var block: JSONReader?
        var delta: JSONReader?
        var usage: JSONReader?
    }

    mutating func readAnswer(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodingFailure) {
        var isError = false
        do throws(JSONReader.Failure) {
            var json = JSONReader(bytes)
            isError = try readMessage(&json, isWhole: true)
            try json.expectEnd()
            guard isError || answer.hasContent else { throw json.failure("expected `content`") }
        } catch {
            throw .shape(error)
        }
        if isError { throw Self.vendorError(bytes) }
        isComplete = true
    }

    mutating func readEvent(
        _ data: UnsafeBufferPointer<UInt8>,
        into events: inout [StreamEvent]
    ) throws(DecodingFailure) {
        guard !isComplete else { return }
        let isError: Bool
        do throws(JSONReader.Failure) { isError = try readEnvelope(data, into: &events) } catch { throw .shape(error) }
        if isError { throw Self.vendorError(data) }
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

    func response() throws(DecodingFailure) -> ChatResponse { answer.response(serviceTier: usage.serviceTier) }

    private static func vendorError(_ bytes: UnsafeBufferPointer<UInt8>) -> DecodingFailure {
        do throws(JSONReader.Failure) { return .vendor(try VendorError.read(bytes) ?? VendorError()) } catch {
            return .shape(error)
        }
    }

    /// - Returns: whether it is an error.
    private mutating func readEnvelope(
        _ data: UnsafeBufferPointer<UInt8>,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) -> Bool {
        var envelope = Envelope()
        var isError = false
        var json = JSONReader(data)
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "type": envelope.type = try json.key()
            case "index": envelope.index = try json.int()
            case "message": envelope.message = try json.bookmark()
            case "content_block": envelope.block = try json.bookmark()
            case "delta": envelope.delta = try json.bookmark()
            case "usage": envelope.usage = try json.bookmark()
            case "error":
                if try json.takeNull() { continue }
                isError = true
                try json.skipValue()
            default: try json.skipValue()
            }
        }
        try json.expectEnd()
        guard !isError else { return true }
        return try take(envelope, into: &events)
    }

    private mutating func take(
        _ envelope: Envelope,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) -> Bool {
        guard let type = envelope.type else { return false }
        switch type {
        case "content_block_delta":
            guard var delta = envelope.delta else { break }
            try answer.readDelta(&delta, of: envelope.index, into: &events)
        case "content_block_start":
            guard var block = envelope.block else { break }
            try answer.readBlock(&block, index: envelope.index, into: &events)
        case "content_block_stop": answer.endBlock(envelope.index, into: &events)
        case "message_start":
            guard var message = envelope.message else { break }
            return try readMessage(&message, isWhole: false)
        case "message_delta":
            if var delta = envelope.delta { try readStop(&delta) }
            if var report = envelope.usage { try usage.read(&report, isFinal: true) }
        case "message_stop": isComplete = true
        case "error": return true
        default: break
        }
        return false
    }

    /// The members of a message: all of a whole answer, or what a stream begins with.
    /// - Returns: whether it is an error instead.
    private mutating func readMessage(_ json: inout JSONReader, isWhole: Bool) throws(JSONReader.Failure) -> Bool {
        var isError = false
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "id": answer.id = try json.stringIfAny()
            case "model": answer.model = try json.stringIfAny()
            case "type": if try json.stringIfAny() == "error" { isError = true }
            case "error":
                if try json.takeNull() { continue }
                isError = true
                try json.skipValue()
            case "content": if isWhole { try answer.readContent(&json) } else { try json.skipValue() }
            case "stop_reason": answer.stopReason = try json.stringIfAny() ?? answer.stopReason
            case "usage": try usage.read(&json, isFinal: isWhole)
            default: try json.skipValue()
            }
        }
        return isError
    }

    private mutating func readStop(_ json: inout JSONReader) throws(JSONReader.Failure) {
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "stop_reason": answer.stopReason = try json.stringIfAny() ?? answer.stopReason
            default: try json.skipValue()
            }
        }
    }
}
