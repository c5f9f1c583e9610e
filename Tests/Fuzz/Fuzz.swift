// The fuzz target of the parsers, compiled together with the library's sources by Scripts/fuzz. LLMKIT_FUZZ chooses what
// is fuzzed: json, sse, openai, anthropic, safetensors or tokenizer. Besides crashes it looks for broken promises: cutting
// the bytes elsewhere must not change what comes out.
import CPlatform

private let target = getenv("LLMKIT_FUZZ").map { String(cString: $0) } ?? "json"

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: data, count: size)
    switch target {
    case "sse": fuzzServerSentEvents(bytes)
    case "openai":
        fuzzAnswer(bytes, OpenAIDecoder()) { response in
            let service = OpenAIService(dialect: .compatible, created: 0)
            var encoder = OpenAIStreamEncoder(id: "x", model: "m", created: 0, tellsUsage: true)
            return (service.encodeAnswer(response), encoder.begin() + encoder.encode(.end(response)))
        }
    case "anthropic":
        fuzzAnswer(bytes, AnthropicDecoder()) { response in
            var encoder = AnthropicStreamEncoder(id: "x", model: "m")
            return (AnthropicService().encodeAnswer(response), encoder.begin() + encoder.encode(.end(response)))
        }
    case "safetensors": fuzzSafetensors(bytes)
    case "tokenizer": fuzzTokenizer(bytes)
    default: fuzzJSON(bytes)
    }
    return 0
}

/// Whatever is read twice must read the same, and a raw value must be JSON again.
private func fuzzJSON(_ bytes: UnsafeBufferPointer<UInt8>) {
    var reader = JSONReader(bytes)
    guard let raw = try? reader.rawValue() else { return }
    guard (try? JSONText(raw.description)) != nil else { fatalError("a raw value that is not JSON: \(raw)") }
    readEverything(bytes)
}

private func readEverything(_ bytes: UnsafeBufferPointer<UInt8>) {
    var reader = JSONReader(bytes)
    func value() throws {
        switch try reader.kind() {
        case .object:
            try reader.beginObject()
            while let key = try reader.nextKey() {
                _ = key.string
                try value()
            }
        case .array:
            try reader.beginArray()
            while try reader.nextElement() { try value() }
        case .string: _ = try reader.string()
        case .number: _ = try reader.double()
        case .bool: _ = try reader.bool()
        case .null: _ = try reader.takeNull()
        }
    }
    try? value()
}

private func fuzzServerSentEvents(_ bytes: UnsafeBufferPointer<UInt8>) {
    let whole = events(bytes, pieces: bytes.count)
    for pieces in [1, 2, 3, 7] where events(bytes, pieces: pieces) != whole {
        fatalError("cut in pieces of \(pieces) bytes, other events come out")
    }
}

private func events(_ bytes: UnsafeBufferPointer<UInt8>, pieces: Int) -> [String] {
    var parser = ServerSentEventParser(limit: 1 << 16)
    var events: [String] = []
    var start = 0
    while start < bytes.count {
        let end = min(bytes.count, start + max(1, pieces))
        do {
            try parser.feed(UnsafeBufferPointer(rebasing: bytes[start..<end])) { event in
                events.append(event.name.string + "|" + String(decoding: event.data, as: UTF8.self))
            }
        } catch { return events + ["error"] }
        start = end
    }
    return events
}

/// The same stream must read the same however it is cut, and a whole answer must not trap either.
private func fuzzAnswer<Decoder: AnswerDecoder>(
    _ bytes: UnsafeBufferPointer<UInt8>,
    _ fresh: Decoder,
    _ write: (ChatResponse) -> (whole: [UInt8], stream: [UInt8])
) {
    let whole = read(bytes, pieces: bytes.count, fresh)
    for pieces in [1, 5] where read(bytes, pieces: pieces, fresh) != whole {
        fatalError("cut in pieces of \(pieces) bytes, another answer comes out")
    }
    if let response = whole.response, Saying(of: whole.events) != Saying(of: response) {
        fatalError("the events say something else than the end: \(whole.events) and \(response)")
    }
    var decoder = fresh
    try? decoder.readBody(Array(bytes), as: ServerSentEventParser.self)
    _ = decoder.reportedUsage.usage.total
    guard decoder.isComplete, let response = try? decoder.response() else { return }
    // A call without a name, or without an object of arguments, is no vendor's to write.
    let isSound = response.toolCalls.allSatisfy {
        !$0.name.isEmpty && $0.arguments.first == "{" && (try? JSONText($0.arguments)) != nil
    }
    guard isSound else { return }
    // What was read must read the same when it is written again, whole and streamed.
    let written = write(response)
    for body in [written.whole, written.stream] {
        var again = fresh
        do { try again.readBody(body, as: ServerSentEventParser.self) } catch { fatalError("unreadable: \(error)") }
        guard let copy = try? again.response() else { fatalError("what was written again is no answer") }
        guard Saying(of: copy) == Saying(of: response) else { fatalError("another answer: \(copy) of \(response)") }
    }
}

/// What a reader of the stream would see.
private struct Reading: Equatable {
    var events: [StreamEvent] = []
    var response: ChatResponse?
    var usage = Usage()
    var failed = false
}

private func read<Decoder: AnswerDecoder>(
    _ bytes: UnsafeBufferPointer<UInt8>,
    pieces: Int,
    _ initial: Decoder
) -> Reading {
    var (decoder, reading) = (initial, Reading())
    var parser = ServerSentEventParser(limit: 1 << 16)
    var start = 0
    while start < bytes.count, !reading.failed {
        let end = min(bytes.count, start + max(1, pieces))
        do {
            try parser.feed(UnsafeBufferPointer(rebasing: bytes[start..<end])) { event in
                try decoder.read(event, into: &reading.events)
            }
        } catch {
            reading.failed = true
        }
        start = end
    }
    reading.response = decoder.isComplete ? try? decoder.response() : nil
    reading.usage = decoder.reportedUsage.filled(inputByteCount: 10, isComplete: decoder.isComplete)
    return reading
}
