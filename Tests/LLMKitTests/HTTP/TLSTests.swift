import CPlatform
import Testing

@testable import LLMKit

/// Calls over TLS to a server with a certificate of our own making: Python's, since ours speaks plain HTTP.
@Suite(.serialized, .enabled(if: TLSServer.Kind.python.isAvailable, "needs openssl and python3")) struct TLSTests {
    @Test func `a certificate that nobody vouches for is refused`() async throws {
        let server = try TLSServer()
        defer { server.stop() }
        let error = await failure { () throws(LLMError) in
            try await HTTPClient.forTesting().perform(HTTPRequest(method: .get, url: server.url))
        }
        #expect(error?.code == .network)
        #expect(error?.isRetryable == false)
        #expect(error?.reachedUpstream == false)
        #expect(error?.message.contains("caBundle") == true)
    }

    @Test func `a certificate of the app's own authority is accepted`() async throws {
        let server = try TLSServer()
        defer { server.stop() }
        let client = HTTPClient.forTesting { $0.caBundle = server.certificate }
        let response = try await client.perform(HTTPRequest(method: .get, url: server.url))
        #expect(response.head.status == 200)
        #expect(String(decoding: response.body, as: UTF8.self) == "hello over TLS")
    }

    @Test func `a certificate for another host is refused`() async throws {
        let server = try TLSServer()
        defer { server.stop() }
        let client = HTTPClient.forTesting { $0.caBundle = server.certificate }
        let url = server.url.replacing("127.0.0.1", with: "localhost")
        let error = await failure { () throws(LLMError) in
            try await client.perform(HTTPRequest(method: .get, url: url))
        }
        #expect(error?.code == .network)
        #expect(error?.isRetryable == false)
    }

    #if os(Linux)
    @Test(arguments: ["farewell", "farewell-late"])
    func `a connection that the server closed while it was idle is not used again`(path: String) async throws {
        let server = try TLSServer()
        defer { server.stop() }
        let client = HTTPClient.forTesting { $0.caBundle = server.certificate }
        for _ in 0..<3 {
            let request = HTTPRequest(method: .get, url: server.url + path)
            #expect(try await client.perform(request).head.status == 200)
            try await Task.sleep(for: .milliseconds(path == "farewell" ? 150 : 600))
        }
    }
    #endif

    @Test(arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE"])
    func `the environment may name the authority`(variable: String) async throws {
        let server = try TLSServer()
        defer { server.stop() }
        let (url, file) = (server.url, server.certificate)
        // The environment is the whole process's, so this takes a process of its own.
        await #expect(processExitsWith: .success) { [variable, url = url as String, file = file as String] in
            unsetenv("CURL_CA_BUNDLE")
            setenv(variable, file, 1)
            let response = try await HTTPClient.forTesting().perform(HTTPRequest(method: .get, url: url))
            #expect(String(decoding: response.body, as: UTF8.self) == "hello over TLS")
        }
    }
}
