/// Cuts a stream of one JSON document per line (NDJSON), as Ollama's own API and batch results have it.
///
/// Lines end in LF or CR LF; blank ones are passed over. The last line needs no end.
package struct JSONLines: StreamFraming {
    package static let mediaType = "application/x-ndjson"

    /// The longest a line may be, in bytes.
    let limit: Int
    /// The start of a line whose end has not arrived yet.
    private var line: [UInt8] = []

    package init() { self.init(limit: defaultEventLimit) }

    init(limit: Int) { self.limit = limit }

    package static func matches(_ start: UnsafeBufferPointer<UInt8>) -> Bool? { true }

    package mutating func cut(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ deliver: (StreamFrame) throws -> Void
    ) throws {
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let piece = UnsafeBufferPointer(rebasing: bytes[start..<end])
            start = end + 1
            guard line.count + piece.count <= limit else { throw tooLarge() }
            if line.isEmpty {
                try take(piece, deliver)
            } else {
                line.append(contentsOf: piece)
                try self.end(deliver)
            }
        }
        guard line.count + bytes.count - start <= limit else { throw tooLarge() }
        line.append(contentsOf: bytes[start...])
    }

    package mutating func end(_ deliver: (StreamFrame) throws -> Void) throws {
        var last: [UInt8] = []
        swap(&last, &line)
        try last.withUnsafeBufferPointer { try take($0, deliver) }
    }

    private func take(
        _ line: UnsafeBufferPointer<UInt8>,
        _ deliver: (StreamFrame) throws -> Void
    ) throws {
        let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        if !isBlank { try deliver(StreamFrame(name: .none, data: line)) }
    }

    private func tooLarge() -> LLMError {
        LLMError(
            .responseTooLarge,
            "a line of JSON exceeds the limit of \(limit) bytes; raise the limit if such lines are expected"
        )
    }
}
