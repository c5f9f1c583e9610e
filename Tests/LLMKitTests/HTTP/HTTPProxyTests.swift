import CPlatform
import LLMKitTesting
import Testing

@testable import LLMKit

/// The environment is the whole process's, so each test takes a process of its own.
@Suite(.timeLimit(.minutes(5))) struct `Proxies of the environment` {
    @Test func `the environment names the proxy, and the hosts that need none`() async {
        await #expect(processExitsWith: .success) {
            let (proxy, direct) = try Self.servers(noProxy: "127.0.0.1")
            setenv("http_proxy", proxy.url, 1)
            #expect(try await Self.answer(to: "http://no-such-host.invalid/", .environment) == "proxy")
            #expect(try await Self.answer(to: direct.url, .environment) == "direct")
            #expect(try await Self.answer(to: direct.url, .none) == "direct")
        }
    }

    @Test func `a proxy that the app names holds for every host`() async {
        await #expect(processExitsWith: .success) {
            let (proxy, direct) = try Self.servers(noProxy: "*")
            #expect(try await Self.answer(to: direct.url, .url(proxy.url)) == "proxy")
        }
    }

    @Test func `an app that wants no proxy gets none, whatever the environment says`() async {
        await #expect(processExitsWith: .success) {
            let (proxy, direct) = try Self.servers(noProxy: "")
            setenv("http_proxy", proxy.url, 1)
            setenv("all_proxy", proxy.url, 1)
            #expect(try await Self.answer(to: direct.url, .environment) == "proxy")
            #expect(try await Self.answer(to: direct.url, .none) == "direct")
        }
    }

    private static func servers(noProxy: String) throws -> (proxy: LoopbackServer, direct: LoopbackServer) {
        for name in ["http_proxy", "all_proxy", "ALL_PROXY", "NO_PROXY"] { unsetenv(name) }
        setenv("no_proxy", noProxy, 1)
        let proxy = try LoopbackServer { _, responder in responder.respond(body: "proxy") }
        return (proxy, try LoopbackServer { _, responder in responder.respond(body: "direct") })
    }

    private static func answer(to url: String, _ proxy: HTTPClient.Configuration.Proxy) async throws -> String {
        let client = HTTPClient.forTesting { $0.proxy = proxy }
        return String(decoding: try await client.perform(HTTPRequest(url: url)).body, as: UTF8.self)
    }
}
