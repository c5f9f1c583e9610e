import Testing

@testable import LLMKit

/// Calls over HTTP/2, which takes a server that is not ours: Node's.
@Suite(
    .serialized,
    .timeLimit(.minutes(5)),
    .enabled(if: TLSServer.Kind.node.isAvailable, "needs openssl and node")
)
struct `HTTP 2` {
    private let server: TLSServer
    private let client: HTTPClient

    init() throws {
        let server = try TLSServer(.node)
        self.server = server
        client = .forTesting { $0.caBundle = server.certificate }
    }

    private func request(_ path: String, body: [UInt8] = [], _ timeouts: Timeouts = Timeouts()) -> HTTPRequest {
        HTTPRequest(url: server.url + path, body: body, timeouts: timeouts)
    }

    /// How many connections the server saw, and how many streams were reset.
    private func counts() async throws -> String {
        String(decoding: try await client.perform(request("counts")).body, as: UTF8.self)
    }

    @Test func `many calls at once share one connection`() async throws {
        defer { server.stop() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<40 {
                let body = [UInt8](repeating: UInt8(index), count: 1 + index * 3000)
                let (client, request) = (client, request("echo", body: body))
                group.addTask {
                    let response = try await client.perform(request)
                    #expect(response.head.status == 200)
                    #expect(response.body == body)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await counts() == "1 0")
    }

    @Test func `a stream comes piece by piece, and large bodies go both ways`() async throws {
        defer { server.stop() }
        let ticks = try await client.open(request("ticks"))
        var pieces = 0
        var text = ""
        while let bytes = try await ticks.next() {
            pieces += 1
            text += String(decoding: bytes, as: UTF8.self)
        }
        #expect(pieces > 1)
        #expect(text == (0...20).map { "\($0) " }.joined())
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(try await client.perform(request("echo", body: body)).body == body)
    }

    @Test func `a stream that is cancelled, late or let go of leaves the others alone`() async throws {
        defer { server.stop() }
        let (client, hanging) = (client, request("hang", body: [1]))
        let (started, start) = AsyncStream<Void>.makeStream()
        let cancelled = Task { () -> LLMError? in
            await failure { () throws(LLMError) in
                let stream = try await client.open(hanging)
                _ = try await stream.next()
                start.finish()
                _ = try await stream.next()
            }
        }
        for await _ in started {}
        var letGo: HTTPStream? = try await client.open(hanging)
        _ = try await letGo?.next()
        let ticks = try await client.open(request("ticks"))
        #expect(try await ticks.next() != nil)

        cancelled.cancel()
        letGo = nil
        let late = await failure { () throws(LLMError) in
            try await client.perform(request("hang", body: [1], Timeouts(total: .milliseconds(60))))
        }
        #expect(await cancelled.value?.code == .cancelled)
        #expect(late?.code == .timeout)
        #expect(late?.reachedUpstream == true)
        let rest = String(decoding: try await ticks.collect(), as: UTF8.self)
        #expect(rest.hasSuffix("19 20 "))
        #expect(try await counts() == "1 3")
    }

    @Test func `a slow reader does not hold up the other streams of its connection`() async throws {
        defer { server.stop() }
        let large = try await client.open(request("large"))
        let answer = try await client.perform(request("echo", body: [1], Timeouts(total: .seconds(10))))
        #expect(answer.body == [1])
        var received = 0
        while let bytes = try await large.next() { received += bytes.count }
        #expect(received == 24 << 20)
        #expect(try await counts() == "1 0")
    }
}
