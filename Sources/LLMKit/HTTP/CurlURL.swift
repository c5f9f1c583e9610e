import CCurl

/// libcurl's parser of URLs: what it reads in one is what a transfer will do.
final class CurlURL {
    private let handle: OpaquePointer

    /// - Throws: what is wrong with the text, in libcurl's words, which quote nothing of it.
    init(_ text: String, flags: Int32 = 0) throws(Flaw) {
        guard let handle = curl_url() else { throw Flaw(reason: "out of memory") }
        self.handle = handle
        // C would take it for the end, and see another URL than we do.
        guard !text.utf8.contains(0) else { throw Flaw(reason: "it holds a NUL") }
        try set(CURLUPART_URL, text, flags: flags)
    }

    deinit { curl_url_cleanup(handle) }

    struct Flaw: Error {
        var reason: String
    }

    /// The part as it stands, without its escapes taken apart; `nil` if there is none.
    func part(_ part: CURLUPart, flags: Int32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    /// Replaces a part; the whole URL may be replaced by one relative to it.
    func set(_ part: CURLUPart, _ text: String, flags: Int32 = 0) throws(Flaw) {
        let code = curl_url_set(handle, part, text, UInt32(flags))
        guard code == CURLUE_OK else { throw Flaw(reason: String(cString: curl_url_strerror(code))) }
    }

    /// The host, an IPv6 address without its brackets; `nil` if there is none.
    var host: String? {
        guard let host = part(CURLUPART_HOST), !host.isEmpty else { return nil }
        return host.first == "[" && host.last == "]" ? String(host.dropFirst().dropLast()) : host
    }

    /// Host and port as they stand in the URL, without user and password.
    var authority: String {
        var authority = part(CURLUPART_HOST) ?? ""
        if let zone = part(CURLUPART_ZONEID), authority.last == "]" { authority = "\(authority.dropLast())%25\(zone)]" }
        return part(CURLUPART_PORT).map { "\(authority):\($0)" } ?? authority
    }

    /// The port, or the scheme's own; `nil` if neither is known.
    var port: Int? { part(CURLUPART_PORT, flags: CURLU_DEFAULT_PORT).flatMap { Int($0) } }
}
