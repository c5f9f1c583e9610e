import InMemoryTracing
import LLMKit
import LLMKitTesting
import LLMKitTracing
import Testing
import Tracing

@Suite struct TracingTests {
    private let backend = InMemoryTracing.InMemoryTracer()

    private func pipeline(_ provider: any ModelProvider, caches: [any Cache] = []) throws -> Pipeline {
        try Pipeline(router: .to("small"), caches: caches, tracer: DistributedTracer(backend)) {
            ChatModel("small", provider, price: .free)
        }
    }

    private func finished(_ name: String) throws -> FinishedInMemorySpan {
        try #require(backend.finishedSpans.first { $0.operationName == name })
    }

    @Test func `the request hangs below the current span, the call below the request`() async throws {
        let pipeline = try pipeline(MockProvider("42"))
        try await backend.withSpan("POST /chat") { _ in
            _ = try await pipeline.respond(to: "6 x 7?")
        }
        let route = try finished("POST /chat")
        let request = try finished("llmkit.complete")
        let call = try finished("chat small")
        #expect(request.parentSpanID == route.spanID)
        #expect(call.parentSpanID == request.spanID)
        #expect(Set(backend.finishedSpans.map(\.traceID)).count == 1)
        #expect(call.kind == .client)
        #expect(call.attributes["gen_ai.operation.name"]?.toSpanAttribute() == .string("chat"))
        #expect(call.attributes["gen_ai.usage.output_tokens"]?.toSpanAttribute() == .int64(1))
        #expect(call.endInstant.nanosecondsSinceEpoch >= call.startInstant.nanosecondsSinceEpoch)
        #expect(backend.activeSpans.isEmpty)
    }

    @Test func `a pipeline inside a pipeline keeps its place in the tree`() async throws {
        let tracer = DistributedTracer(backend)
        let inner = try Pipeline(router: .to("small"), tracer: tracer) {
            ChatModel("small", MockProvider("42"), price: .free)
        }
        let outer = try Pipeline(router: .to("inner"), tracer: tracer) { ChatModel("inner", inner) }
        _ = try await outer.respond(to: "6 x 7?")
        let requests = backend.finishedSpans.filter { $0.operationName == "llmkit.complete" }
        let call = try finished("chat inner")
        #expect(requests.count == 2)
        #expect(requests.contains { $0.spanID == call.parentSpanID })
        #expect(requests.contains { $0.parentSpanID == call.spanID })
        #expect(Set(backend.finishedSpans.map(\.traceID)).count == 1)
    }

    @Test func `a failed call has its code as status and attribute`() async throws {
        let pipeline = try pipeline(MockProvider.failing(LLMError(.overloaded)))
        await #expect(throws: LLMError.self) { try await pipeline.respond(to: "6 x 7?") }
        let call = try finished("chat small")
        #expect(call.status == SpanStatus(code: .error, message: "overloaded"))
        #expect(call.attributes["error.type"]?.toSpanAttribute() == .string("overloaded"))
    }

    @Test func `a stream whose reader leaves ends its spans`() async throws {
        let pipeline = try pipeline(MockProvider(script: [.events([.text("4"), .text("2")], ending: .hang)]))
        for try await _ in try await pipeline.stream("6 x 7?") { break }
        while !backend.activeSpans.isEmpty { await Task.yield() }
        #expect(try finished("llmkit.complete").status?.code == .error)
    }

    @Test func `without a span around it the request goes on with the trace that came in`() async throws {
        let instrument = W3C()
        var request: ChatRequest = "6 x 7?"
        request.trace = TraceContext(traceparent: W3C.traceparent)
        let tracer = DistributedTracer(instrument)
        let pipeline = try Pipeline(router: .to("small"), tracer: tracer) {
            ChatModel("small", MockProvider("42"), price: .free)
        }
        _ = try await pipeline.respond(to: request)
        #expect(instrument.backend.finishedSpans.allSatisfy { $0.traceID == "0af7651916cd43dd8448eb211c80319c" })
    }

    @Test func `the current context is a request's trace`() {
        var request: ChatRequest = "6 x 7?"
        request.continueTrace(of: .topLevel, using: W3C())
        #expect(request.trace?.traceparent == W3C.traceparent)
        request.trace = nil
        request.continueTrace(of: nil, using: W3C())
        #expect(request.trace == nil)
    }

    @Test func `the tracer keeps the rules of tracers`() async throws {
        try await TracerConformance().check { [backend] in
            backend.clearAll(includingActive: true)
            return DistributedTracer(backend)
        } count: { [backend] _ in
            backend.finishedSpans.count
        }
    }
}

/// A tracer that reads and writes `traceparent`, as those of OpenTelemetry do.
private struct W3C: Tracing.Tracer {
    static let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    let backend = InMemoryTracing.InMemoryTracer()

    func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> InMemorySpan {
        backend.startSpan(
            operationName,
            context: context(),
            ofKind: kind,
            at: instant(),
            function: function,
            file: fileID,
            line: line
        )
    }

    func forceFlush() {}

    func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        injector.inject(Self.traceparent, forKey: "traceparent", into: &carrier)
    }

    func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        let fields = (extractor.extract(key: "traceparent", from: carrier) ?? "").split(separator: "-")
        guard fields.count == 4 else { return }
        context.inMemorySpanContext = InMemorySpanContext(
            traceID: String(fields[1]),
            spanID: String(fields[2]),
            parentSpanID: nil
        )
    }
}
