import CCurl

/// An absolute `http` or `https` address, checked and taken apart once.
struct HTTPAddress: Hashable, Sendable {
    /// The whole address.
    let url: String
    /// An IPv6 address stands without its brackets.
    let host: String
    let port: Int
    let isSecure: Bool

    /// Why a text is no address that can be called.
    struct Malformed: Error, Hashable {
        var url: String
        var reason: String
        /// Whether it holds what could end the line of a request, and begin another.
        var hasControls = false
    }

    init(_ url: String) throws(Malformed) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            let reason = "it holds spaces, line breaks or other control characters"
            throw Malformed(url: url, reason: reason, hasControls: true)
        }
        do throws(CurlURL.Flaw) {
            try self.init(try CurlURL(url), url)
        } catch {
            throw Malformed(url: url, reason: error.reason)
        }
    }

    /// - Parameter url: what was parsed; `nil` takes it as the parser writes it.
    init(_ parsed: CurlURL, _ url: String? = nil) throws(CurlURL.Flaw) {
        let scheme = parsed.part(CURLUPART_SCHEME) ?? ""
        guard scheme == "https" || scheme == "http" else {
            throw CurlURL.Flaw(reason: "its scheme is neither http nor https")
        }
        guard let text = url ?? parsed.part(CURLUPART_URL), let host = parsed.host else {
            throw CurlURL.Flaw(reason: "it has no host")
        }
        guard host.first != "." else { throw CurlURL.Flaw(reason: "its host begins with a dot") }
        // libcurl forgives one slash, and three; then what is meant for the path is the host.
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        guard rest.starts(with: "://".utf8), !rest.starts(with: ":///".utf8) else {
            throw CurlURL.Flaw(reason: "two slashes must stand between scheme and host")
        }
        guard let port = parsed.port, (1...65_535).contains(port) else {
            throw CurlURL.Flaw(reason: "its port is not a number from 1 to 65535")
        }
        self.url = text
        self.host = host
        self.port = port
        isSecure = scheme == "https"
    }

    /// `host:port`, for messages.
    var origin: String { Self.origin(host, port) }

    static func origin(_ host: String, _ port: Int) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// `host:port` of where a link on this address leads: an absolute one, or one relative to it.
    func origin(ofLink link: String) -> String? {
        guard let parsed = try? CurlURL(url), (try? parsed.set(CURLUPART_URL, link)) != nil else { return nil }
        return (try? HTTPAddress(parsed))?.origin
    }

    /// A URL, which may be a malformed one, without user, password and query, any of which may hold a secret.
    static func printable(_ url: String) -> String {
        let text = url.prefix { $0 != "?" && $0 != "#" }
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        let end = text[start...].firstIndex(of: "/") ?? text.endIndex
        guard let at = text[start..<end].lastIndex(of: "@") else { return String(text) }
        return "\(text[..<start])\(text[text.index(after: at)...])"
    }
}
