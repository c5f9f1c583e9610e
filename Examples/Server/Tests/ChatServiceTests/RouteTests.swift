import ChatService
import Foundation
import InMemoryTracing
import LLMKit
import LLMKitTesting
import SimulatedVendors
import Testing
import Tracing

/// The process's tracer, which can be set once.
private enum Spans {
    static let tracer = {
        let tracer = InMemoryTracing.InMemoryTracer()
        InstrumentationSystem.bootstrap(tracer)
        return tracer
    }()
}

@Suite struct RouteTests {
    private let ledger: TemporaryLedger
    private let simulation: Simulation

    init() throws {
        ledger = try TemporaryLedger()
        simulation = try Simulation(latencyScale: 0)
    }

    private func withServer(_ body: (Client) async throws -> Void) async throws {
        defer { simulation.stop() }
        let (small, large) = (simulation.model("small", "gpt-4o-mini"), simulation.model("large", "gpt-4.1"))
        try await ChatServiceTests.withServer(small: small, large: large, ledger: ledger, body)
    }

    private let closing = ["Connection": "close"]

    @Test func `a chat is streamed to its end, which tells what it cost`() async throws {
        try await withServer { client in
            let text = try await client.post("/chat", #"{"message": "What is a tide?"}"#)
            #expect(text.contains("event: text\ndata: {\"text\":"))
            let end = try #require(text.components(separatedBy: "event: end\n").last)
            #expect(text != end && end.contains(#""model":"small""#) && end.contains(#""cost":"$"#))
            let id = try #require(text.firstMatch(of: /x-request-id: ([0-9a-f]{32})/.ignoresCase())?.1)
            #expect(end.contains(#""requestID":"\#(id)""#))
        }
        let row = try #require(try await ledger.rows(by: .route).first)
        #expect((row.group, row[.answer]) == ("free", 1))
    }

    @Test func `plans have their routes, and share no cached answers`() async throws {
        try await withServer { client in
            for plan in ["free", "free", "pro"] {
                _ = try await client.post("/chat", #"{"message": "What is a tide?"}"#, headers: ["x-plan": plan])
            }
        }
        let rows = try await ledger.rows(by: .route)
        #expect(rows.first { $0.group == "pro" }?.cacheHits == 0)
        #expect(rows.reduce(0) { $0 + $1.cacheHits } == 1)
    }

    @Test func `an order is read as the type says`() async throws {
        try await withServer { client in
            let text = try await client.post("/extract", #"{"text": "Two ropes, please, soon."}"#, headers: closing)
            #expect(text.contains("200 OK"))
            #expect(text.contains(#""quantity":"#) && text.contains(#""urgency":"#))
        }
    }

    @Test func `an agent looks up what it needs`() async throws {
        try await withServer { client in
            let text = try await client.post(
                "/agent",
                #"{"message": "When is the tide high in the harbour of Oban?"}"#,
                headers: closing
            )
            #expect(text.contains("200 OK") && text.contains(#""text":"#) && text.contains(#""tools":["tide"]"#))
        }
        let row = try #require(try await ledger.rows(by: .feature).first { $0.group == "agent" })
        #expect(row.answers >= 2)
    }

    @Test func `a stream's spans hang below the route's, which hangs below the caller's`() async throws {
        let tracer = Spans.tracer
        let tenant = UUID().uuidString
        try await withServer { client in
            let caller = ["in-memory-trace-id": tenant, "in-memory-span-id": "caller"]
            _ = try await client.post("/chat", #"{"message": "What is a tide?"}"#, headers: caller)
        }
        let spans = tracer.finishedSpans.filter { $0.traceID == tenant }
        let route = try #require(spans.first { $0.operationName == "/chat" })
        let request = try #require(spans.first { $0.operationName == "llmkit.complete" })
        let call = try #require(spans.first { $0.operationName == "chat gpt-4o-mini" })
        #expect(route.parentSpanID == "caller")
        #expect(request.parentSpanID == route.spanID)
        #expect(call.parentSpanID == request.spanID)
    }

    @Test func `what is no question is the client's mistake`() async throws {
        try await withServer { client in
            let answer = try await client.post("/chat", #"{"text": 1}"#, headers: closing)
            #expect(answer.contains("400 Bad Request"))
            let health = try await client.get("/health")
            #expect(health.contains("200 OK"))
        }
    }

    @Test func `failures have a status, or an event if the head is sent`() async throws {
        let broken = ChatModel(
            "small",
            MockProvider.failing(LLMError(.rateLimited, retryAfter: .seconds(7))),
            price: .free
        )
        let large = ChatModel(
            "large",
            MockProvider.failing(LLMError(.rateLimited, retryAfter: .seconds(7))),
            price: .free
        )
        try await ChatServiceTests.withServer(small: broken, large: large, ledger: ledger) { client in
            let whole = try await client.post("/extract", #"{"text": "Two ropes."}"#, headers: closing)
            #expect(whole.contains("429 Too Many Requests") && whole.contains(#""code":"rate_limited""#))
            #expect(whole.lowercased().contains("retry-after: 8"))
            let agent = try await client.post("/agent", #"{"message": "What is a tide?"}"#, headers: closing)
            #expect(agent.contains("429 Too Many Requests"))
            let stream = try await client.post("/chat", #"{"message": "What is a tide?"}"#)
            #expect(stream.contains("200 OK") && stream.contains("event: error\ndata: {\"code\":\"rate_limited\""))
        }
    }
}
