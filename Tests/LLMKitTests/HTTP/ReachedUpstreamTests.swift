import Testing

@testable import LLMKit

/// What never left this machine must not be billed.
@Suite struct `Whether a request left` {
    private func error(_ url: String, _ timeouts: Timeouts = Timeouts()) async -> LLMError? {
        let request = HTTPRequest(url: url, body: Array("{}".utf8), timeouts: timeouts)
        return await failure { () throws(LLMError) in try await HTTPClient.forTesting().perform(request) }
    }

    @Test func `a refused connection never left`() async throws {
        let server = try LoopbackServer { _, responder in responder.respond() }
        let url = server.url
        server.stop()
        #expect(await error(url)?.reachedUpstream == false)
    }

    @Test func `a host that is not known never left`() async {
        #expect(await error("http://no-such-host.invalid")?.reachedUpstream == false)
    }

    @Test func `a server that hangs has the request`() async throws {
        let server = try LoopbackServer { _, responder in _ = responder.hang(milliseconds: 20_000) }
        let error = await error(server.url, Timeouts(total: .milliseconds(300)))
        #expect(error?.code == .timeout)
        #expect(error?.reachedUpstream == true)
    }

    @Test func `a server that breaks off has the request`() async throws {
        let server = try LoopbackServer { _, responder in responder.abort() }
        #expect(await error(server.url)?.reachedUpstream == true)
    }

    @Test func `a call to a vendor that is down costs nothing`() async throws {
        let server = try LoopbackServer { _, responder in responder.respond() }
        let url = server.url
        server.stop()
        let meter = InMemoryCostMeter()
        let provider = OpenAIProvider(model: "gpt-4o", key: .value("sk-test"), baseURL: url, client: .forTesting())
        let pipeline = try Pipeline(router: .to("m"), meter: meter) {
            Model("m", provider.retrying(RetryPolicy(base: .zero)))
        }
        await #expect(throws: LLMError.self) { try await pipeline.respond(to: "hello") }
        #expect(meter.charges.map(\.cost) == [.zero])
        #expect(meter.charges.map(\.attempts) == [3])
    }
}
