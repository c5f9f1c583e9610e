import CCurl

/// An address that a provider calls, checked and taken apart once.
struct Endpoint: Sendable, Hashable {
    let address: HTTPAddress

    /// The whole address.
    var url: String { address.url }
    var host: String { address.host }
    var port: Int { address.port }

    /// - Parameters:
    ///   - baseURL: such as `https://api.openai.com/v1`; a query (`?api-version=…`) stays at the end.
    ///   - path: what is called below it, such as `/chat/completions`. It may stand in the address already, as in what
    ///     vendors' pages show.
    /// - Throws: ``LLMError`` with code `invalidConfiguration` that says what is wrong with the address.
    init(baseURL: String, path: String) throws(LLMError) {
        func malformed(_ why: String) -> LLMError {
            // Without a scheme it may be anything, a key in the wrong place among it; before an @ stand passwords.
            let printable = HTTPAddress.printable(baseURL)
            let isAddress =
                printable.firstRange(of: "://") != nil
                && printable.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x40 }
            let name = isAddress ? " \"\(printable.prefix(200))\"" : ""
            return LLMError(
                .invalidConfiguration,
                "malformed base URL\(name): \(why); expected something like https://host/v1"
            )
        }
        guard baseURL.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw malformed("it holds spaces, control characters or letters beyond ASCII")
        }
        do throws(CurlURL.Flaw) {
            let parsed = try CurlURL(baseURL)
            _ = try HTTPAddress(parsed, baseURL)
            guard parsed.part(CURLUPART_FRAGMENT) == nil else { throw CurlURL.Flaw(reason: "it has a fragment") }
            guard parsed.part(CURLUPART_USER) == nil, parsed.part(CURLUPART_PASSWORD) == nil else {
                throw CurlURL.Flaw(reason: "it holds credentials, which belong in the key")
            }
            var base = parsed.part(CURLUPART_PATH) ?? ""
            while base.last == "/" { base.removeLast() }
            if base.hasSuffix(path) { base.removeLast(path.count) }
            let query = parsed.part(CURLUPART_QUERY).map { "?" + $0 } ?? ""
            let scheme = parsed.part(CURLUPART_SCHEME) ?? ""
            let url = "\(scheme)://\(parsed.authority)\(base)\(path)\(query)"
            address = try HTTPAddress(CurlURL(url), url)
        } catch {
            throw malformed(error.reason)
        }
    }

    /// A text as one part of an address (RFC 3986, 2.3): all but the unreserved characters are escaped.
    static func percentEncoded(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Endpoint: ConcealingDescription {
    /// The address without its query, which may hold a secret.
    var description: String { HTTPAddress.printable(url) }
}
