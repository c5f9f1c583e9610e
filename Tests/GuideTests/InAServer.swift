import Foundation
import LLMKit
import LLMKitTesting
import Synchronization
import Testing

// What the guide on servers shows, kept compiling and true.

@Suite struct InAServer {
    // BEGIN In-a-server
    /// The gateway of a server: made once, when it starts.
    func makeGateway(ledger path: String, log: @escaping @Sendable (String) -> Void) async throws -> Pipeline {
        var pipeline = try Pipeline(
            router: .to("small", orOnFailure: "large"),
            caches: [.memory()],
            meter: try Ledger(path: path),
            baseline: "large"
        ) {
            ChatModel("small", .openAI("gpt-4o-mini").retrying())
            ChatModel("large", .anthropic("claude-sonnet-4-5").retrying())
        }
        // A cheap tier that fails is not seen from outside: the next one stands in.
        pipeline.onProblem = { problem in log("\(problem)") }
        log("\(pipeline.effectiveConfiguration)")
        return pipeline
    }
    // END In-a-server

    // BEGIN In-a-server
    /// What a route does: say for whom, bound the time, join the caller's trace.
    func ask(
        _ question: String,
        of user: String,
        trace header: String?,
        with pipeline: Pipeline
    ) async throws -> ChatResponse {
        var request = ChatRequest(question)
        request.caller = Caller(tenant: "harbour-7", user: user, feature: "chat")
        request.deadline = .now + .seconds(30)
        request.trace = header.flatMap { TraceContext(traceparent: $0) }
        return try await pipeline.respond(to: request)
    }
    // END In-a-server

    // BEGIN In-a-server
    /// Server-sent events, one for each piece of text. `write` throws, or its task is cancelled, when the client has left.
    func relay(
        _ request: ChatRequest,
        through pipeline: Pipeline,
        write: @Sendable (String) async throws -> Void
    ) async throws {
        for try await event in try await pipeline.stream(request) {
            guard case .text(let piece) = event else { continue }
            // JSON has no line breaks, which would end the event.
            let data = String(decoding: try JSONEncoder().encode(piece), as: UTF8.self)
            try await write("data: \(data)\n\n")
        }
        try await write("event: end\ndata: {}\n\n")
    }
    // END In-a-server

    @Test func `the gateway is assembled, and says what it is set up with`() async throws {
        let told = Mutex("")
        _ = try await makeGateway(ledger: ":memory:") { line in told.withLock { $0 += line } }
        #expect(told.withLock { $0 }.contains("model small: openai gpt-4o-mini at api.openai.com:443"))
    }

    @Test func `a request says for whom it is, joins its trace and ends in time`() async throws {
        let mock = MockProvider("Hello.")
        let pipeline = try Pipeline(router: .to("m")) { ChatModel("m", mock) }
        let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        _ = try await ask("Hi.", of: "u-81", trace: header, with: pipeline)
        let request = try #require(mock.requests.first)
        #expect(request.caller.user == "u-81" && request.deadline != nil)
        #expect(request.trace?.traceparent == header)
    }

    @Test func `pieces become events, and a client that leaves stops the model`() async throws {
        struct Left: Error {}
        let mock = MockProvider(script: [.answer("Hello there."), .events([.text("a"), .text("b")], ending: .hang)])
        let pipeline = try Pipeline(router: .to("m")) { ChatModel("m", mock) }
        let sent = Mutex("")
        try await relay("Hi.", through: pipeline) { text in sent.withLock { $0 += text } }
        #expect(sent.withLock { $0 } == "data: \"Hello \"\n\ndata: \"there.\"\n\nevent: end\ndata: {}\n\n")
        await #expect(throws: Left.self) {
            try await relay("Hi.", through: pipeline) { _ in throw Left() }
        }
        await pipeline.drain(upTo: .seconds(60))
    }
}
