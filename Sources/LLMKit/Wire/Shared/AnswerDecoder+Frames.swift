extension AnswerDecoder {
    /// Takes an event of a stream as it was framed: errors by name, end markers, and events that say nothing included.
    @inline(__always)
    mutating func read(_ frame: StreamFrame, into events: inout [StreamEvent]) throws(DecodingFailure) {
        if frame.data.first == UInt8(ascii: "{"), !frame.isJoined, !("error" ~= frame.name) {
            return try readEvent(frame.data, into: &events)
        }
        try readUnusual(frame, into: &events)
    }

    @inline(never)
    private mutating func readUnusual(
        _ frame: StreamFrame,
        into events: inout [StreamEvent]
    ) throws(DecodingFailure) {
        let data = frame.data.trimmed
        // What comes after the answer's end is not its.
        guard !isComplete, let first = data.first else { return }
        if frame.isJoined, let documents = data.documents {
            // Events that one line end divides, where two are due.
            for document in documents { try read(StreamFrame(name: .none, data: document), into: &events) }
            return
        }
        if "error" ~= frame.name { throw .vendor(VendorError(anyOf: data)) }
        if first == UInt8(ascii: "{") { return try readEvent(data, into: &events) }
        if data.isEndMarker { return try readEndMarker(into: &events) }
        let elements = first == UInt8(ascii: "[") ? data.objectsInArray : []
        guard elements.isEmpty else {
            for element in elements { try read(StreamFrame(name: .none, data: element), into: &events) }
            return
        }
        try readWord(data)
    }

    /// Takes what is neither an object nor a marker. A value that is no object says nothing; what is no JSON at all was
    /// meant to say something, unless the answer has said why it ends.
    private mutating func readWord(_ data: UnsafeBufferPointer<UInt8>) throws(DecodingFailure) {
        do throws(JSONReader.Failure) {
            var json = JSONReader(data, repairsText: true)
            guard try json.kind() != .array else { throw json.failure("expected an object") }
            try json.skipValue()
            try json.expectEnd()
        } catch {
            let start = String(decoding: data.prefix(32), as: UTF8.self).lowercased()
            if hasReason || Self.keepAlives.contains(start) { return }
            if start.hasPrefix("error") || start.hasPrefix("[error]") { throw .vendor(VendorError(anyOf: data)) }
            throw .shape(JSONReader.Failure(message: "expected an object", offset: error.offset))
        }
    }

    /// What servers and proxies send so that a connection stays open.
    private static var keepAlives: Set<String> { ["ping", "keep-alive", "keepalive", "heartbeat"] }

    /// Takes a body that came whole, whether it is a document or the events of a stream: its bytes decide, not its label.
    mutating func readBody<Framing: StreamFraming>(_ body: [UInt8], as: Framing.Type) throws {
        try body.withUnsafeBufferPointer { bytes in
            let text = bytes.withoutByteOrderMark
            guard Framing.matches(text.trimmed) ?? false, text.trimmed.first != UInt8(ascii: "{") else {
                return try readAnswer(text.withoutEndMarkers)
            }
            var framing = Framing()
            var events: [StreamEvent] = []
            try framing.cut(text) { frame throws(DecodingFailure) in try read(frame, into: &events) }
            try readRest(of: &framing, into: &events)
            guard isComplete else { throw DecodingFailure.cut("the answer came as a stream, which breaks off") }
        }
    }

    /// Takes the end of a stream's bytes. An event that was cut there is passed over.
    mutating func readRest(
        of framing: inout some StreamFraming,
        into events: inout [StreamEvent]
    ) throws {
        try framing.end { frame throws(DecodingFailure) in
            let data = frame.data.trimmed
            guard frame.isJoined, let documents = data.documents else {
                guard data.first != UInt8(ascii: "{") || data.isWholeJSON else { return }
                return try read(frame, into: &events)
            }
            for document in documents where document.first != UInt8(ascii: "{") || document.isWholeJSON {
                try read(StreamFrame(name: .none, data: document), into: &events)
            }
        }
        try readEnd(into: &events)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Without the white space around it.
    var trimmed: UnsafeBufferPointer<UInt8> {
        var (start, end) = (startIndex, endIndex)
        while start < end, self[start] <= 0x20 { start += 1 }
        while end > start, self[end - 1] <= 0x20 { end -= 1 }
        return UnsafeBufferPointer(rebasing: self[start..<end])
    }

    /// The lines, if each is a document or a marker of its own rather than a part of one document.
    fileprivate var documents: [UnsafeBufferPointer<UInt8>]? {
        let lines = split(separator: UInt8(ascii: "\n")).map { UnsafeBufferPointer(rebasing: $0).trimmed }
        guard lines.count > 1, let first = lines.first, first.first == UInt8(ascii: "{"), first.isWholeJSON else {
            return nil
        }
        return lines
    }

    /// The elements that are objects, if this is an array of JSON from beginning to end.
    fileprivate var objectsInArray: [UnsafeBufferPointer<UInt8>] {
        var json = JSONReader(self, repairsText: true)
        var objects: [UnsafeBufferPointer<UInt8>] = []
        do throws(JSONReader.Failure) {
            try json.beginArray()
            while try json.nextElement() {
                let isObject = try json.kind() == .object
                let start = json.offset
                try json.skipValue()
                if isObject { objects.append(UnsafeBufferPointer(rebasing: self[start..<json.offset])) }
            }
            try json.expectEnd()
        } catch {
            return []
        }
        return objects
    }

    /// Whether it is a word after which nothing comes: `[DONE]`, with or without brackets and quotes.
    fileprivate var isEndMarker: Bool {
        if first == UInt8(ascii: "\""), count > 2 {
            return UnsafeBufferPointer(rebasing: self[1..<(count - 1)]).isEndMarker
        }
        if starts(with: "[DONE]".utf8) { return true }
        guard count <= 8 else { return false }
        let word = String(decoding: self, as: UTF8.self).lowercased().filter { $0 != "[" && $0 != "]" }
        return word == "done" || word == "eos"
    }

    /// Without the end markers of a stream, which gateways leave behind a document.
    fileprivate var withoutEndMarkers: UnsafeBufferPointer<UInt8> {
        let marker = Array("[DONE]".utf8)
        let field = Array("data:".utf8)
        var text = trimmed
        while text.count > marker.count, text.suffix(marker.count).elementsEqual(marker) {
            let before = UnsafeBufferPointer(rebasing: text.dropLast(marker.count)).trimmed
            guard before.count > field.count, before.suffix(field.count).elementsEqual(field) else { break }
            text = UnsafeBufferPointer(rebasing: before.dropLast(field.count)).trimmed
        }
        return text
    }

    /// Whether it is JSON from beginning to end, so that no number in it is the first digits of another.
    fileprivate var isWholeJSON: Bool {
        var json = JSONReader(self, repairsText: true)
        do throws(JSONReader.Failure) {
            try json.skipValue()
            try json.expectEnd()
            return true
        } catch {
            return false
        }
    }

    /// Without the mark that says which end of a number comes first, which UTF-8 does not need.
    var withoutByteOrderMark: UnsafeBufferPointer<UInt8> {
        starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeBufferPointer(rebasing: self[3...]) : self
    }
}
