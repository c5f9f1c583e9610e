extension HTTPRequest {
    /// Refuses what must not be sent: above all header values that would smuggle in further headers.
    func validate() throws(LLMError) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw LLMError(.invalidRequest, "the URL holds spaces, line breaks or other control characters")
        }
        guard authority != nil else {
            throw LLMError(
                .invalidConfiguration,
                "not an absolute http or https URL: \(printableURL); expected the form https://host[:port]/path"
            )
        }
        for header in headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(Self.isTokenByte) else {
                throw LLMError(.invalidRequest, "a header's name is empty or holds bytes that are not allowed there")
            }
            guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw LLMError(
                    .invalidRequest,
                    "the value of header \(header.name) holds line breaks or other control characters"
                )
            }
            guard !Self.isFraming(header.name) else {
                throw LLMError(.invalidRequest, "header \(header.name) is the transport's to set; leave it out")
            }
        }
    }

    /// Letters, digits and the punctuation that RFC 9110 (§5.6.2) allows in a name.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "!"), UInt8(ascii: "."),
            UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// Whether a header says where the body ends: two opinions about that are how requests are smuggled.
    private static func isFraming(_ name: String) -> Bool {
        switch name.utf8.count {
        case 14: name.lowercased() == "content-length"
        case 17: name.lowercased() == "transfer-encoding"
        default: false
        }
    }
}

extension HTTPRequest {
    /// Whether the address is an `https` one, given that it is one of the two that ``validate()`` accepts.
    var isSecure: Bool { url.utf8.dropFirst(4).first.map { $0 | 0x20 } == UInt8(ascii: "s") }

    /// Where `host[:port]` lies among the bytes of the URL; `nil` if it is no absolute http or https URL with a host.
    private var authority: Range<Int>? {
        var url = url
        return url.withUTF8 { bytes in
            var start: Int
            switch true {
            case Self.begins(bytes, with: "http://"): start = 7
            case Self.begins(bytes, with: "https://"): start = 8
            default: return nil
            }
            let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
            if let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@")) { start = at + 1 }
            guard start < end, bytes[start] != UInt8(ascii: ":") else { return nil }
            return start..<end
        }
    }

    private static func begins(_ bytes: UnsafeBufferPointer<UInt8>, with prefix: StaticString) -> Bool {
        guard bytes.count >= prefix.utf8CodeUnitCount else { return false }
        for index in 0..<prefix.utf8CodeUnitCount {
            let byte = bytes[index]
            let lower = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
            if lower != prefix.utf8Start[index] { return false }
        }
        return true
    }

    /// `host:port`, for messages.
    var origin: String { ownOrigin ?? "the server" }

    /// `host:port`; `nil` if the URL is not an absolute one.
    var ownOrigin: String? {
        guard let authority else { return nil }
        let bytes = Array(url.utf8)[authority]
        let text = String(decoding: bytes, as: UTF8.self)
        let afterAddress = bytes.lastIndex(of: UInt8(ascii: "]")).map { bytes[$0...] } ?? bytes
        return afterAddress.contains(UInt8(ascii: ":")) ? text : "\(text):\(isSecure ? 443 : 80)"
    }

    /// The URL without user, password and query, any of which may hold a secret.
    var printableURL: String { Self.printable(url) }

    static func printable(_ url: String) -> String {
        let text = url.prefix { $0 != "?" && $0 != "#" }
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        let end = text[start...].firstIndex(of: "/") ?? text.endIndex
        guard let at = text[start..<end].lastIndex(of: "@") else { return String(text) }
        return "\(text[..<start])\(text[text.index(after: at)...])"
    }
}
