import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// Both vendors over real sockets: whole, streamed, refused, cut, and hanging.
@Suite struct ProviderLoopbackTests {
    static let secret = "sk-loopback-0123456789abcdef"

    /// The same call to either vendor.
    enum Vendor: CaseIterable {
        case openAI, anthropic

        func provider(at url: String) -> any ModelProvider {
            switch self {
            case .openAI: OpenAIProvider(model: "m-large", key: .value(secret), baseURL: "\(url)/v1")
            case .anthropic: AnthropicProvider(model: "claude-x", key: .value(secret), baseURL: url)
            }
        }

        var fixture: String { self == .openAI ? "openai_chat" : "anthropic_messages" }
        var toolFixture: String { self == .openAI ? "openai_tools" : "anthropic_tools_thinking" }
        var path: String { self == .openAI ? "/v1/chat/completions" : "/v1/messages" }
        var errorBody: String {
            self == .openAI
                ? #"{"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}}"#
                : #"{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}"#
        }
    }

    private func stream(_ bytes: [UInt8], piece: Int = 7, thenHang: Bool = false) -> LoopbackServer.Handler {
        { _, responder in
            responder.startStream(headers: ["Content-Type": "text/event-stream"])
            var start = 0
            while start < bytes.count {
                responder.write(Array(bytes[start..<min(start + piece, bytes.count)]))
                start += piece
            }
            if thenHang { responder.hang() } else { responder.endStream() }
        }
    }

    private func error(_ body: () async throws -> Void) async -> LLMError? {
        await #expect(throws: LLMError.self) { try await body() }
    }

