import Foundation
import Testing

@testable import LLMKit

/// Calls over TLS to a server with a certificate of our own making: Python's, since ours speaks plain HTTP.
@Suite(.serialized, .enabled(if: TLSServer.isPossible, "needs openssl and python3")) struct TLSTests {
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
}

/// A server of Python's with a self-signed certificate for 127.0.0.1.
private final class TLSServer {
    let certificate: String
    let url: String
    private let folder: URL
    private let process: Process

    static let isPossible = ["openssl", "python3"].allSatisfy { tool in
        (try? run("/usr/bin/env", [tool, tool == "openssl" ? "version" : "--version"])) == 0
    }

    private static let script = """
        import http.server, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200); self.send_header("Content-Length", "14"); self.end_headers()
                self.wfile.write(b"hello over TLS")
            def log_message(self, *arguments): pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_port, flush=True)
        server.serve_forever()
        """

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("llmkit-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appendingPathComponent("certificate.pem").path
        let key = folder.appendingPathComponent("key.pem").path
        let status = try Self.run(
            "/usr/bin/env",
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=llmkit-test"]
                + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
        )
        try #require(status == 0)
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.script, certificate, key]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        url = "https://127.0.0.1:\(port)/"
    }

    func stop() {
        process.terminate()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func run(_ path: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
