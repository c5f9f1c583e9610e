import Synchronization
import Testing

@testable import LLMKit
@testable import LLMKitTesting

/// A request that was sent once must not be sent again by libcurl: only the retry policy counts what it repeats.
@Suite(.timeLimit(.minutes(5))) struct `Replays` {
    /// A server that answers at `/warm` and breaks every other connection once it has read the request.
    private static func server(resets: Bool, _ seen: Counter) throws -> LoopbackServer {
        try LoopbackServer { request, responder in
            guard request.path != "/warm" else {
                responder.hang(milliseconds: 20)
                return responder.respond(body: "ok")
            }
            seen.count.add(1, ordering: .relaxed)
            if resets { responder.abort() } else { responder.sendRaw([]) }
        }
    }

    private final class Counter: Sendable { let count = Atomic(0) }

    /// Leaves several connections open, each of which libcurl would try in turn.
    private static func warm(_ client: HTTPClient, _ server: LoopbackServer) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { _ = try await client.perform(HTTPRequest(url: server.url + "/warm", body: [1])) }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: [true, false], [0, 1, 300_000])
    func `a request reaches the server once, however its kept connection breaks`(resets: Bool, size: Int) async throws {
        let seen = Counter()
        let server = try Self.server(resets: resets, seen)
        let client = HTTPClient.forTesting()
        try await Self.warm(client, server)
        let kept = server.connectionCount
        #expect(kept > 1)
        let request = HTTPRequest(url: server.url + "/v1", body: [UInt8](repeating: 7, count: size))
        for isWhole in [true, false] {
            let error = await failure { () throws(LLMError) in
                if isWhole { _ = try await client.perform(request) } else { _ = try await client.open(request) }
            }
            #expect(error?.code == .network)
            #expect(error?.isRetryable == true)
            #expect(error?.reachedUpstream == true)
            #expect(error?.message.contains("127.0.0.1:\(server.port)") == true)
        }
        #expect(seen.count.load(ordering: .relaxed) == 2)
    }

    @Test func `a retry policy repeats what was left unanswered, as often as it says`() async throws {
        let seen = Counter()
        let server = try Self.server(resets: true, seen)
        let client = HTTPClient.forTesting()
        try await Self.warm(client, server)
        let provider = OpenAIProvider(model: "m", key: .notNeeded, baseURL: server.url, client: client)
        let retrying = provider.retrying(RetryPolicy(maxAttempts: 3, base: .zero))
        await #expect(throws: LLMError.self) { try await retrying.respond(to: "hello") }
        #expect(seen.count.load(ordering: .relaxed) == 3)
    }
}
