import LLMKitTesting
import Testing

@testable import LLMKit

/// Every span hangs below one that is recorded, and every one that began ends.
@Suite struct SpanTreeTests {
    private func orphans(_ spans: [TraceSpan]) -> [String] {
        let ids = Set(spans.map(\.id))
        return spans.filter { span in span.parentID.map { !ids.contains($0) } ?? false }.map(\.name)
    }

    @Test func `a nested pipeline's judge leaves neither an open span nor a failed one`() async throws {
        let tracer = BeginningTracer()
        let inner = try Pipeline(
            router: .cascade("a", "b", threshold: 0.5),
            confidence: .selfReport(),
            tracer: tracer
        ) {
            ChatModel("a", MockProvider("42"))
            ChatModel("b", MockProvider("42"))
        }
        let outer = try Pipeline(router: .to("inner"), tracer: tracer) { ChatModel("inner", inner) }
        _ = try await outer.respond(to: "6 x 7?")
        let spans = tracer.ended.entries
        let ended = Set(spans.map(\.id))
        let open = tracer.begun.entries.filter { !ended.contains($0.id) }
        #expect(open.isEmpty)
        #expect(orphans(spans) == [])
        #expect(spans.allSatisfy { $0.errorCode == nil })
        #expect(spans.count { $0.name == "chat inner" } == 1)
    }

    @Test func `what others hang below is told when it begins, and before them`() async throws {
        let tracer = BeginningTracer()
        let inner = try Pipeline(router: .to("m"), tracer: tracer) { ChatModel("m", MockProvider("42")) }
        let outer = try Pipeline(router: .to("inner"), tracer: tracer) { ChatModel("inner", inner) }
        _ = try await outer.respond(to: "6 x 7?")
        #expect(tracer.begun.entries.map(\.name) == [SpanName.request, "chat inner", SpanName.request, "chat m"])
        let ends = Dictionary(uniqueKeysWithValues: tracer.ended.entries.map { ($0.id, $0) })
        for span in tracer.begun.entries {
            let end = try #require(ends[span.id])
            #expect((end.name, end.parentID, end.start) == (span.name, span.parentID, span.start))
        }
        for (parent, child) in zip(tracer.begun.entries, tracer.begun.entries.dropFirst()) {
            #expect(child.parentID == parent.id)
        }
    }

    @Test func `a traced pipeline in one that is not hangs below the app's own span`() async throws {
        let tracer = InMemoryTracer()
        let inner = try Pipeline(router: .to("m"), tracer: tracer) { ChatModel("m", MockProvider("42")) }
        let outer = try Pipeline(router: .to("inner")) { ChatModel("inner", inner) }
        var request: ChatRequest = "6 x 7?"
        let app = TraceContext(traceID: .random(), spanID: .random())
        request.trace = app
        _ = try await outer.respond(to: request)
        let root = try #require(tracer.finishedSpans(named: SpanName.request).first)
        #expect(root.parentID == app.spanID)
    }

    @Test func `the shadow of a nested pipeline that is not traced hangs below its call`() async throws {
        let tracer = InMemoryTracer()
        let inner = try Pipeline(router: .fixed(.to("m").shadowed(by: "s"))) {
            ChatModel("m", MockProvider("42"))
            ChatModel("s", MockProvider("42"))
        }
        let outer = try Pipeline(router: .to("inner"), tracer: tracer) { ChatModel("inner", inner) }
        _ = try await outer.respond(to: "6 x 7?")
        #expect(await outer.drain(upTo: .seconds(300)))
        #expect(orphans(tracer.finishedSpans) == [])
        #expect(tracer.finishedSpans.contains { $0[.kind] == .string("shadow") })
    }
}

private final class BeginningTracer: Tracer {
    let begun = Log<TraceSpan>()
    let ended = Log<TraceSpan>()
    func began(_ span: TraceSpan) { begun.append(span) }
    func record(_ span: TraceSpan) { ended.append(span) }
}
