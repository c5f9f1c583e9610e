import CCurl

/// The words for what can go wrong on the way, none of which holds a header, a body, or the query of a URL.
enum TransferFailure {
    static let twoReaders = LLMError(.invalidRequest, "two tasks read one stream at the same time; read it from one")
    static let cancelled = LLMError(.cancelled, "the task was cancelled")

    static func bodyTooLarge(_ limit: Int) -> LLMError {
        LLMError(
            .responseTooLarge,
            "the answer, or all that a stream brought, exceeds the limit of \(limit) bytes; raise HTTPClient.Configuration.maxBodyBytes if it should not"
        )
    }

    static func headTooLarge(_ limit: Int) -> LLMError {
        LLMError(
            .responseTooLarge,
            "the answer's headers exceed the limit of \(limit) bytes; see HTTPClient.Configuration.maxHeaderBytes"
        )
    }

    /// A redirect would take the request's credentials, and the prompt, to a place that nobody configured.
    static func redirect(_ head: HTTPResponseHead, _ location: String, of request: HTTPRequest) -> LLMError {
        let target = (try? request.address.get())?.origin(ofLink: location) ?? "an address that cannot be read"
        var error = LLMError(
            .invalidConfiguration,
            "\(request.origin) redirects to \(target), and redirects are not followed, so that no credential goes to "
                + "another host; if \(target) is right, make it the base URL"
        )
        error.status = head.status
        return error
    }

    /// A kept connection that ended after the request was sent over it, and before a byte of the answer came.
    static func unanswered(_ request: HTTPRequest) -> LLMError {
        LLMError(
            .network,
            "\(request.origin) closed a connection that was kept from an earlier call instead of answering; the request was "
                + "sent, so only a retry policy may send it again: see retrying(_:)"
        )
    }

    /// A proxy that would not pass the request on: its rules and passwords are not changed by asking again.
    static func refusedByProxy(
        _ status: Int,
        _ request: HTTPRequest,
        _ configuration: HTTPClient.Configuration
    ) -> LLMError {
        let proxy = configuration.proxyOrigin(isSecure: request.isSecure).map { "the proxy \($0)" } ?? "the proxy"
        let (code, advice): (LLMError.Code, String) =
            switch status {
            // The standard's status is 407; tinyproxy, for one, says 401 to a wrong password.
            case 401, 407:
                (
                    .invalidConfiguration,
                    "401 and 407 say that it wants a user and a password, or others: correct them in the proxy's URL"
                )
            // It lets us, but something did not work: the host, or the proxy itself.
            case 408, 429, 500...: (.network, "check the host name in the base URL, and the proxy")
            default: (.permission, "have the proxy allow that host and port, or except the host from it (no_proxy)")
            }
        var error = LLMError(
            code,
            "\(proxy) answered HTTP \(status) instead of passing on to \(request.origin); \(advice)"
        )
        error.status = status
        return error
    }

    static func systemLimit(_ what: String) -> LLMError {
        var error = LLMError(
            .network,
            "the HTTP client cannot start: \(what); the process may be out of threads or descriptors"
        )
        error.reachedUpstream = false
        return error
    }

    /// What libcurl reports, as an error of ours.
    static func error(
        for code: CURLcode,
        _ request: HTTPRequest,
        configuration: HTTPClient.Configuration,
        hasHead: Bool = false
    ) -> LLMError {
        let origin = request.origin
        let reason = "\(String(cString: curl_easy_strerror(code))) (curl \(code.rawValue))"
        let proxy = configuration.proxyOrigin(isSecure: request.isSecure).map { " \($0)" } ?? ""
        func network(_ advice: String) -> LLMError { LLMError(.network, "\(origin): \(reason); \(advice)") }
        switch code {
        case CURLE_URL_MALFORMAT:
            return LLMError(
                .invalidConfiguration,
                "not a URL that can be used: \(HTTPAddress.printable(request.url)); expected the form https://host[:port]/path"
            )
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            return network("check the proxy\(proxy)")
        case CURLE_COULDNT_RESOLVE_HOST:
            return network("check the host name in the base URL and the machine's DNS")
        case CURLE_COULDNT_CONNECT:
            return network(
                "check host and port, and that nothing on the way (firewall, proxy\(proxy)) blocks the connection"
            )
        case CURLE_OPERATION_TIMEDOUT:
            let limit =
                request.timeouts.connect ?? configuration.timeouts.connect ?? .seconds(EasyHandle.defaultConnectTimeout)
            return LLMError(.timeout, "no connection to \(origin) within \(limit.inSeconds)")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CRL_BADFILE:
            var error = network(
                "the server's certificate could not be verified: if it is signed by an authority of your own, name that "
                    + "authority's PEM file in HTTPClient.Configuration.caBundle or SSL_CERT_FILE"
            )
            error.shouldRetry = false
            return error
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED:
            return network("the TLS handshake failed: check that the port speaks https, and proxies on the way")
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            return LLMError(.malformedResponse, "\(origin): \(reason); what answers there may not be the API")
        case CURLE_OUT_OF_MEMORY, CURLcode(rawValue: 100):  // 100 is CURLE_TOO_LARGE, which libcurl has since 8.6.
            // Of a body, libcurl keeps at most 64 MiB for a reader that lags behind.
            return hasHead ? bodyTooLarge(configuration.maxBodyBytes) : headTooLarge(configuration.maxHeaderBytes)
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            return network("the connection broke before the answer was complete")
        default:
            return network("the request could not be completed")
        }
    }
}
