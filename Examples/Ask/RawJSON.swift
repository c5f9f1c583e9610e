import LLMKit
import PortableFoundation

/// The parts of a JSON document as they were written.
///
/// Schemas must reach the vendor in the order of their keys, in which models write their answers; decoding and encoding
/// again would lose it.
struct RawJSON {
    private let bytes: ArraySlice<UInt8>

    /// - Throws: ``LLMError`` that says at which byte the text stops being JSON.
    init(_ text: String) throws(LLMError) {
        _ = try JSONText(text)
        self.init(bytes: Array(text.utf8)[...])
    }

    private init(bytes: ArraySlice<UInt8>) {
        var bytes = bytes.drop(while: Self.isSpace)
        while let last = bytes.last, Self.isSpace(last) { bytes.removeLast() }
        self.bytes = bytes
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The same document without what only lays it out; keys keep their order, numbers their spelling.
    var onOneLine: String {
        var strings = JSONStrings()
        let kept = bytes.filter { strings.hold($0) || !Self.isSpace($0) }
        return String(decoding: kept, as: UTF8.self).escapingLineSeparators
    }

    /// The text of a string; `nil` for anything else.
    var string: String? {
        guard bytes.first == UInt8(ascii: "\"") else { return nil }
        return try? JSONDecoder().decode(String.self, from: Data(bytes))
    }

    /// The elements of an array; `nil` for anything else.
    var elements: [RawJSON]? {
        guard bytes.first == UInt8(ascii: "[") else { return nil }
        return pieces(separatedBy: UInt8(ascii: ","), of: bytes.dropFirst().dropLast()).map(RawJSON.init(bytes:))
    }

    /// The member of an object with this key.
    subscript(key: String) -> RawJSON? {
        guard bytes.first == UInt8(ascii: "{") else { return nil }
        for member in pieces(separatedBy: UInt8(ascii: ","), of: bytes.dropFirst().dropLast()) {
            let halves = pieces(separatedBy: UInt8(ascii: ":"), of: member)
            guard let name = halves.first, let value = halves.last, halves.count == 2 else { continue }
            if RawJSON(bytes: name).string == key { return RawJSON(bytes: value) }
        }
        return nil
    }

    /// Cuts at a separator outside of strings and brackets; the text is known to be JSON, so this cannot go wrong.
    private func pieces(separatedBy separator: UInt8, of bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var depth = 0
        var strings = JSONStrings()
        for index in bytes.indices {
            let byte = bytes[index]
            if strings.hold(byte) { continue }
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case separator where depth == 0:
                pieces.append(bytes[start..<index])
                start = index + 1
            default: break
            }
        }
        let rest = bytes[start...]
        if !pieces.isEmpty || !RawJSON(bytes: rest).bytes.isEmpty { pieces.append(rest) }
        return pieces
    }
}
