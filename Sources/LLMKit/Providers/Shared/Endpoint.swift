/// An address that a provider calls, checked and taken apart once.
struct Endpoint: Sendable, Hashable {
    /// The whole address.
    var url: String
    var host: String
    var port: Int

    /// - Parameters:
    ///   - baseURL: such as `https://api.openai.com/v1`; a query (`?api-version=…`) stays at the end.
    ///   - path: what is called below it, such as `/chat/completions`.
    /// - Throws: ``LLMError`` with code `invalidConfiguration` that says what is wrong with the address.
    init(baseURL: String, path: String) throws(LLMError) {
        func malformed(_ why: String) -> LLMError {
            LLMError(.invalidConfiguration, "malformed base URL: \(why); expected something like https://host/v1")
        }
        guard baseURL.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw malformed("it holds spaces, control characters or letters beyond ASCII")
        }
        guard let separator = baseURL.firstRange(of: "://") else { throw malformed("it has no scheme") }
        let scheme = baseURL[..<separator.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { throw malformed("its scheme is neither http nor https") }
        guard !baseURL.contains("#") else { throw malformed("it has a fragment") }
        let rest = baseURL[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else { throw malformed("it holds credentials, which belong in the key") }
        (host, port) = try Self.hostAndPort(authority, defaultPort: scheme == "https" ? 443 : 80, malformed)
        let tail = rest[authority.endIndex...]
        var base = tail.prefix { $0 != "?" }
        while base.last == "/" { base.removeLast() }
        url = "\(scheme)://\(authority)\(base)\(path)\(tail.drop { $0 != "?" })"
    }

    private static func hostAndPort(
        _ authority: Substring,
        defaultPort: Int,
        _ malformed: (String) -> LLMError
    ) throws(LLMError) -> (String, Int) {
        var host = authority
        var portText: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw malformed("its bracket does not close") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.first == ":" else { throw malformed("something follows its bracket") }
            if !after.isEmpty { portText = after.dropFirst() }
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty, host.first != "." else { throw malformed("it has no host") }
        let isAddress = authority.first == "["
        guard
            host.utf8.allSatisfy({ byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                case UInt8(ascii: ":"), UInt8(ascii: "%"): isAddress
                default: false
                }
            })
        else { throw malformed("its host holds characters that no host has") }
        guard let portText else { return (String(host), defaultPort) }
        guard let port = Int(portText), (1...65_535).contains(port) else {
            throw malformed("its port is not a number from 1 to 65535")
        }
        return (String(host), port)
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
    var description: String { HTTPRequest.printable(url) }
}
