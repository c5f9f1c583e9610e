import CPlatform

/// Cuts a byte stream into server-sent events, by the rules of the HTML standard (§9.2.6).
///
/// Bytes may arrive cut anywhere, also inside a UTF-8 sequence or between CR and LF. An event that lies whole in one
/// piece, with one `data:` line, is delivered without being copied: that is nearly every event of a model's stream.
/// Three things are more than the standard asks, because servers of models rely on them: an `error:` field is an event of
/// that type, a line that begins like a JSON object is data, and an event that no blank line ends is handed on at the end
/// of the stream.
package struct ServerSentEventParser: StreamFraming {
    package static let mediaType = "text/event-stream"

    /// The largest `data` an event may have, in bytes.
    let limit: Int
    /// The last `id:` seen, empty if there was none.
    private(set) var lastEventID = ""
    /// How long the server asks clients to wait before they connect again, from the last `retry:`.
    private(set) var reconnectionTime: Duration?

    /// The start of a line whose end has not arrived yet.
    private var line: [UInt8] = []
    /// The type and data of an event that began in an earlier piece or has several `data:` lines.
    private var name: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var isJoined = false
    /// The last piece ended in CR: an LF at the start of the next belongs to it.
    private var endedInCR = false
    /// How many bytes of a byte order mark were seen at the start; 3 once that question is settled.
    private var markLength = 0

    package init() { self.init(limit: defaultEventLimit) }

    init(limit: Int) { self.limit = limit }

    /// Takes the next bytes and calls `deliver` for every event that they complete.
    /// - Throws: ``LLMError`` with code `responseTooLarge` if an event exceeds ``limit``, and whatever `deliver` throws.
    ///   The parser must not be used after either.
    mutating func feed(_ bytes: [UInt8], _ deliver: (StreamFrame) throws -> Void) throws {
        try bytes.withUnsafeBufferPointer { try feed($0, deliver) }
    }

    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, _ deliver: (StreamFrame) throws -> Void) throws {
        guard !bytes.isEmpty else { return }
        var start = markLength < 3 ? skipByteOrderMark(bytes) : 0
        if endedInCR, start < bytes.count {
            endedInCR = false
            if bytes[start] == Self.lf { start += 1 }
        }
        var fresh = Fresh()
        // Both line ends are searched ahead, so that a stream that uses only one of them is still walked once.
        var nextLF = Self.position(of: Self.lf, in: bytes, from: start)
        var nextCR = Self.position(of: Self.cr, in: bytes, from: start)
        while true {
            let end = min(nextLF, nextCR)
            guard end < bytes.count else { break }
            try takeLine(UnsafeBufferPointer(rebasing: bytes[start..<end]), &fresh, deliver)
            start = end + 1
            if end == nextCR {
                if start == bytes.count { endedInCR = true } else if bytes[start] == Self.lf { start += 1 }
                nextCR = Self.position(of: Self.cr, in: bytes, from: start)
            }
            if nextLF < start { nextLF = Self.position(of: Self.lf, in: bytes, from: start) }
        }
        if start < bytes.count { line.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...])) }
        // "data: " before the value, and what else a field's name may be, are not counted.
        guard line.count <= limit + 16 else { throw tooLarge() }
        keep(&fresh)
    }
}

extension ServerSentEventParser {
    package mutating func cut(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ deliver: (StreamFrame) throws -> Void
    ) throws {
        try feed(bytes, deliver)
    }

    /// What no blank line ended. It may have been cut, so what cannot be read of it is no fault.
    package mutating func end(_ deliver: (StreamFrame) throws -> Void) throws {
        guard !line.isEmpty || hasData else { return }
        // The end of the line, if it has none yet, and the blank line.
        let ending: [UInt8] = line.isEmpty ? [Self.lf] : [Self.lf, Self.lf]
        endedInCR = false
        try ending.withUnsafeBufferPointer { try feed($0, deliver) }
    }

    package static func matches(_ start: UnsafeBufferPointer<UInt8>) -> Bool? {
        let line = start.prefix { $0 != lf && $0 != cr }
        if line.first == UInt8(ascii: ":") { return true }
        let isWhole = line.count < start.count
        let name = line.prefix { $0 != UInt8(ascii: ":") }
        for field in fields {
            if name.count < line.count || isWhole ? name.elementsEqual(field.utf8) : field.utf8.starts(with: name) {
                return name.count < line.count || isWhole ? true : nil
            }
        }
        return false
    }

    /// The fields that the standard has, and one that servers add.
    private static let fields = ["data", "event", "id", "retry", "error"]
}

extension ServerSentEventParser {
    /// What the current piece has of the event being read: slices of it, so that nothing need be copied.
    private struct Fresh {
        var name: UnsafeBufferPointer<UInt8>?
        var data: UnsafeBufferPointer<UInt8>?
    }

    private static let lf = UInt8(ascii: "\n")
    private static let cr = UInt8(ascii: "\r")
    /// Buffers larger than this are not kept for the next event.
    private static let keptCapacity = 64 << 10

