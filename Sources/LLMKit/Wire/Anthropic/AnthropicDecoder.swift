/// Reads Messages answers, whole or event by event.
///
/// Events are told apart by the `type` in their data, which is always there. Types, fields and enum values that nobody here
/// knows are passed over.
struct AnthropicDecoder: AnswerDecoder {
    private(set) var answer = AnthropicAnswer()
    private(set) var isComplete = false
    private var usage = AnthropicUsage()
    private var hasBegun = false

    /// Where the parts of an event lie: the type may come after them.
    private struct Envelope {
        var type: JSONKey?
        var index: Int?
        var message: JSONReader?
        var block: JSONReader?
        var delta: JSONReader?
        var usage: JSONReader?
        var isError = false
    }

    /// What an event turned out to be.
    private enum Step {
        case fine, error
        /// The beginning of another answer inside of this one.
        case splice
    }

    mutating func readAnswer(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodingFailure) {
        var isError = false
        var events: [StreamEvent] = []
        do throws(JSONReader.Failure) {
            var json = JSONReader(bytes, repairsText: true)
            isError = try readMessage(&json, isWhole: true, into: &events)
            try json.expectEnd()
        } catch {
            throw .shape(error)
        }
        if isError { throw .vendor(VendorError(anyOf: bytes)) }
        guard answer.hasContent else {
            try refuse(bytes)
            throw .shape(JSONReader.Failure(message: "expected `content`", offset: bytes.count))
        }
        complete(into: &events)
    }

    mutating func readEvent(
        _ data: UnsafeBufferPointer<UInt8>,
        into events: inout [StreamEvent]
    ) throws(DecodingFailure) {
        guard !isComplete else { return }
        let envelope: Envelope
        let step: Step
        do throws(JSONReader.Failure) {
            envelope = try Self.open(data)
            step = envelope.isError ? .error : try take(envelope, data, into: &events)
        } catch {
            throw .shape(error)
        }
        switch step {
        case .fine: if envelope.type == nil { try refuse(data) }
        case .error: throw .vendor(VendorError(anyOf: data))
        case .splice: throw .cut("another answer began before this one had ended")
        }
    }

    /// The marker of another format, which some gateways send: it ends what has a reason to end.
    mutating func readEndMarker(into events: inout [StreamEvent]) { readEnd(into: &events) }

    mutating func readEnd(into events: inout [StreamEvent]) {
        if answer.stopReason != nil { complete(into: &events) }
    }

    private mutating func complete(into events: inout [StreamEvent]) {
        guard !isComplete else { return }
        answer.end(into: &events)
        isComplete = true
    }

    var hasReason: Bool { answer.stopReason != nil }
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

    func response() throws(DecodingFailure) -> ChatResponse {
        try answer.response(serviceTier: usage.serviceTier)
    }

    /// What is no answer, and says in some way of its own what went wrong, is an error.
    private func refuse(_ bytes: UnsafeBufferPointer<UInt8>) throws(DecodingFailure) {
        let error: VendorError?
        do throws(JSONReader.Failure) { error = try VendorError.read(bytes) } catch { throw .shape(error) }
        if let error, error.message != nil { throw .vendor(error) }
    }

    private static func open(_ data: UnsafeBufferPointer<UInt8>) throws(JSONReader.Failure) -> Envelope {
        var envelope = Envelope()
        var json = JSONReader(data, repairsText: true)
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "type":
                if try json.kind() == .string { envelope.type = try json.key() } else { try json.skipValue() }
            case "index": envelope.index = try json.listIndex()
            case "message": envelope.message = try json.objectBookmark()
            case "content_block": envelope.block = try json.objectBookmark()
            case "delta": envelope.delta = try json.objectBookmark()
            case "usage": envelope.usage = try json.objectBookmark()
            case "error": if try json.holdsSomething() { envelope.isError = true }
            default: try json.skipValue()
            }
        }
        try json.expectEnd()
        return envelope
    }

    private mutating func take(
        _ envelope: Envelope,
        _ data: UnsafeBufferPointer<UInt8>,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) -> Step {
        guard let type = envelope.type else { return .fine }
        switch type {
        case "content_block_delta":
            guard var delta = envelope.delta else { break }
            try answer.readDelta(&delta, of: envelope.index, into: &events)
        case "content_block_start":
            guard var block = envelope.block else { break }
            try answer.readBlock(&block, index: envelope.index, into: &events)
        case "content_block_stop": answer.endBlock(envelope.index, into: &events)
        case "message_start":
            guard var message = envelope.message else {
                throw JSONReader.Failure(message: "expected `message` as an object", offset: 0)
            }
            return try begin(&message, into: &events)
        case "message_delta":
            if var delta = envelope.delta { try readStop(&delta) }
            if var report = envelope.usage { try usage.read(&report, isFinal: true) }
        case "message_stop":
            if var report = envelope.usage { try usage.read(&report, isFinal: true) }
            complete(into: &events)
        case "message":
            // A whole answer as one event.
            var json = JSONReader(data, repairsText: true)
            if try readMessage(&json, isWhole: !answer.hasBlocks, into: &events) { return .error }
            if answer.stopReason != nil || answer.hasContent { complete(into: &events) }
        case "error": return .error
        default: break
        }
        return .fine
    }

    private mutating func begin(
        _ message: inout JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) -> Step {
        if hasBegun {
            var ahead = message
            let id = try Self.id(of: &ahead)
            // The same beginning twice is one; after a block, it is another round's, whatever its id.
            let isSame = !answer.hasBlocks && (answer.id == nil || id == nil || id == answer.id)
            if !isSame {
                guard answer.stopReason != nil else { return .splice }
                // The first had ended but for its marker.
                complete(into: &events)
                return .fine
            }
        }
        hasBegun = true
        return try readMessage(&message, isWhole: false, into: &events) ? .error : .fine
    }

    private static func id(of message: inout JSONReader) throws(JSONReader.Failure) -> String? {
        var id: String?
        try message.beginObject()
        while let key = try message.nextKey() {
            if "id" ~= key { id = try message.word() } else { try message.skipValue() }
        }
        return id
    }

    /// The members of a message: all of a whole answer, or what a stream begins with.
    /// - Returns: whether it is an error instead.
    private mutating func readMessage(
        _ json: inout JSONReader,
        isWhole: Bool,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) -> Bool {
        var isError = false
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "id": answer.id = try json.word() ?? answer.id
            case "model": answer.model = try json.word() ?? answer.model
            case "type": if try json.word() == "error" { isError = true }
            case "error": if try json.holdsSomething() { isError = true }
            case "content":
                if isWhole {
                    try answer.readContent(&json, into: &events)
                } else {
                    try answer.readInitialContent(&json)
                }
            case "stop_reason": answer.stopReason = try json.finishReason() ?? answer.stopReason
            case "stop_details": try readDetails(&json)
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
            case "stop_reason": answer.stopReason = try json.finishReason() ?? answer.stopReason
            case "stop_details": try readDetails(&json)
            case "usage": try usage.read(&json, isFinal: true)
            default: try json.skipValue()
            }
        }
    }

    private mutating func readDetails(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            if "explanation" ~= key {
                answer.explanation = try json.word() ?? answer.explanation
            } else {
                try json.skipValue()
            }
        }
    }
}
