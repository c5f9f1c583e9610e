/// Status and headers of an answer.
///
/// Headers are kept as they arrived and read on demand: vendors send dozens, of which a caller wants two or three.
struct HTTPResponseHead: Sendable {
    var status: Int
    /// The header lines, each ended by a line feed.
    private let lines: [UInt8]

    init(status: Int, headers: [HTTPHeader]) {
        self.status = status
        lines = headers.flatMap { Array("\($0.name): \($0.value)\n".utf8) }
    }

    init(status: Int, lines: [UInt8]) {
        self.status = status
        self.lines = lines
    }

    /// All headers, in the order they arrived.
    var headers: [HTTPHeader] {
        lines.withUnsafeBufferPointer { lines in
            lines.split(separator: UInt8(ascii: "\n")).compactMap { line in
                guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { return nil }
                return HTTPHeader(
                    String(decoding: line[..<colon], as: UTF8.self),
                    Self.value(of: UnsafeBufferPointer(rebasing: line[(colon + 1)...]))
                )
            }
        }
    }

    /// The value of the first header with this name, in any case of letters.
    func header(_ name: StaticString) -> String? {
        let length = name.utf8CodeUnitCount
        return lines.withUnsafeBufferPointer { lines in
            var start = 0
            while start + length < lines.count {
                let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) ?? lines.count
                if start + length < end, lines[start + length] == UInt8(ascii: ":"),
                    Self.equals(name, UnsafeBufferPointer(rebasing: lines[start..<start + length]))
                {
                    return Self.value(of: UnsafeBufferPointer(rebasing: lines[(start + length + 1)..<end]))
                }
                start = end + 1
            }
            return nil
        }
    }

    private static func equals(_ name: StaticString, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for index in bytes.indices where lowercase(bytes[index]) != lowercase(name.utf8Start[index]) { return false }
        return true
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    private static func value(of bytes: UnsafeBufferPointer<UInt8>) -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}

/// A whole answer.
struct HTTPResponse: Sendable {
    var head: HTTPResponseHead
    var body: [UInt8]
    /// Until the connection stood; zero on a reused one.
    var connect: Duration
    /// Whether the body was packed, and breaks off or is damaged: then it holds what could be unpacked.
    var isIncomplete = false
}