    private static func position(of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard start < bytes.count, let base = bytes.baseAddress else { return bytes.count }
        guard let found = memchr(base + start, Int32(byte), bytes.count - start) else { return bytes.count }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Skips the mark EF BB BF at the very start of the stream; returns how many bytes of this piece belong to it.
    private mutating func skipByteOrderMark(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let mark: (UInt8, UInt8, UInt8) = (0xEF, 0xBB, 0xBF)
        var taken = 0
        while markLength < 3, taken < bytes.count {
            let expected = markLength == 0 ? mark.0 : markLength == 1 ? mark.1 : mark.2
            guard bytes[taken] == expected else {
                // Not a mark after all: what earlier pieces had of it begins the first line.
                line.append(contentsOf: [mark.0, mark.1].prefix(markLength - taken))
                markLength = 3
                return 0
            }
            markLength += 1
            taken += 1
        }
        return taken
    }

    @inline(__always)
    private mutating func takeLine(
        _ part: UnsafeBufferPointer<UInt8>,
        _ fresh: inout Fresh,
        _ deliver: (StreamFrame) throws -> Void
    ) throws {
        if line.isEmpty {
            if part.isEmpty { try dispatch(&fresh, deliver) } else { try takeField(part, &fresh, isLasting: true) }
            return
        }
        var whole: [UInt8] = []
        swap(&whole, &line)
        whole.append(contentsOf: part)
        try whole.withUnsafeBufferPointer { try takeField($0, &fresh, isLasting: false) }
        if whole.capacity <= Self.keptCapacity {
            whole.removeAll(keepingCapacity: true)
            swap(&whole, &line)
        }
    }

    /// Takes a line that is not blank; `isLasting` says that its bytes stay where they are until the piece is walked.
    private mutating func takeField(
        _ line: UnsafeBufferPointer<UInt8>,
        _ fresh: inout Fresh,
        isLasting: Bool
    ) throws {
        let colon = Self.position(of: UInt8(ascii: ":"), in: line, from: 0)
        var valueStart = min(colon + 1, line.count)
        if valueStart < line.count, line[valueStart] == UInt8(ascii: " ") { valueStart += 1 }
        let value = UnsafeBufferPointer(rebasing: line[valueStart...])
        switch JSONKey(bytes: UnsafeBufferPointer(rebasing: line[..<colon])) {
        case "data":
            guard data.count + (fresh.data?.count ?? 0) + value.count <= limit else { throw tooLarge() }
            if isLasting, !hasData, fresh.data == nil {
                fresh.data = value
                return
            }
            try append(value, &fresh)
        case "error":
            // No field of the standard: some servers write it where an event of this type is meant.
            name = Array("error".utf8)
            fresh.name = nil
            try append(value, &fresh)
        case "event":
            fresh.name = isLasting ? value : nil
            name.removeAll(keepingCapacity: true)
            if !isLasting { name.append(contentsOf: value) }
        case "id":
            if !value.contains(0) { lastEventID = String(decoding: value, as: UTF8.self) }
        case "retry":
            if let time = Self.milliseconds(value) { reconnectionTime = time }
        default:
            // A comment, whose field name is empty, or a field that the standard says to ignore: unless it is a document,
            // whose field was forgotten, as servers do where they fail.
            if line.first == UInt8(ascii: "{") { try append(line, &fresh) }
        }
    }

    private mutating func append(_ value: UnsafeBufferPointer<UInt8>, _ fresh: inout Fresh) throws {
        keepData(&fresh)
        guard data.count + value.count <= limit else { throw tooLarge() }
        if hasData {
            data.append(Self.lf)
            isJoined = true
        }
        data.append(contentsOf: value)
        hasData = true
    }

    private static func milliseconds(_ digits: UnsafeBufferPointer<UInt8>) -> Duration? {
        guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self)).map { .milliseconds($0) }
    }

    private mutating func dispatch(_ fresh: inout Fresh, _ deliver: (StreamFrame) throws -> Void) throws {
        let freshName = fresh.name
        let freshData = fresh.data
        fresh = Fresh()
        if hasData || freshData != nil {
            try name.withUnsafeBufferPointer { name in
                let name = JSONKey(bytes: freshName ?? name)
                if let freshData { return try deliver(StreamFrame(name: name, data: freshData)) }
                try data.withUnsafeBufferPointer { data in
                    try deliver(StreamFrame(name: name, data: data, isJoined: isJoined))
                }
            }
        }
        isJoined = false
        name.removeAll(keepingCapacity: true)
        data.removeAll(keepingCapacity: data.capacity <= Self.keptCapacity)
        hasData = false
    }

    /// Copies what the piece has of an unfinished event, before the piece goes away.
    private mutating func keep(_ fresh: inout Fresh) {
        if let freshName = fresh.name { name = Array(freshName) }
        fresh.name = nil
        keepData(&fresh)
    }

    private mutating func keepData(_ fresh: inout Fresh) {
        guard let freshData = fresh.data else { return }
        data.append(contentsOf: freshData)
        hasData = true
        fresh.data = nil
    }

    private func tooLarge() -> LLMError {
        LLMError(
            .responseTooLarge,
            "a server-sent event exceeds the limit of \(limit) bytes; raise the limit if such events are expected"
        )
    }
}
