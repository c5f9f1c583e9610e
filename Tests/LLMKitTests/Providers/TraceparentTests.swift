import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// What an upstream is told of the trace that its call belongs to.
@Suite struct TraceparentTests {
    private let seen = Log<String?>()
    private let server: LoopbackServer
    private let app = TraceContext(traceID: .random(), spanID: .random())

    init() throws {
        let (seen, body) = (seen, try Fixture.bytes("openai_chat.json"))
        let events = try Fixture.bytes("openai_chat.sse")
        server = try LoopbackServer { request, responder in
            seen.append(request.headers["traceparent"])
            guard String(decoding: request.body, as: UTF8.self).contains(#""stream":true"#) else {
                return responder.respond(headers: ["Content-Type": "application/json"], body: body)
            }
            responder.startStream(headers: ["Content-Type": "text/event-stream"])
            responder.write(events)
            responder.endStream()
        }
    }

    private func model(sends: Bool = true, headers: [String: String] = [:]) -> ChatModel {
        var configuration = HTTPClient.Configuration()
        configuration.sendsTraceparent = sends
        let provider = OpenAIProvider(
            model: "m",
            key: .value("k-123456"),
            baseURL: server.url,
            headers: headers,
            client: HTTPClient(configuration)
        )
        return ChatModel("m", provider, price: .free)
    }

    private var traced: ChatRequest {
        var request: ChatRequest = "6 x 7?"
        request.trace = app
        return request
    }

    @Test func `by default nobody is told`() async throws {
        let pipeline = try Pipeline(router: .to("m"), tracer: InMemoryTracer()) { model(sends: false) }
        _ = try await pipeline.respond(to: traced)
        #expect(!HTTPClient.Configuration().sendsTraceparent)
        #expect(seen.entries == [nil])
    }

    @Test func `a call's header names its attempt's span, in the trace that came in`() async throws {
        let tracer = InMemoryTracer()
        let pipeline = try Pipeline(router: .to("m"), tracer: tracer) { model() }
        _ = try await pipeline.respond(to: traced)
        _ = try await pipeline.stream(traced).collect()
        let calls = tracer.finishedSpans.filter { $0.name == "chat m" }
        #expect(calls.count == 2)
        #expect(seen.entries == calls.map { "00-\(app.traceID)-\($0.id)-01" })
    }

    @Test func `each try has a header of its own`() async throws {
        let asked = Mutex(0)
        let seen = seen
        let server = try LoopbackServer { request, responder in
            seen.append(request.headers["traceparent"])
            let isFirst = asked.withLock { count in
                count += 1
                return count == 1
            }
            responder.respond(
                status: isFirst ? 503 : 200,
                headers: ["Content-Type": "application/json", "Retry-After": "0"],
                body: isFirst ? Array("{}".utf8) : (try? Fixture.bytes("openai_chat.json")) ?? []
            )
        }
        var configuration = HTTPClient.Configuration()
        configuration.sendsTraceparent = true
        let provider = OpenAIProvider(
            model: "m",
            key: .value("k-123456"),
            baseURL: server.url,
            client: HTTPClient(configuration)
        )
        let tracer = InMemoryTracer()
        let pipeline = try Pipeline(router: .to("m"), tracer: tracer) {
            ChatModel("m", provider.retrying(), price: .free)
        }
        let answer = try await pipeline.respond(to: "6 x 7?")
        let calls = tracer.finishedSpans.filter { $0.name == "chat m" }
        let id = try #require(answer.requestID)
        #expect(calls.count == 2)
        #expect(seen.entries == calls.map { "00-\(id)-\($0.id)-01" })
    }

    @Test func `the span is that of the pipeline that records one`() async throws {
        let tracer = InMemoryTracer()
        let inner = try Pipeline(router: .to("m")) { model() }
        let outer = try Pipeline(router: .to("inner"), tracer: tracer) { ChatModel("inner", inner) }
        _ = try await outer.respond(to: traced)
        let ids = tracer.finishedSpans.map(\.id.description)
        let header = try #require(seen.entries.first ?? nil)
        #expect(ids.contains(String(header.dropFirst(36).prefix(16))))
    }

    @Test func `without a tracer the trace goes on as it came, or is the request's id`() async throws {
        let pipeline = try Pipeline(router: .to("m")) { model() }
        _ = try await pipeline.respond(to: traced)
        let id = try #require(try await pipeline.respond(to: "7 x 8?").requestID)
        _ = try await pipeline.models[0].provider.respond(to: traced)
        _ = try await pipeline.models[0].provider.respond(to: "8 x 9?")
        let (first, second) = (seen.entries[0], try #require(seen.entries[1]))
        #expect(first == app.traceparent)
        #expect(second.hasPrefix("00-\(id)-") && second.hasSuffix("-00") && second.count == 55)
        #expect(Array(seen.entries[2...]) == [app.traceparent, nil])
    }

    @Test func `a header that the app has set goes out as it is`() async throws {
        let own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
        let pipeline = try Pipeline(router: .to("m")) { model(headers: ["Traceparent": own]) }
        _ = try await pipeline.respond(to: traced)
        #expect(seen.entries == [own])
    }
}
