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
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        var bytes = bytes.drop(while: isSpace)
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        self.bytes = bytes
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }

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
        var isString = false
        var isEscaped = false
        for index in bytes.indices {
            let byte = bytes[index]
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isString = true
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
