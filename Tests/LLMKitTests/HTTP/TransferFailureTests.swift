import CCurl
import Testing

@testable import LLMKit

@Suite struct `Transfer failures` {
    private static let request = HTTPRequest(
        url: "https://me:secret@api.example/v1?key=secret",
        headers: [HTTPHeader("Authorization", "Bearer secret")],
        body: Array("prompt".utf8),
        timeouts: Timeouts(connect: .seconds(2))
    )

    private static func error(_ code: CURLcode) -> LLMError {
        TransferFailure.error(for: code, request, configuration: HTTPClient.Configuration())
    }

    @Test(arguments: 1...99 as ClosedRange<UInt32>)
    func `whatever libcurl reports says what failed, and no secret`(number: UInt32) {
        let error = Self.error(CURLcode(rawValue: number))
        #expect(error.code != .unknown)
        #expect(!error.message.isEmpty)
        #expect(!"\(error)".contains("secret"))
        #expect(!"\(error)".contains("prompt"))
    }

    @Test func `a certificate that is not trusted is not worth another try`() {
        for code in [CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR] {
            let error = Self.error(code)
            #expect(error.code == .network)
            #expect(!error.isRetryable)
            #expect(error.message.contains("caBundle"))
            #expect(error.message.contains("api.example:443"))
        }
    }

    @Test func `what may pass by itself is worth another try`() {
        let passing = [
            CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR,
            CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_SSL_CONNECT_ERROR, CURLE_OPERATION_TIMEDOUT,
        ]
        for code in passing { #expect(Self.error(code).isRetryable) }
    }

    @Test func `a connection that is not made in time names the clock`() {
        #expect(Self.error(CURLE_OPERATION_TIMEDOUT).message == "no connection to api.example:443 within 2.0 seconds")
    }

    @Test func `a redirect to nowhere says so`() {
        let error = TransferFailure.redirect(HTTPResponseHead(status: 302, headers: []), "http://[", of: Self.request)
        #expect(error.message.contains("redirects to an address that cannot be read"))
    }

    @Test(arguments: [
        ("/login", "api.example:443"), ("login", "api.example:443"), ("//other.example/x", "other.example:443"),
        ("http://other.example:81/x?token=secret", "other.example:81"),
        ("https://u:secret@third.example", "third.example:443"),
    ])
    func `a redirect names its target and nothing else of it`(location: String, target: String) {
        let head = HTTPResponseHead(status: 302, headers: [])
        let error = TransferFailure.redirect(head, location, of: Self.request)
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains("redirects to \(target),"))
        #expect(!error.message.contains("secret"))
    }
}
