/// Messages, and the pieces of them.
extension OpenAIAnswer {
    mutating func readMessage(
        _ json: inout JSONReader,
        into events: inout [StreamEvent],
        _ findings: inout Findings,
        isWhole: Bool
    ) throws(JSONReader.Failure) {
        // Some vendors write the same reasoning under several names.
        var hasThinking = false
        var details: JSONReader?
        var function: JSONReader?
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "content": try readContent(&json, into: &events)
            case "refusal": try takeRefusal(&json, into: &events)
            case "reasoning_content", "reasoning":
                guard try json.kind() == .string, !hasThinking else {
                    try json.skipValue()
                    continue
                }
                hasThinking = try takeThinking(&json, into: &events)
            case "reasoning_details": details = try json.bookmark()
            case "tool_calls":
                guard try json.enterArray() else { continue }
                var position = 0
                while try json.nextElement() {
                    defer { position += 1 }
                    hasCallList = true
                    guard try json.kind() == .object else {
                        try json.skipValue()
                        continue
                    }
                    outputByteCount += try calls.read(&json, at: position, into: &events, isWhole: isWhole)
                }
            case "function_call": function = try json.objectBookmark()
            case "extra_content": try members.readExtraContent(&json)
            case "usage": findings.usage.append(try json.bookmark())
            case "annotations": try noteLoss(.citations, ifAny: &json)
            case "audio": try noteLoss(.audio, ifAny: &json)
            case "images": try noteLoss(.images, ifAny: &json)
            default: try json.skipValue()
            }
        }
        // Some servers write the same call under the older name as well.
        if var function, !hasCallList { outputByteCount += try calls.readFunction(&function, into: &events) }
        guard var details else { return }
        let told = try members.readReasoningDetails(&details)
        // Where the same is told as plain text, too, that is what people read.
        guard !hasThinking, !told.isEmpty else { return }
        append(thinking: told, to: &events)
    }

    /// Takes a message that repeats what the deltas said, for what it alone brings.
    mutating func readRepetition(
        _ json: inout JSONReader,
        into events: inout [StreamEvent],
        _ findings: inout Findings,
        isWhole: Bool
    ) throws(JSONReader.Failure) {
        var other = OpenAIAnswer()
        var unused: [StreamEvent] = []
        try other.readMessage(&json, into: &unused, &findings, isWhole: true)
        other.calls.end(into: &unused)
        // Servers that never send deltas repeat all that was said so far, or only what is new.
        let isWhatCounts = !hasDelta && !isWhole
        let isLast = isWhole || hasFinish || isWhatCounts
        if thinking.isEmpty || isWhatCounts, let more = Self.news(in: other.thinking.text, after: thinking.text, isLast)
        {
            append(thinking: more, to: &events)
        }
        if let more = Self.news(in: other.text.text, after: text.text, isLast) {
            append(text: more, to: &events)
        } else if isWhatCounts, !other.text.isEmpty, !other.text.text.hasPrefix(text.text) {
            append(text: other.text.text, to: &events)
        }
        if refusal.isEmpty, !other.refusal.isEmpty {
            let more = refusal.take(other.refusal.text)
            outputByteCount += more.utf8.count
            events.append(.text(more))
        }
        if isLast { outputByteCount += calls.add(other.calls, into: &events) }
        members.add(other.members)
        for loss in other.losses { note(loss) }
    }

    /// What a repetition of a text has beyond it; `nil` for nothing, or for another text.
    private static func news(in repetition: String, after known: String, _ isLast: Bool) -> String? {
        guard isLast || known.isEmpty, repetition.utf8.count > known.utf8.count,
            repetition.utf8.starts(with: known.utf8)
        else { return nil }
        return String(repetition.utf8.dropFirst(known.utf8.count))
    }

    /// Text, or a list of chunks among which thinking may be (Mistral).
    mutating func readContent(
        _ json: inout JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        switch try json.kind() {
        case .string: try takeText(&json, into: &events)
        case .null: _ = try json.takeNull()
        case .array:
            try json.beginArray()
            while try json.nextElement() { try readChunk(&json, into: &events) }
        case .object: try readChunk(&json, into: &events)
        case .number, .bool: throw json.failure("expected `content` as text")
        }
    }

    private mutating func readChunk(
        _ json: inout JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        if try json.kind() == .string { return try takeText(&json, into: &events) }
        guard try json.enterObject() else { return }
        while let key = try json.nextKey() {
            switch key {
            case "text", "content", "value":
                switch try json.kind() {
                case .string: try takeText(&json, into: &events)
                // Text with its annotations.
                case .object: try readChunk(&json, into: &events)
                default: try json.skipValue()
                }
            case "thinking": try readThinkingChunk(&json, into: &events)
            case "refusal": try takeRefusal(&json, into: &events)
            default: try json.skipValue()
            }
        }
    }

    private mutating func readThinkingChunk(
        _ json: inout JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        switch try json.kind() {
        case .string: _ = try takeThinking(&json, into: &events)
        case .array:
            try json.beginArray()
            while try json.nextElement() {
                guard try json.enterObject() else { continue }
                while let key = try json.nextKey() {
                    if "text" ~= key, try json.kind() == .string {
                        _ = try takeThinking(&json, into: &events)
                    } else {
                        try json.skipValue()
                    }
                }
            }
        default: try json.skipValue()
        }
    }

    private mutating func takeRefusal(
        _ json: inout JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        guard try json.kind() == .string else { return try json.skipValue() }
        let more = try refusal.take(&json)
        outputByteCount += more.utf8.count
        if !more.isEmpty { events.append(.text(more)) }
    }

    @inline(__always)
    private mutating func takeText(
        _ json: inout JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) {
        let more = try text.take(&json)
        guard !more.isEmpty else { return }
        outputByteCount += more.utf8.count
        events.append(.text(more))
    }

    private mutating func append(text piece: String, to events: inout [StreamEvent]) {
        let more = text.take(piece)
        outputByteCount += more.utf8.count
        events.append(.text(more))
    }

    /// - Returns: whether there was any.
    private mutating func takeThinking(
        _ json: inout JSONReader,
        into events: inout [StreamEvent]
    ) throws(JSONReader.Failure) -> Bool {
        let more = try thinking.take(&json)
        // The first half of a character is something, too.
        guard !more.isEmpty else { return thinking.isCut }
        outputByteCount += more.utf8.count
        events.append(.thinking(more))
        return true
    }

    private mutating func append(thinking piece: String, to events: inout [StreamEvent]) {
        let more = thinking.take(piece)
        outputByteCount += more.utf8.count
        events.append(.thinking(more))
    }
}