    @Test func `a refusal without a key says that none was sent, in one sentence`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.respond(status: 401, body: #"{"error":{"message":"You did not provide an API key."}}"#)
        }
        func message(_ key: APIKey?) async -> String? {
            let provider = OpenAIProvider(model: "m", key: key, baseURL: "\(server.url)/v1", dialect: .compatible)
            return await error { _ = try await provider.respond(to: "?") }?.message
        }
        let said = "You did not provide an API key"
        #expect(await message(nil)?.hasSuffix("\(said); no key was sent: give the provider one, with key:") == true)
        #expect(await message(.value(Self.secret))?.hasSuffix("\(said); check the key") == true)
    }

    @Test(arguments: Vendor.allCases)
    func `a whole answer comes back whole`(vendor: Vendor) async throws {
        let body = try Fixture.bytes("\(vendor.fixture).json")
        let seen = Mutex<LoopbackServer.Request?>(nil)
        let server = try LoopbackServer { request, responder in
            seen.withLock { $0 = request }
            responder.respond(headers: ["Content-Type": "application/json", "X-Request-ID": "req_9"], body: body)
        }
        var request = ChatRequest([.user("What is on the pier?")])
        request.sampling.seed = 7
        let response = try await vendor.provider(at: server.url).respond(to: request)
        #expect(response.text == "A seal.")
        #expect(response.id == (vendor == .openAI ? "chatcmpl-a1" : "msg_1"))
        #expect(response.vendorRequestID == "req_9")
        #expect(response.losses == (vendor == .openAI ? [] : ["seed"]))
        #expect(response.timing.total > .zero)
        #expect(response.timing.connect != nil)
        #expect(response.timing.firstToken == nil)
        let sent = try #require(seen.withLock { $0 })
        #expect(sent.method == "POST")
        #expect(sent.path == vendor.path)
        #expect(sent.headers["content-type"] == "application/json")
        #expect(sent.headers["user-agent"] == "LLMKit")
        switch vendor {
        case .openAI: #expect(sent.headers["authorization"] == "Bearer \(Self.secret)")
        case .anthropic:
            #expect(sent.headers["x-api-key"] == Self.secret)
            #expect(sent.headers["anthropic-version"] == "2023-06-01")
        }
    }

    @Test(arguments: Vendor.allCases)
    func `a stream gives events, then the whole answer, and keeps its connection`(vendor: Vendor) async throws {
        let server = try LoopbackServer(handler: stream(try Fixture.bytes("\(vendor.toolFixture).sse")))
        let provider = vendor.provider(at: server.url)
        let whole: ChatResponse =
            switch vendor {
            case .openAI: try Replay.whole(try Fixture.bytes("openai_tools.json"), OpenAIDecoder())
            case .anthropic: try Replay.whole(try Fixture.bytes("anthropic_tools_thinking.json"), AnthropicDecoder())
            }
        for _ in 0..<3 {
            var events: [StreamEvent] = []
            for try await event in try await provider.stream("?") { events.append(event) }
            guard case .end(var response)? = events.popLast() else {
                Issue.record("no end")
                return
            }
            #expect(events.count > 2)
            #expect(response.timing.firstToken.map { $0 > .zero && $0 <= response.timing.total } == true)
            #expect(response.timing.longestGap != nil)
            response.timing = Timing()
            #expect(response.vendorRequestID == response.id)
            response.vendorRequestID = nil
            #expect(response == whole)
        }
        #expect(server.connectionCount == 1)
    }

    @Test(arguments: Vendor.allCases)
    func `a stream that was collected lets the next call use its connection`(vendor: Vendor) async throws {
        // The end of the body comes late, as from servers that flush it apart.
        let bytes = try Fixture.bytes("\(vendor.fixture).sse")
        let server = try LoopbackServer { _, responder in
            responder.startStream(headers: ["Content-Type": "text/event-stream"])
            responder.write(bytes)
            responder.hang(milliseconds: 20)
            responder.endStream()
        }
        let provider = vendor.provider(at: server.url)
        #expect(try await provider.stream("?").collect().text == "A seal.")
        try await Task.sleep(for: .milliseconds(200))
        #expect(try await provider.stream("?").collect().text == "A seal.")
        #expect(server.connectionCount == 1)
    }

    @Test(arguments: Vendor.allCases)
    func `refusals to serve keep their class, wait, and id`(vendor: Vendor) async throws {
        let waits: [([String: String], Duration?)] = [
            (["Retry-After": "3"], .seconds(3)), (["Retry-After-Ms": "40"], .milliseconds(40)),
            (["Retry-After": "Fri, 02 Jan 2026 03:04:35 GMT", "Date": "Fri, 02 Jan 2026 03:04:25 GMT"], .seconds(10)),
            ([:], nil),
        ]
        for (headers, wait) in waits {
            var headers = headers
            headers["Request-Id"] = "req_7"
            let server = try LoopbackServer { [headers] _, responder in
                responder.respond(status: 429, headers: headers, body: vendor.errorBody)
            }
            let provider = vendor.provider(at: server.url)
            let errors = [
                await error { _ = try await provider.respond(to: "?") },
                await error { _ = try await provider.stream("?") },
            ]
            for error in errors {
                #expect(error?.code == .rateLimited)
                #expect(error?.status == 429)
                #expect(error?.retryAfter == wait)
                #expect(error?.vendorRequestID == "req_7")
                #expect(error?.message.contains("slow down") == true)
            }
        }
    }

    @Test(arguments: Vendor.allCases)
    func `a proxy's web page is an error that says so`(vendor: Vendor) async throws {
        for status in [200, 502] {
            let server = try LoopbackServer { _, responder in
                responder.respond(
                    status: status,
                    headers: ["Content-Type": "text/html"],
                    body: "<html><head><title>Bad Gateway</title></head></html>"
                )
            }
            let provider = vendor.provider(at: server.url)
            for isStream in [true, false] {
                let error = await error {
                    if isStream { _ = try await provider.stream("?") } else { _ = try await provider.respond(to: "?") }
                }
                #expect(error?.code == (status == 200 ? .malformedResponse : .server))
                #expect(error?.message.contains("web page") == true)
                #expect(error?.message.contains("Bad Gateway") == true)
            }
        }
    }

    @Test(arguments: Vendor.allCases)
    func `a server that ignores the wish for a stream is read whole`(vendor: Vendor) async throws {
        let body = try Fixture.bytes("\(vendor.fixture).json")
        let server = try LoopbackServer { _, responder in
            responder.respond(headers: ["Content-Type": "application/json"], body: body)
        }
        let response = try await vendor.provider(at: server.url).stream("?").collect()
        #expect(response.text == "A seal.")
    }

    @Test(arguments: Vendor.allCases)
    func `an error with status 200 is an error`(vendor: Vendor) async throws {
        let server = try LoopbackServer { _, responder in
            responder.respond(headers: ["Content-Type": "application/json"], body: vendor.errorBody)
        }
        let provider = vendor.provider(at: server.url)
        #expect(await error { _ = try await provider.respond(to: "?") }?.code == .rateLimited)
        #expect(await error { _ = try await provider.stream("?") }?.code == .rateLimited)
    }

    @Test(arguments: Vendor.allCases)
    func `an error in a stream comes after the events before it, with what was used`(vendor: Vendor) async throws {
        let bytes =
            vendor == .anthropic
            ? try Fixture.bytes("anthropic_error_midstream.sse")
            : Array(
                """
                data: {"choices":[{"delta":{"content":"A seal."}}]}

                data: {"error":{"message":"Overloaded \(Self.secret)","code":"overloaded"}}


                """.utf8
            )
        let server = try LoopbackServer(handler: stream(bytes, piece: 4_096))
        var events: [StreamEvent] = []
        let error = await error {
            for try await event in try await vendor.provider(at: server.url).stream("?") { events.append(event) }
        }
        #expect(events == [.text("A seal.")])
        #expect(error?.code == .overloaded)
        #expect(error?.usage?.isEstimated == true)
        #expect(error?.usage?.output == 2)
        #expect(error.map { !"\($0)".contains(Self.secret) } == true)
    }

    @Test(arguments: Vendor.allCases)
    func `a stream that ends without its marker is truncated, wherever it is cut`(vendor: Vendor) async throws {
        let bytes = try Fixture.bytes("\(vendor.fixture).sse")
        let marker = vendor == .openAI ? "data: [DONE]" : "event: message_stop"
        let text = String(decoding: bytes, as: UTF8.self)
        let end = try #require(text.firstRange(of: marker)).lowerBound.utf16Offset(in: text)
        for cut in [0, 5, 200, end / 2, end] {
            // With a reason, the clean end of a body is an end.
            for breaks in cut == end ? [true] : [true, false] {
                let piece = Array(bytes[..<cut])
                let server = try LoopbackServer { _, responder in
                    responder.startStream(headers: ["Content-Type": "text/event-stream"])
                    responder.write(piece)
                    if breaks { responder.abort() } else { responder.endStream() }
                }
                let provider = vendor.provider(at: server.url)
                let error = await error { _ = try await provider.stream("?").collect() }
                let hasText = String(decoding: piece, as: UTF8.self).contains("seal.\"")
                if hasText || !breaks {
                    #expect(error?.code == .truncated, "cut at \(cut)")
                } else {
                    #expect(error?.code == .network || error?.code == .truncated)
                }
                #expect(error?.usage.map(\.isEstimated) ?? true)
                if hasText { #expect(error?.usage?.output ?? 0 >= 2) }
            }
        }
    }

    @Test(arguments: Vendor.allCases)
    func `a stream that hangs runs into the clock between tokens, and is charged`(vendor: Vendor) async throws {
        let bytes = try Fixture.bytes("\(vendor.fixture).sse")
        let text = String(decoding: bytes, as: UTF8.self)
        let end = try #require(text.firstRange(of: "seal.\"")).upperBound.utf16Offset(in: text) + 80
        let server = try LoopbackServer(handler: stream(Array(bytes[..<end]), piece: 4_096, thenHang: true))
        var request: ChatRequest = "?"
        request.timeouts = Timeouts(firstToken: .seconds(5), idle: .milliseconds(100))
        var events: [StreamEvent] = []
        let error = await error {
            for try await event in try await vendor.provider(at: server.url).stream(request) { events.append(event) }
        }
        #expect(events == [.text("A seal.")])
        #expect(error?.code == .timeout)
        #expect(error?.usage?.isEstimated == true)
    }

    @Test(arguments: Vendor.allCases)
    func `a server that never answers runs into the first clock and the deadline`(vendor: Vendor) async throws {
        let server = try LoopbackServer { _, responder in responder.hang() }
        let provider = vendor.provider(at: server.url)
        var request: ChatRequest = "?"
        request.timeouts.firstToken = .milliseconds(50)
        #expect(await error { _ = try await provider.respond(to: request) }?.code == .timeout)
        #expect(await error { _ = try await provider.stream(request) }?.code == .timeout)
        request.timeouts.firstToken = nil
        request.deadline = .now + .milliseconds(50)
        #expect(await error { _ = try await provider.respond(to: request) }?.code == .timeout)
    }

    @Test(arguments: Vendor.allCases)
    func `a reader that leaves closes the transfer`(vendor: Vendor) async throws {
        let bytes = try Fixture.bytes("\(vendor.fixture).sse")
        let hasClosed = Mutex(false)
        let server = try LoopbackServer { _, responder in
            responder.startStream(headers: ["Content-Type": "text/event-stream"])
            responder.write(Array(bytes.dropLast(60)))
            responder.hang()
            hasClosed.withLock { $0 = true }
        }
        for try await _ in try await vendor.provider(at: server.url).stream("?") { break }
        for _ in 0..<200 where !hasClosed.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(hasClosed.withLock { $0 })
    }

    @Test func `a server that is not there is a network error without a key in it`() async throws {
        let port = try LoopbackServer { _, _ in }.port
        let provider = Vendor.openAI.provider(at: "http://127.0.0.1:\(port)")
        let error = await error { _ = try await provider.respond(to: "?") }
        #expect(error?.code == .network)
        #expect(error.map { !"\($0)".contains(Self.secret) } == true)
    }

    @Test func `cached tokens that only a header tells are counted`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.respond(
                headers: ["Fireworks-Cached-Prompt-Tokens": "64"],
                body:
                    #"{"choices":[{"message":{"content":"A"},"finish_reason":"stop"}],"usage":{"prompt_tokens":90,"completion_tokens":1,"total_tokens":91}}"#
            )
        }
        let provider = OpenAIProvider(model: "m", key: .notNeeded, baseURL: server.url, dialect: .fireworks)
        let usage = try await provider.respond(to: "?").usage
        #expect(usage == Usage(input: 26, cacheRead: 64, output: 1, reportedTotal: 91))
    }
}
