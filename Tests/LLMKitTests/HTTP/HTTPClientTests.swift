import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// Every test runs over both ways of polling: the second is what other systems than Linux get.
let pollers = [false, true]

extension HTTPClient {
    static func forTesting(
        portable: Bool = false,
        _ change: (inout Configuration) -> Void = { _ in }
    ) -> HTTPClient {
        var configuration = Configuration()
        configuration.proxy = .none
        change(&configuration)
        return HTTPClient(configuration, usesPortablePoller: portable)
    }
}

/// The error that `work` throws; `nil` if it throws none.
func failure<Result>(_ work: () async throws(LLMError) -> Result) async -> LLMError? {
    do {
        _ = try await work()
        return nil
    } catch {
        return error
    }
}

@Suite(.timeLimit(.minutes(5))) struct `HTTP client` {
    @Test(arguments: pollers)
    func `a request arrives as it was written, and its answer whole`(portable: Bool) async throws {
        let seen = Mutex<LoopbackServer.Request?>(nil)
        let server = try LoopbackServer { request, responder in
            seen.withLock { $0 = request }
            responder.respond(status: 429, headers: ["X-Request-ID": "r 1", "Empty": ""], body: "{\"ok\":true}")
        }
        let headers = [
            HTTPHeader("Authorization", "Bearer k"), HTTPHeader("X-Empty", ""), HTTPHeader("Content-Type", "a/b"),
        ]
        let request = HTTPRequest(url: server.url + "/v1/chat?x=1&y=2", headers: headers, body: Array("héllo".utf8))
        let response = try await HTTPClient.forTesting(portable: portable).perform(request)

        #expect(response.head.status == 429)
        #expect(response.head.header("x-request-id") == "r 1")
        #expect(response.head.header("EMPTY")?.isEmpty == true)
        #expect(response.head.header("missing") == nil)
        #expect(response.head.headers.contains { $0.name == "X-Request-ID" && $0.value == "r 1" })
        #expect(response.body == Array("{\"ok\":true}".utf8))
        #expect(response.connect > .zero)
        let received = try #require(seen.withLock { $0 })
        #expect(received.method == "POST")
        #expect(received.path == "/v1/chat")
        #expect(received.query == "x=1&y=2")
        #expect(received.text == "héllo")
        #expect(received.headers["authorization"] == "Bearer k")
        #expect(received.headers["x-empty"]?.isEmpty == true)
        #expect(received.headers["content-type"] == "a/b")
        #expect(received.headers["expect"] == nil)
        #expect(received.headers["user-agent"] == "LLMKit")
        #expect(received.headers["accept-encoding"]?.contains("gzip") == true)
    }

    @Test func `get sends no body, and handles are clean after a post`() async throws {
        let server = try LoopbackServer { request, responder in
            responder.respond(body: "\(request.method) \(request.headers["content-length"] ?? "none") \(request.text)")
        }
        let client = HTTPClient.forTesting()
        var bodies: [String] = []
        for method in [HTTPRequest.Method.post, .get, .post] {
            let body = method == .post ? Array("abc".utf8) : []
            let request = HTTPRequest(method: method, url: server.url + "/", body: body)
            bodies.append(String(decoding: try await client.perform(request).body, as: UTF8.self))
        }
        #expect(bodies == ["POST 3 abc", "GET none ", "POST 3 abc"])
        let empty = try await client.perform(HTTPRequest(url: server.url + "/"))
        #expect(String(decoding: empty.body, as: UTF8.self) == "POST 0 ")
    }

    @Test(arguments: [0, 1, 1000, 70_000, 3_000_000])
    func `bodies of any size come through both ways`(size: Int) async throws {
        let server = try LoopbackServer { request, responder in responder.respond(body: request.body) }
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let response = try await HTTPClient.forTesting().perform(HTTPRequest(url: server.url, body: body))
        #expect(response.body == body)
    }

    @Test(arguments: pollers)
    func `connections are used again, also by many at once`(portable: Bool) async throws {
        let server = try LoopbackServer { request, responder in responder.respond(body: request.body) }
        let client = HTTPClient.forTesting(portable: portable)
        for _ in 0..<10 {
            let response = try await client.perform(HTTPRequest(url: server.url))
            #expect((response.connect == .zero) == (server.connectionCount == 1 && response.connect == .zero))
        }
        #expect(server.connectionCount == 1)

        let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<20 {
                group.addTask {
                    for turn in 0..<20 {
                        let body = Array("\(task).\(turn)".utf8)
                        guard try await client.perform(HTTPRequest(url: server.url, body: body)).body == body else {
                            return false
                        }
                    }
                    return true
                }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(answers)
        #expect(server.connectionCount <= 21)
    }

    @Test func `no more connections are opened than allowed`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.hang(milliseconds: 5)
            responder.respond(body: "ok")
        }
        let client = HTTPClient.forTesting { $0.maxConnectionsPerHost = 2 }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { _ = try await client.perform(HTTPRequest(url: server.url)) }
            }
            try await group.waitForAll()
        }
        #expect(server.connectionCount <= 2)
    }

    @Test func `a connection that died while idle is replaced without an error`() async throws {
        let server = try LoopbackServer { request, responder in
            responder.startStream()
            responder.write(request.body)
            responder.endStream()
            if request.path == "/once" { responder.abort() }
        }
        let client = HTTPClient.forTesting()
        for _ in 0..<3 {
            #expect(try await client.perform(HTTPRequest(url: server.url + "/once", body: [1])).body == [1])
        }
        #expect(try await client.perform(HTTPRequest(url: server.url + "/", body: [2])).body == [2])
    }

    @Test(arguments: ["X-Key\r\nEvil", "", "X Key", "X:Key", "Schlüssel"])
    func `a header name that would break out is refused`(name: String) async throws {
        let request = HTTPRequest(url: "http://127.0.0.1:9", headers: [HTTPHeader(name, "v")])
        let error = await failure { () throws(LLMError) in try await HTTPClient.forTesting().perform(request) }
        #expect(error?.code == .invalidRequest)
    }

    @Test(arguments: ["a\r\nEvil: 1", "a\nb", "a\rb", "a\0b", "a\u{7F}"])
    func `a header value that would break out is refused, and not shown`(value: String) async throws {
        let request = HTTPRequest(url: "http://127.0.0.1:9", headers: [HTTPHeader("X-Key", "secret" + value)])
        let error = await failure { () throws(LLMError) in try await HTTPClient.forTesting().perform(request) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains("X-Key") == true)
        #expect(error?.message.contains("secret") == false)
    }

    @Test(arguments: ["Content-Length", "transfer-encoding"])
    func `headers that frame the body are the transport's`(name: String) async throws {
        let request = HTTPRequest(url: "http://127.0.0.1:9", headers: [HTTPHeader(name, "5")])
        let error = await failure { () throws(LLMError) in try await HTTPClient.forTesting().perform(request) }
        #expect(error?.code == .invalidRequest)
    }

    @Test(arguments: ["http://a/\r\nb", "http://a/ b", "http://a\0/"])
    func `a URL with control characters is refused`(url: String) async throws {
        let error = await failure { () throws(LLMError) in
            try await HTTPClient.forTesting().perform(HTTPRequest(url: url))
        }
        #expect(error?.code == .invalidRequest)
    }

    @Test(arguments: [
        "", "localhost:8080/v1", "ftp://host/x", "file:///etc/passwd", "http://", "https:///v1", "http://:80/",
        "http://host:port/", "http://host:99999/", "http:/host", "HTTPS//host",
    ])
    func `a malformed URL is named without what may be secret`(url: String) async throws {
        let error = await failure { () throws(LLMError) in
            try await HTTPClient.forTesting().perform(HTTPRequest(url: url + "?key=secret"))
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("secret") == false)
        #expect(error?.message.contains(url) == true)
    }

    @Test func `user and password of a URL are never shown`() async throws {
        #expect(HTTPAddress.printable("http://me:secret@host:1/a?b#c") == "http://host:1/a")
        #expect(HTTPAddress.printable("me:secret@host/a") == "host/a")
        let error = await failure { () throws(LLMError) in
            try await HTTPClient.forTesting().perform(HTTPRequest(url: "http://me:secret@127.0.0.1:1/x"))
        }
        #expect(error?.code == .network)
        #expect(error?.message.contains("secret") == false)
        #expect(error?.message.contains("127.0.0.1:1") == true)
    }

    @Test func `an unreachable server is a network error that says where and what to check`() async throws {
        let port = try LoopbackServer { _, _ in }.port
        let request = HTTPRequest(
            url: "http://127.0.0.1:\(port)/v1",
            headers: [HTTPHeader("Authorization", "Bearer secret")],
            body: Array("prompt".utf8)
        )
        let error = await failure { () throws(LLMError) in try await HTTPClient.forTesting().perform(request) }
        #expect(error?.code == .network)
        #expect(error?.isRetryable == true)
        #expect(error?.message.contains("127.0.0.1:\(port)") == true)
        #expect(error.map { "\($0)" }?.contains("secret") == false)
        #expect(error.map { "\($0)" }?.contains("prompt") == false)
    }

    @Test func `a host that does not exist is a network error`() async throws {
        let error = await failure { () throws(LLMError) in
            try await HTTPClient.forTesting().perform(HTTPRequest(url: "https://no-such-host.invalid/v1"))
        }
        #expect(error?.code == .network)
        #expect(error?.message.contains("no-such-host.invalid:443") == true)
    }

    @Test func `https to a server that does not speak it is a network error`() async throws {
        let server = try LoopbackServer { _, responder in responder.respond(body: "") }
        let error = await failure { () throws(LLMError) in
            try await HTTPClient.forTesting().perform(HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
        }
        #expect(error?.code == .network)
        #expect(error?.message.contains("TLS") == true)
    }

    @Test func `a redirect is refused, and nothing sent to its target`() async throws {
        let elsewhere = try LoopbackServer { _, responder in responder.respond(body: "stolen") }
        let server = try LoopbackServer { request, responder in
            let target = request.path == "/far" ? elsewhere.url + "/?token=secret" : "/near"
            responder.respond(status: 307, headers: ["Location": target], body: "moved")
        }
        let client = HTTPClient.forTesting()
        let far = await failure { () throws(LLMError) in
            try await client.perform(HTTPRequest(url: server.url + "/far"))
        }
        #expect(far?.code == .invalidConfiguration)
        #expect(far?.status == 307)
        #expect(far?.message.contains("127.0.0.1:\(elsewhere.port)") == true)
        #expect(far?.message.contains("secret") == false)
        let near = await failure { () throws(LLMError) in
            try await client.open(HTTPRequest(url: server.url + "/here")).head.status
        }
        #expect(near?.message.contains("127.0.0.1:\(server.port)") == true)
        #expect(elsewhere.connectionCount == 0)
    }

    @Test(arguments: pollers)
    func `an answer beyond the limit is refused`(portable: Bool) async throws {
        let server = try LoopbackServer { request, responder in
            responder.respond(body: [UInt8](repeating: 0x20, count: Int(request.query) ?? 0))
        }
        let client = HTTPClient.forTesting(portable: portable) { $0.maxBodyBytes = 100_000 }
        #expect(try await client.perform(HTTPRequest(url: server.url + "/?100000")).body.count == 100_000)
        let error = await failure { () throws(LLMError) in
            try await client.perform(HTTPRequest(url: server.url + "/?100001"))
        }
        #expect(error?.code == .responseTooLarge)
        #expect(error?.message.contains("100000 bytes") == true)
        let collected = await failure { () throws(LLMError) in
            try await client.open(HTTPRequest(url: server.url + "/?100001")).collect()
        }
        #expect(collected?.code == .responseTooLarge)
    }

    @Test(arguments: [200, 50_000, 300_000])
    func `headers beyond the limit are refused, in many lines or one`(length: Int) async throws {
        let server = try LoopbackServer { _, responder in
            var headers: [String: String] = [:]
            for index in 0..<(400_000 / length) { headers["X-\(index)"] = String(repeating: "x", count: length) }
            responder.respond(headers: headers, body: "ok")
        }
        let error = await failure { () throws(LLMError) in
            try await HTTPClient.forTesting { $0.maxHeaderBytes = 10_000 }.perform(HTTPRequest(url: server.url))
        }
        #expect(error?.code == .responseTooLarge)
        #expect(error?.message.contains("10000 bytes") == true)
    }

    @Test func `a compressed answer is unpacked, and its limit counts what comes out`() async throws {
        // {"answer":"squeezed squeezed …"}, 193 bytes once unpacked.
        let packed: [UInt8] = [
            0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xFF, 0xAB, 0x56, 0x4A, 0xCC, 0x2B, 0x2E,
            0x4F, 0x2D, 0x52, 0xB2, 0x52, 0x2A, 0x2E, 0x2C, 0x4D, 0x4D, 0xAD, 0x4A, 0x4D, 0x51, 0x18, 0x42,
            0x0C, 0xA5, 0x5A, 0x00, 0x56, 0x37, 0x51, 0x55, 0xC1, 0x00, 0x00, 0x00,
        ]
        let server = try LoopbackServer { _, responder in
            responder.respond(headers: ["Content-Encoding": "gzip"], body: packed)
        }
        let response = try await HTTPClient.forTesting().perform(HTTPRequest(url: server.url))
        let expected = "{\"answer\":\"" + String(repeating: "squeezed ", count: 20) + "\"}"
        #expect(String(decoding: response.body, as: UTF8.self) == expected)
        let error = await failure { () throws(LLMError) in
            try await HTTPClient.forTesting { $0.maxBodyBytes = 150 }.perform(HTTPRequest(url: server.url))
        }
        #expect(error?.code == .responseTooLarge)
    }

    @Test func `a server that breaks off is a retryable network error, never a short answer`() async throws {
        let server = try LoopbackServer { request, responder in
            switch request.path {
            case "/nothing": responder.abort()
            case "/closed": responder.sendRaw([])
            case "/length": responder.sendRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8))
            default:
                responder.startStream()
                responder.write("half")
            }
        }
        let client = HTTPClient.forTesting()
        for path in ["/nothing", "/closed", "/length", "/chunked"] {
            let error = await failure { () throws(LLMError) in
                try await client.perform(HTTPRequest(url: server.url + path))
            }
            #expect(error?.code == .network, "\(path)")
            #expect(error?.isRetryable == true, "\(path)")
            #expect(error?.message.contains("half") == false)
        }
    }

    @Test func `what is not HTTP is a malformed answer`() async throws {
        let server = try LoopbackServer { _, responder in responder.sendRaw(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)) }
        let error = await failure { () throws(LLMError) in
            try await HTTPClient.forTesting().perform(HTTPRequest(url: server.url))
        }
        #expect(error?.code == .malformedResponse)
    }

    @Test func `an interim answer is passed over`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.sendRaw(Array("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n".utf8))
            responder.sendRaw(Array("HTTP/1.1 200 OK\r\nX-Late: 2\r\nContent-Length: 2\r\n\r\nok".utf8))
        }
        let response = try await HTTPClient.forTesting().perform(HTTPRequest(url: server.url))
        #expect(response.head.status == 200)
        #expect(response.head.header("x-early") == nil)
        #expect(response.head.header("x-late") == "2")
        #expect(response.body == Array("ok".utf8))
    }

    @Test func `a proxy is used when one is set`() async throws {
        let seen = Mutex("")
        let proxy = try LoopbackServer { request, responder in
            seen.withLock { $0 = request.path }
            responder.respond(body: "from the proxy")
        }
        let client = HTTPClient.forTesting { $0.proxy = .url(proxy.url) }
        let response = try await client.perform(HTTPRequest(url: "http://no-such-host.invalid/v1"))
        #expect(String(decoding: response.body, as: UTF8.self) == "from the proxy")
        #expect(seen.withLock { $0 } == "http://no-such-host.invalid/v1")
    }

    @Test func `a configuration that cannot work says so at the first request`() async throws {
        let changes: [@Sendable (inout HTTPClient.Configuration) -> Void] = [
            { $0.maxConnectionsPerHost = 0 }, { $0.maxHeaderBytes = 0 }, { $0.maxBodyBytes = -1 },
            { $0.userAgent = "a\r\nb" }, { $0.proxy = .url("") },
        ]
        for change in changes {
            let error = await failure { () throws(LLMError) in
                try await HTTPClient.forTesting(change).perform(HTTPRequest(url: "http://127.0.0.1:9/"))
            }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test(arguments: pollers)
    func `a client that is let go of ends its thread, after what is under way`(portable: Bool) async throws {
        let server = try LoopbackServer { _, responder in
            responder.hang(milliseconds: 50)
            responder.respond(body: "ok")
        }
        var client: HTTPClient? = HTTPClient.forTesting(portable: portable)
        weak let loop = try client?.loop.get()
        var stream = try await client?.open(HTTPRequest(url: server.url))
        client = nil
        #expect(try await stream?.collect() == Array("ok".utf8))
        stream = nil
        for _ in 0..<500 where loop != nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(loop == nil)
        for _ in 0..<500 where server.openConnectionCount > 0 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(server.openConnectionCount == 0)
    }
}
