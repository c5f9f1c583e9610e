extension HTTPRequest {
    /// Refuses what must not be sent: above all header values that would smuggle in further headers.
    func validate() throws(LLMError) {
        if case .failure(let malformed) = address { throw Self.error(malformed) }
        guard method != .get || body.isEmpty else {
            throw LLMError(
                .invalidRequest,
                "a GET with a body, which servers ignore or refuse; use POST, or leave it out"
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

    private static func error(_ malformed: HTTPAddress.Malformed) -> LLMError {
        guard !malformed.hasControls else {
            return LLMError(.invalidRequest, "the URL cannot be sent: \(malformed.reason)")
        }
        return LLMError(
            .invalidConfiguration,
            "not an absolute http or https URL: \(HTTPAddress.printable(malformed.url)) (\(malformed.reason)); expected the "
                + "form https://host[:port]/path"
        )
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
