import CPlatform
import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// Calls that never left cost nothing, so a failure must say whether the upstream may have seen the request.
@Suite(.timeLimit(.minutes(5))) struct `Whether a request left` {
    private static func error(
        of request: HTTPRequest,
        _ client: HTTPClient = .forTesting()
    ) async -> LLMError? {
        await failure { () throws(LLMError) in try await client.perform(request) }
    }

    @Test func `a refused connection, an unknown host and a failed handshake leave nothing`() async throws {
        let closed = try LoopbackServer { _, _ in }.port
        let plain = try LoopbackServer { _, responder in responder.respond(body: "") }
        for url in [
            "http://127.0.0.1:\(closed)", "https://no-such-host.invalid", "https://127.0.0.1:\(plain.port)",
        ] {
            let error = await Self.error(of: HTTPRequest(url: url, body: [1]))
            #expect(error?.code == .network, "\(url)")
            #expect(error?.reachedUpstream == false, "\(url)")
        }
    }

    @Test func `a proxy that refuses to connect leaves nothing`() async throws {
        let closed = try LoopbackServer { _, _ in }.port
        let refusing = try LoopbackServer { _, responder in responder.respond(status: 503, body: "") }
        for proxy in ["http://127.0.0.1:\(closed)", refusing.url] {
            let client = HTTPClient.forTesting { $0.proxy = .url(proxy) }
            let error = await Self.error(of: HTTPRequest(url: "https://host.invalid/", body: [1]), client)
            #expect(error?.code == .network)
            #expect(error?.reachedUpstream == false)
        }
    }

    @Test(arguments: [
        Timeouts(connect: .milliseconds(150)), Timeouts(firstToken: .milliseconds(150)),
        Timeouts(total: .milliseconds(150)),
    ])
    func `a clock that strikes before the connection stands leaves nothing`(timeouts: Timeouts) async throws {
        let full = try #require(FullListener())
        let error = await Self.error(of: HTTPRequest(url: full.url, body: [1], timeouts: timeouts))
        #expect(error?.code == .timeout)
        #expect(error?.reachedUpstream == false)
    }

    @Test func `what is late or cancelled at the door leaves nothing, whatever the handle did before`() async throws {
        let server = try LoopbackServer { _, responder in responder.respond(body: "ok") }
        let full = try #require(FullListener())
        let client = HTTPClient.forTesting()
        _ = try await client.perform(HTTPRequest(url: server.url, body: [1]))
        var late = HTTPRequest(url: server.url)
        late.deadline = .now - .seconds(1)
        #expect(await Self.error(of: late, client)?.reachedUpstream == false)
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await Self.error(of: HTTPRequest(url: server.url), client)
        }
        #expect(await cancelled.value?.reachedUpstream == false)
        let connecting = Task { await Self.error(of: HTTPRequest(url: full.url, body: [1]), client) }
        try await Task.sleep(for: .milliseconds(20))
        connecting.cancel()
        let error = await connecting.value
        #expect(error?.code == .cancelled)
        #expect(error?.reachedUpstream == false)
    }

    @Test func `a body that could not be sent whole did not reach the upstream`() async throws {
        // Accepted by the kernel, read by nobody: a large body gets stuck on the way.
        let deaf = try #require(FullListener(backlog: 8, fills: false))
        let request = HTTPRequest(
            url: deaf.url,
            body: [UInt8](repeating: 7, count: 32 << 20),
            timeouts: Timeouts(total: .milliseconds(400))
        )
        let error = await Self.error(of: request)
        #expect(error?.code == .timeout)
        #expect(error?.reachedUpstream == false)
    }

    @Test(arguments: [0, 1, 100_000])
    func `a server that hangs, or breaks off, has the request`(bodySize: Int) async throws {
        let server = try LoopbackServer { request, responder in
            switch request.path {
            case "/hang": responder.hang()
            case "/cut": responder.sendRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8))
            default: responder.abort()
            }
        }
        let client = HTTPClient.forTesting()
        let body = [UInt8](repeating: 7, count: bodySize)
        for path in ["/hang", "/cut", "/reset"] {
            let error = await Self.error(
                of: HTTPRequest(url: server.url + path, body: body, timeouts: Timeouts(total: .milliseconds(300))),
                client
            )
            #expect(error?.code == (path == "/hang" ? .timeout : .network))
            #expect(error?.reachedUpstream == true, "\(path)")
        }
    }

    @Test func `a call cancelled while the server hangs has reached it`() async throws {
        let (arrived, arrive) = AsyncStream<Void>.makeStream()
        let server = try LoopbackServer { request, responder in
            if request.path == "/stream" {
                responder.startStream()
                responder.write("first")
            }
            arrive.yield()
            responder.hang()
        }
        let client = HTTPClient.forTesting()
        for path in ["/silent", "/stream"] {
            let call = Task { () -> LLMError? in
                await failure { () throws(LLMError) in
                    let stream = try await client.open(HTTPRequest(url: server.url + path, body: [1]))
                    while try await stream.next() != nil {}
                }
            }
            _ = await arrived.first { _ in true }
            call.cancel()
            let error = await call.value
            #expect(error?.code == .cancelled)
            #expect(error?.reachedUpstream == true, "\(path)")
        }
    }

    @Test func `a call to a vendor that is down costs nothing`() async throws {
        let server = try LoopbackServer { _, responder in responder.respond() }
        let url = server.url
        server.stop()
        let meter = InMemoryCostMeter()
        let provider = OpenAIProvider(model: "gpt-4o", key: .value("sk-test"), baseURL: url, client: .forTesting())
        let pipeline = try Pipeline(router: .to("m"), meter: meter) {
            ChatModel("m", provider.retrying(RetryPolicy(base: .zero)))
        }
        await #expect(throws: LLMError.self) { try await pipeline.respond(to: "hello") }
        #expect(meter.charges.map(\.cost) == [.zero, .zero, .zero])
        #expect(meter.charges.map(\.ordinal) == [1, 2, 3])
    }
}

/// A socket that listens and never accepts; with its queue full, new connections are left unanswered.
private final class FullListener: Sendable {
    let url: String
    private let sockets: [Int32]

    init?(backlog: Int32 = 1, fills: Bool = true) {
        let listener = streamSocket(AF_INET)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var sockets = [listener]
        let isReady = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard bind(listener, address, size) == 0, listen(listener, backlog) == 0,
                    getsockname(listener, address, &size) == 0
                else { return false }
                for _ in 0..<(fills ? 8 : 0) {
                    let client = streamSocket(AF_INET)
                    _ = setNonblocking(client)
                    _ = connect(client, address, size)
                    sockets.append(client)
                }
                return true
            }
        }
        self.sockets = sockets
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        guard isReady else { return nil }
    }

    deinit { for socket in sockets { close(socket) } }
}
