import CCurl

extension HTTPClient.Configuration {
    /// What libcurl is told: `nil` leaves it to read the environment, which it does anew for every request.
    var proxyOption: String? {
        switch proxy {
        case .none: return ""
        case .url(let url): return url
        case .environment:
            let names = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
            return names.contains { environmentVariable($0) != nil } ? nil : ""
        }
    }

    /// The proxy that requests to an address like this go through if any does, as `host:port`, for messages.
    ///
    /// Exceptions (`no_proxy`) are not looked at: it is for errors that a proxy made.
    func proxyOrigin(isSecure: Bool) -> String? {
        switch proxy {
        case .none: return nil
        case .url(let url): return Self.proxyOrigin(url)
        case .environment:
            // In libcurl's order. It does not read HTTP_PROXY, which in a CGI program is a header of the request.
            let own = isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]
            return (own + ["all_proxy", "ALL_PROXY"]).lazy.compactMap(environmentVariable).first
                .flatMap(Self.proxyOrigin)
        }
    }

    /// `host:port` of a proxy's URL, without user and password; `nil` if libcurl cannot make sense of it.
    static func proxyOrigin(_ url: String) -> String? {
        guard let parsed = try? CurlURL(url, flags: CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME),
            let host = parsed.host
        else { return nil }
        // Proxies have a default port of their own.
        let port = parsed.part(CURLUPART_PORT) ?? (parsed.part(CURLUPART_SCHEME) == "https" ? "443" : "1080")
        return HTTPAddress.origin(host, Int(port) ?? 1080)
    }
}
