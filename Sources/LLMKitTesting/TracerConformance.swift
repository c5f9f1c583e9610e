public import LLMKit
import PortableFoundation

/// Checks that a tracer keeps the rules of ``LLMKit/Tracer``, for the tests of whoever writes one.
///
/// ```swift
/// try await TracerConformance().check({ MyTracer() }, count: { tracer in tracer.spans.count })
/// ```
public struct TracerConformance: Sendable {
    package var patience: Duration

    /// - Parameter patience: how long anything may take.
    public init(patience: Duration = .seconds(180)) { self.patience = patience }

    /// Runs every check; some six hundred spans are recorded.
    /// - Parameters:
    ///   - makeTracer: makes a fresh tracer; called several times.
    ///   - count: how many finished spans the tracer has kept, where it can tell.
    /// - Throws: ``ConformanceFailure`` that lists every broken rule.
    public func check<Tested: Tracer>(
        _ makeTracer: @escaping @Sendable () async throws -> Tested,
        count: (@Sendable (Tested) async throws -> Int)? = nil
    ) async throws(ConformanceFailure) {
        let report = ConformanceReport("Tracer")
        let counting: @Sendable (Tested) async throws -> Int? = { tracer in
            // Whoever wants no spans keeps none.
            guard let count, tracer.isEnabled else { return nil }
            return try await count(tracer)
        }
        await report.run("flushing without any span") { try await flush(try await makeTracer()) }
        await report.run("recording from many tasks") {
            try await checkManyTasks(try await makeTracer(), counting, report)
        }
        await report.run("spans whose beginning was not told in time") {
            try await checkBeginnings(try await makeTracer(), counting, report)
        }
        await report.run("odd spans") { try await checkOddSpans(try await makeTracer(), counting, report) }
        await report.run("recording after a flush, and while one is under way") {
            try await checkFlushes(try await makeTracer(), counting, report)
        }
        try report.finish()
    }

    private typealias Counting<Tested> = @Sendable (Tested) async throws -> Int?

    private func flush(_ tracer: some Tracer) async throws {
        try await patiently(patience) { await tracer.flush() }
    }

    private func expect<Tested: Tracer>(
        _ expected: Int,
        in tracer: Tested,
        _ count: @escaping Counting<Tested>,
        _ what: String,
        _ report: ConformanceReport
    ) async throws {
        try await flush(tracer)
        guard let kept = try await patiently(patience, { try await count(tracer) }) else { return }
        report.expect(kept == expected, "\(what): recorded \(expected) spans, but the tracer has \(kept)")
    }

    // MARK: Checks

    private func checkManyTasks<Tested: Tracer>(
        _ tracer: Tested,
        _ count: @escaping Counting<Tested>,
        _ report: ConformanceReport
    ) async throws {
        try await patiently(patience) {
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<500 {
                    group.addTask {
                        let span = Self.span("chat model", index)
                        tracer.began(Self.beginning(of: span))
                        tracer.record(span)
                    }
                }
            }
        }
        try await expect(500, in: tracer, count, "from many tasks", report)
    }

    /// Routes and look-ups are recorded without having been begun; a request that is cut off by the end of the process is
    /// begun and never recorded; and on its way through threads a beginning may come late.
    private func checkBeginnings<Tested: Tracer>(
        _ tracer: Tested,
        _ count: @escaping Counting<Tested>,
        _ report: ConformanceReport
    ) async throws {
        tracer.record(Self.span("llmkit.route", 0))
        tracer.began(Self.beginning(of: Self.span("chat model", 1)))
        let late = Self.span("chat model", 2)
        tracer.record(late)
        tracer.began(Self.beginning(of: late))
        try await expect(2, in: tracer, count, "without a beginning, without an end, and end before beginning", report)
    }

    private func checkOddSpans<Tested: Tracer>(
        _ tracer: Tested,
        _ count: @escaping Counting<Tested>,
        _ report: ConformanceReport
    ) async throws {
        let spans = Self.oddSpans
        for span in spans {
            tracer.began(Self.beginning(of: span))
            tracer.record(span)
        }
        try await expect(spans.count, in: tracer, count, "odd spans", report)
    }

    private func checkFlushes<Tested: Tracer>(
        _ tracer: Tested,
        _ count: @escaping Counting<Tested>,
        _ report: ConformanceReport
    ) async throws {
        tracer.record(Self.span("before", 0))
        try await expect(1, in: tracer, count, "before a flush", report)
        try await patiently(patience) {
            await withTaskGroup(of: Void.self) { group in
                for index in 1...32 {
                    group.addTask { tracer.record(Self.span("during", index)) }
                    group.addTask { await tracer.flush() }
                }
            }
        }
        try await expect(33, in: tracer, count, "after a flush", report)
    }

    // MARK: Spans

    private static func span(_ name: String, _ index: Int) -> TraceSpan {
        TraceSpan(
            traceID: .random(),
            parentID: index % 2 == 0 ? nil : .random(),
            name: name,
            kind: index % 3 == 0 ? .client : .internal,
            start: Date(timeIntervalSince1970: 1_700_000_000 + Double(index)),
            duration: .milliseconds(index),
            attributes: [SpanAttribute(.operation, .string("chat")), SpanAttribute(.inputTokens, .int(index))],
            errorCode: index % 5 == 0 ? .server : nil
        )
    }

    private static func beginning(of span: TraceSpan) -> TraceSpan {
        var beginning = span
        (beginning.duration, beginning.attributes, beginning.errorCode) = (.zero, [], nil)
        return beginning
    }

    /// What an exporter may stumble over.
    private static var oddSpans: [TraceSpan] {
        func changed(_ change: (inout TraceSpan) -> Void) -> TraceSpan {
            var span = span("odd", 1)
            change(&span)
            return span
        }
        let key = SpanAttribute.Key("odd")
        return [
            changed { $0.name = "" },
            changed { $0.name = "chat \"model\"\n\u{0}\u{1F600}\u{0627}" },
            changed { $0.attributes = [] },
            changed { $0.attributes = [SpanAttribute(key, .int(1)), SpanAttribute(key, .string("twice"))] },
            changed { $0.attributes = [SpanAttribute(key, .double(.nan)), SpanAttribute(key, .double(-.infinity))] },
            changed { $0.attributes = [SpanAttribute(key, .strings([])), SpanAttribute(key, .bool(false))] },
            changed { $0.attributes = [SpanAttribute(key, .string(String(repeating: "long ", count: 20_000)))] },
            changed { $0.attributes = (0..<1_000).map { SpanAttribute(SpanAttribute.Key("odd.\($0)"), .int(.min)) } },
            changed { $0.duration = .zero },
            changed { $0.duration = .seconds(-1) },
            changed { $0.start = .distantPast },
            changed { $0.start = .distantFuture },
            changed { $0.parentID = $0.id },
            changed { $0.errorCode = LLMError.Code("of\nan \"app\"") },
        ]
    }
}
