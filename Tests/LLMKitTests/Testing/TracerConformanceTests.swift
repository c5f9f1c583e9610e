import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

extension Gate {
    /// One that holds nobody up.
    fileprivate static var opened: Gate {
        let gate = Gate()
        gate.open()
        return gate
    }
}

@Suite struct TracerConformanceTests {
    /// Keeps as many spans as the closure says of each.
    private final class Keeper: Tracer {
        let kept = Mutex(0)
        let opened = Mutex<Set<SpanID>>([])
        let copies: @Sendable (TraceSpan, _ wasBegun: Bool) -> Int
        let end: Gate

        init(end: Gate, _ copies: @escaping @Sendable (TraceSpan, Bool) -> Int) {
            self.end = end
            self.copies = copies
        }

        func began(_ span: TraceSpan) { opened.withLock { _ = $0.insert(span.id) } }

        func record(_ span: TraceSpan) {
            let wasBegun = opened.withLock { $0.contains(span.id) }
            kept.withLock { $0 += copies(span, wasBegun) }
        }

        func flush() async { await end.wait() }
    }

    private func broken(
        patience: Duration = .seconds(300),
        end: Gate = .opened,
        _ copies: @escaping @Sendable (TraceSpan, Bool) -> Int
    ) async -> String {
        do {
            try await TracerConformance(patience: patience).check(
                { Keeper(end: end, copies) },
                count: { tracer in tracer.kept.withLock { $0 } }
            )
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `a good tracer passes, and one that wants nothing may keep nothing`() async throws {
        struct Idle: Tracer {
            var isEnabled: Bool { false }
            func record(_ span: TraceSpan) {}
        }
        #expect(await broken { _, _ in 1 } == "")
        try await TracerConformance().check({ Idle() }, count: { _ in 0 })
    }

    @Test func `tracers that lose, double or make up spans are found`() async {
        let begunOnly = await broken { _, wasBegun in wasBegun ? 1 : 0 }
        #expect(begunOnly.contains("end before beginning: recorded 2 spans, but the tracer has 0"))
        #expect(!begunOnly.contains("from many tasks"))
        #expect(await broken { _, _ in 2 }.contains("from many tasks: recorded 500 spans, but the tracer has 1000"))
        #expect(await broken { span, _ in span.duration < .zero ? 0 : 1 }.contains("odd spans: recorded 14"))
    }

    @Test func `a flush that never returns is found`() async {
        let gate = Gate()
        let found = await broken(patience: .milliseconds(50), end: gate) { _, _ in 1 }
        #expect(found.contains("flushing without any span threw no result within the suite's patience"))
        gate.open()
    }
}
