import Foundation
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
        let held = try await client.open(request("held"))
        let first = try await held.next().map { String(decoding: $0, as: UTF8.self) }
        #expect(first == "0 ")
        _ = try await client.perform(request("release"))
        #expect(String(decoding: try await held.collect(), as: UTF8.self) == "1 ")
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

    // MARK: Connections that end

    /// How often the server saw a request for that path, which says nothing about how often it did its work.
    private func seen(_ path: String) async throws -> Int? {
        let body = try await client.perform(request("seen")).body
        return try JSONDecoder().decode([String: Int].self, from: Data(body))["/" + path]
    }

    @Test(arguments: ["goaway", "reset"], [0, 1, 300_000])
    func `what the server says it did not touch goes out again`(refusal: String, size: Int) async throws {
        defer { server.stop() }
        // libcurl (7.88, for one) gives up a refused request if it is alone on its connection.
        let other = try await client.open(request("hang", body: [1]))
        #expect(try await other.next() != nil)
        let path = "refused-by-\(refusal)"
        let body = [UInt8](repeating: 7, count: size)
        let response = try await client.perform(request(path, body: body))
        #expect(response.head.status == 200)
        #expect(response.body == body)
        #expect(try await seen(path) == 2)
        withExtendedLifetime(other) {}
    }

    @Test(arguments: ["goaway", "reset", "closing", "breaking"], [1, 300_000])
    func `what the server may have touched reaches it once`(end: String, size: Int) async throws {
        defer { server.stop() }
        _ = try await client.perform(request("echo", body: [1]))
        let path = "left-by-\(end)"
        let error = await failure { () throws(LLMError) in
            try await client.perform(request(path, body: [UInt8](repeating: 7, count: size)))
        }
        #expect(error?.code == .network)
        #expect(try await seen(path) == 1)
    }

    @Test func `what a refusal said of one request is not taken to be said of the next`() async throws {
        defer { server.stop() }
        let paths = ["refused-after-hints", "left-by-breaking"]
        for path in paths {
            let error = await failure { () throws(LLMError) in try await client.perform(request(path, body: [1])) }
            #expect(error?.code == .network)
        }
        for path in paths { #expect(try await seen(path) == 1) }
    }
}
