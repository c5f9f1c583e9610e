import Testing

@testable import LLMKit
@testable import LLMKitTesting

@Suite(.timeLimit(.minutes(5))) struct `Proxy refusals` {
    @Test(arguments: [
        (403, LLMError.Code.permission), (405, .permission), (407, .invalidConfiguration), (401, .invalidConfiguration),
    ])
    func `a proxy that refuses a tunnel is named, and not asked again`(status: Int, code: LLMError.Code) async throws {
        let proxy = try LoopbackServer { _, responder in responder.respond(status: status, body: "no") }
        let client = HTTPClient.forTesting { $0.proxy = .url("http://me:secret@127.0.0.1:\(proxy.port)") }
        let provider = OpenAIProvider(
            model: "m",
            key: .notNeeded,
            baseURL: "https://host.invalid",
            dialect: .compatible,
            client: client
        )
        let error = await #expect(throws: LLMError.self) {
            try await provider.retrying(RetryPolicy(maxAttempts: 3, base: .zero)).respond(to: "?")
        }
        #expect(error?.code == code)
        #expect(error?.isRetryable == false)
        #expect(error?.status == status)
        #expect(error?.reachedUpstream == false)
        #expect(error?.message.contains("proxy 127.0.0.1:\(proxy.port) answered HTTP \(status)") == true)
        #expect(error?.message.contains("host.invalid:443") == true)
        #expect(error?.message.contains("secret") == false)
        #expect(proxy.connectionCount == 1)
    }

    @Test(arguments: [500, 502, 503, 504])
    func `a proxy that cannot reach the host is named, and may be asked again`(status: Int) async throws {
        let proxy = try LoopbackServer { _, responder in responder.respond(status: status, body: "later") }
        let client = HTTPClient.forTesting { $0.proxy = .url(proxy.url) }
        let error = await failure { () throws(LLMError) in
            try await client.perform(HTTPRequest(url: "https://host.invalid/"))
        }
        #expect(error?.code == .network)
        #expect(error?.isRetryable == true)
        #expect(error?.message.contains("proxy 127.0.0.1:\(proxy.port) answered HTTP \(status)") == true)
    }

    @Test func `a password that a proxy of plain requests refuses is the proxy's error, not the server's`() async throws
    {
        let proxy = try LoopbackServer { _, responder in responder.respond(status: 407, body: "who are you?") }
        let client = HTTPClient.forTesting { $0.proxy = .url(proxy.url) }
        let error = await failure { () throws(LLMError) in
            try await client.perform(HTTPRequest(url: "http://host.invalid/"))
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("proxy 127.0.0.1:\(proxy.port)") == true)
    }

    @Test func `a proxy that is not there is named`() async throws {
        let port = try LoopbackServer { _, _ in }.port
        let client = HTTPClient.forTesting { $0.proxy = .url("http://me:secret@127.0.0.1:\(port)") }
        let error = await failure { () throws(LLMError) in
            try await client.perform(HTTPRequest(url: "https://host.invalid/"))
        }
        #expect(error?.code == .network)
        #expect(error?.message.contains("proxy 127.0.0.1:\(port)") == true)
        #expect(error?.message.contains("secret") == false)
    }

    @Test(arguments: [
        ("http://me:secret@proxy.example:3128", "proxy.example:3128"), ("proxy.example", "proxy.example:1080"),
        ("proxy.example:8080", "proxy.example:8080"), ("https://proxy.example", "proxy.example:443"),
        ("socks5h://[::1]:9", "[::1]:9"), ("socks5://proxy.example", "proxy.example:1080"),
    ])
    func `a proxy's name is that of its host and port`(url: String, name: String) {
        #expect(HTTPClient.Configuration.proxyOrigin(url) == name)
    }
}
