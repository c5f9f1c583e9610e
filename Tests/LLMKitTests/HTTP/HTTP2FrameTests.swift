import Testing

@testable import LLMKit

/// What comes over HTTP/2 in one go, for several streams of a connection.
@Suite(
    .serialized,
    .timeLimit(.minutes(2)),
    .enabled(if: TLSServer.Kind.frames.isAvailable, "needs openssl and python3")
)
struct `HTTP 2 frames` {
    private let server: TLSServer
    private let client: HTTPClient

    init() throws {
        let server = try TLSServer(.frames)
        self.server = server
        client = .forTesting { $0.caBundle = server.certificate }
    }

    private func request(_ kind: Character) -> HTTPRequest {
        HTTPRequest(url: server.url, body: Array("\(kind)".utf8), timeouts: Timeouts(total: .seconds(20)))
    }

    @Test func `an answer that came while another stream was read ends`() async throws {
        defer { server.stop() }
        // libcurl reads for one stream after the other, in an order of its own: among many, the answer's is not the first.
        var others: [HTTPStream] = []
        for _ in 0..<16 {
            let stream = try await client.open(request("h"))
            #expect(try await stream.next() != nil)
            others.append(stream)
        }
        for _ in 0..<10 {
            #expect(try await client.perform(request("e")).body.count == 26_000)
        }
        withExtendedLifetime(others) {}
    }
}
