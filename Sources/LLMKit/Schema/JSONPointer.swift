// JSON pointers (RFC 6901) as arrays of their tokens.

extension [String] {
    /// The pointer's text, such as `/items/0/a~1b`; empty for the whole document.
    var jsonPointer: String {
        map { token in
            "/"
                + token.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
                .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
        }.joined()
    }

    /// The tokens of a pointer in the form of a URI fragment, such as `#/$defs/item`; `nil` if it is malformed.
    init?(jsonPointerFragment fragment: String) {
        guard fragment.hasPrefix("#"), let text = fragment.dropFirst().percentDecoded else { return nil }
        self = []
        guard !text.isEmpty else { return }
        guard text.hasPrefix("/") else { return nil }
        for token in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            var plain = ""
            var rest = token[...]
            while let character = rest.popFirst() {
                guard character == "~" else {
                    plain.append(character)
                    continue
                }
                switch rest.popFirst() {
                case "0": plain.append("~")
                case "1": plain.append("/")
                default: return nil
                }
            }
            append(plain)
        }
    }
}

extension Substring {
    fileprivate var percentDecoded: String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
