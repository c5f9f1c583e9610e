import Foundation
import LLMKitTesting
import Synchronization
import Testing

#if SANITIZE_THREAD
// For the mutex that stands in for the standard library's: see SanitizerMutex.swift.
@testable import LLMKit
#else
import LLMKit
#endif

// BEGIN Writing-a-tracer
/// Counts calls by name, with their failures and their time, and those under way: the numbers of a metrics page.
final class CallStatistics: Tracer {
    struct Line: Hashable, Sendable {
        var calls = 0
        var failures = 0
        var time = Duration.zero
    }

    private struct State {
        var lines: [String: Line] = [:]
        var running: Set<SpanID> = []
    }

    private let state = Mutex(State())

    var lines: [String: Line] { state.withLock { $0.lines } }
    var running: Int { state.withLock { $0.running.count } }

    func began(_ span: TraceSpan) { state.withLock { _ = $0.running.insert(span.id) } }

    func record(_ span: TraceSpan) {
        state.withLock { state in
            state.running.remove(span.id)
            var line = state.lines[span.name] ?? Line()
            line.calls += 1
            line.failures += span.errorCode == nil ? 0 : 1
            line.time += span.duration
            state.lines[span.name] = line
        }
    }
}
// END Writing-a-tracer

@Suite struct WritingATracer {
    @Test func `call statistics keep the rules of tracers`() async throws {
        try await TracerConformance().check(
            { CallStatistics() },
            count: { tracer in tracer.lines.values.reduce(0) { $0 + $1.calls } }
        )
    }

    @Test func `a model server of one's own is told of the trace`() async throws {
        // BEGIN Writing-a-tracer
        var configuration = HTTPClient.Configuration()
        configuration.sendsTraceparent = true
        let house = OpenAIProvider(
            model: "qwen3-8b",
            baseURL: "http://gpu-1:8000/v1",
            dialect: .compatible,
            client: HTTPClient(configuration)
        )
        // END Writing-a-tracer
        try house.validate()
    }

    @Test func `the guide has every attribute that is written`() throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        func text(_ path: String) throws -> String {
            try String(contentsOf: root.appending(path: path), encoding: .utf8)
        }
        let guide = try text("Documentation/LLMKit.docc/Guides/Writing-a-tracer.md")
        let keys = try text("Sources/LLMKit/Tracing/SpanAttribute+Key.swift").matches(of: /Self\("([a-z0-9_.]+)/)
        #expect(keys.count > 40)
        for key in keys { #expect(guide.contains("`\(key.1)"), "\(key.1)") }
    }

    @Test func `calls under way and failed ones are counted`() async throws {
        let statistics = CallStatistics()
        let pipeline = try Pipeline(router: .to("small", orOnFailure: "large"), tracer: statistics) {
            ChatModel("small", MockProvider.failing(LLMError(.server)))
            ChatModel("large", MockProvider("Hello there"))
        }
        let stream = try await pipeline.stream("Hi")
        // The request, and the attempt whose answer is being read.
        #expect(statistics.running == 2)
        _ = try await stream.collect()
        #expect(statistics.running == 0)
        #expect(statistics.lines["chat small"]?.failures == 1)
        #expect(statistics.lines["chat large"]?.calls == 1)
        #expect(statistics.lines["llmkit.complete"]?.failures == 0)
    }
}
