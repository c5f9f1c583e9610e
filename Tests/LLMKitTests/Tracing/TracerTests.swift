import Foundation
import Testing

@testable import LLMKit

@Suite struct TracerTests {
    private let scratch: ScratchDirectory
    init() throws { scratch = try ScratchDirectory() }

    private static let trace = RequestID(high: 0x0af7_6519_16cd_43dd, low: 0x8448_eb21_1c80_319c)

    private func span(_ name: String = "chat m-large", attributes: [SpanAttribute] = []) -> TraceSpan {
        TraceSpan(
            traceID: Self.trace,
            id: SpanID(bits: 0xb7ad_6b71_6920_3331),
            parentID: SpanID(bits: 0x00f0_67aa_0ba9_02b7),
            name: name,
            kind: .client,
            start: Date(timeIntervalSince1970: 1_795_433_811),
            duration: .milliseconds(1800),
            attributes: attributes
        )
    }

    private func lines(_ name: String) throws -> [[String: Any]] {
        try scratch.text(name).split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    @Test func `a span is a line of JSON, exactly so`() {
        let span = span(attributes: [
            SpanAttribute(.operation, .string("chat")), SpanAttribute(.inputTokens, .int(4000)),
            SpanAttribute(.temperature, .double(0.5)), SpanAttribute(.isStream, .bool(true)),
            SpanAttribute(.finishReasons, .strings(["stop", "a\"b"])), SpanAttribute(.losses, .strings([])),
            SpanAttribute(.topP, .double(.nan)),
        ])
        let line =
            #"{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","#
            + #""parent_span_id":"00f067aa0ba902b7","name":"chat m-large","kind":"client","#
            + #""start_time_unix_nano":"1795433811000000000","end_time_unix_nano":"1795433812800000000","#
            + #""attributes":{"gen_ai.operation.name":"chat","gen_ai.usage.input_tokens":4000,"#
            + #""gen_ai.request.temperature":0.5,"gen_ai.request.stream":true,"#
            + #""gen_ai.response.finish_reasons":["stop","a\"b"],"llmkit.request.losses":[],"#
            + #""gen_ai.request.top_p":null},"status":"ok"}"# + "\n"
        #expect(String(decoding: SpanLine.render(span), as: UTF8.self) == line)
    }

    @Test func `a failed root span says so`() throws {
        var span = span("a\nb")
        span.parentID = nil
        span.kind = .internal
        span.errorCode = .rateLimited
        let text = String(decoding: SpanLine.render(span), as: UTF8.self)
        #expect(text.hasSuffix(#""attributes":{},"status":"error","error":"rate_limited"}"# + "\n"))
        #expect(!text.contains("parent_span_id"))
        #expect(text.contains(#""name":"a\nb","kind":"internal""#))
    }

    @Test func `absurd times do not trap`() {
        var span = span()
        for seconds in [Double.infinity, -1e300, .nan] {
            span.start = Date(timeIntervalSince1970: seconds)
            span.duration = .seconds(Int64.max)
            #expect(!SpanLine.render(span).isEmpty)
        }
    }

    @Test func `spans reach the file soon, in order, and are appended to what is there`() async throws {
        for round in 0..<2 {
            let tracer = try JSONLinesTracer(path: scratch.file("t.jsonl"))
            for number in 0..<10 { tracer.record(span("\(round)-\(number)")) }
            await tracer.flush()
            #expect(tracer.droppedCount == 0)
        }
        let names = try lines("t.jsonl").compactMap { $0["name"] as? String }
        #expect(names == (0..<2).flatMap { round in (0..<10).map { "\(round)-\($0)" } })
        #expect(try scratch.mode("t.jsonl") == 0o600)
    }

    @Test func `spans reach the file without being asked`() async throws {
        let tracer = try JSONLinesTracer(path: scratch.file("t.jsonl"))
        tracer.record(span())
        for _ in 0..<200 where try scratch.text("t.jsonl").isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try lines("t.jsonl").count == 1)
        withExtendedLifetime(tracer) {}
    }

    @Test func `the end of the process flushes what is open`() throws {
        let tracer = try JSONLinesTracer(path: scratch.file("t.jsonl"))
        tracer.record(span())
        #expect(ExitHook.contains(tracer.queue))
        tracer.queue.flushAtExit()
        #expect(try lines("t.jsonl").count == 1)
        #expect(!ExitHook.contains(tracer.queue))
        withExtendedLifetime(tracer) {}
    }

    @Test func `full files are set aside, and only so many are kept`() async throws {
        let size = SpanLine.render(span("00")).count
        let tracer = try JSONLinesTracer(path: scratch.file("t.jsonl"), maxBytes: size * 10, keep: 2)
        for number in 10..<45 {
            tracer.record(span("\(number)"))
            if number == 20 { await tracer.flush() }
        }
        await tracer.flush()
        func names(_ file: String) throws -> [String] { try lines(file).compactMap { $0["name"] as? String } }
        #expect(try names("t.jsonl") == (40..<45).map { "\($0)" })
        #expect(try names("t.jsonl.1") == (30..<40).map { "\($0)" })
        #expect(try names("t.jsonl.2") == (20..<30).map { "\($0)" })
        #expect(!FileManager.default.fileExists(atPath: scratch.file("t.jsonl.3")))
        #expect(tracer.droppedCount == 0)
    }

    @Test func `keeping no full file starts over`() async throws {
        let size = SpanLine.render(span("0")).count
        let tracer = try JSONLinesTracer(path: scratch.file("t.jsonl"), maxBytes: size * 3, keep: 0)
        for number in 0..<8 { tracer.record(span("\(number)")) }
        await tracer.flush()
        #expect(try lines("t.jsonl").count == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["t.jsonl"])
    }

    @Test func `a file that somebody moved away is started anew`() async throws {
        let tracer = try JSONLinesTracer(path: scratch.file("t.jsonl"))
        tracer.record(span("first"))
        await tracer.flush()
        try FileManager.default.moveItem(atPath: scratch.file("t.jsonl"), toPath: scratch.file("old"))
        tracer.record(span("second"))
        await tracer.flush()
        #expect(try lines("t.jsonl").first?["name"] as? String == "second")
        #expect(try lines("old").count == 1)
    }

    @Test func `what does not fit into the queue is counted`() async throws {
        let file = SpanFile(try RotatingFile(path: scratch.file("t.jsonl"), maxBytes: 1 << 20, keep: 1))
        let worker = SerialWorker("test")
        let gate = Signal()
        worker.enqueue { _ = gate.wait(until: MonotonicTime.now() + 10_000_000_000) }
        let options = BatchQueue<TraceSpan>.Options(capacity: 5)
        let queue = BatchQueue("spans", options, worker: worker, diagnostics: .none, deliver: file.write)
        for number in 0..<8 { queue.append(span("\(number)")) }
        #expect(queue.droppedCount == 3)
        gate.set()
        _ = await queue.flush()
        #expect(try lines("t.jsonl").count == 5)
        queue.append(span("later"))
        _ = await queue.flush()
        #expect(try lines("t.jsonl").count == 6)
        #expect(queue.droppedCount == 3)
    }

    @Test func `a disk that fails drops and counts, and writing goes on afterwards`() async throws {
        let directory = scratch.file("sub")
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let notices = InMemoryDiagnostics()
        let tracer = try JSONLinesTracer(path: directory + "/t.jsonl", diagnostics: notices.diagnostics)
        try FileManager.default.removeItem(atPath: directory)
        for _ in 0..<3 { tracer.record(span()) }
        await tracer.flush()
        #expect(tracer.droppedCount == 3)
        #expect(tracer.lastError?.code == .storage)
        #expect(tracer.lastError?.message.contains(directory) == true)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        tracer.record(span())
        await tracer.flush()
        #expect(tracer.droppedCount == 3 && tracer.lastError == nil)
        #expect(try lines("sub/t.jsonl").count == 1)
        #expect(notices.notices.map(\.severity) == [.error, .info])
        #expect(notices.notices.first?.message.contains("3 entries") == true)
    }

    @Test func `settings that make no sense are errors at once`() {
        #expect(throws: LLMError.self) { try JSONLinesTracer(path: scratch.file("no/t.jsonl")) }
        #expect(throws: LLMError.self) { try JSONLinesTracer(path: scratch.file("t"), maxBytes: 0) }
        #expect(throws: LLMError.self) { try JSONLinesTracer(path: scratch.file("t"), keep: -1) }
        #expect(throws: LLMError.self) { try JSONLinesTracer(path: scratch.file("t"), capacity: 0) }
    }

    @Test func `recording from many threads loses nothing`() async throws {
        let tracer = try JSONLinesTracer(path: scratch.file("t.jsonl"))
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask { for number in 0..<500 { tracer.record(span("\(task)-\(number)")) } }
            }
        }
        await tracer.flush()
        #expect(tracer.droppedCount == 0)
        #expect(Set(try lines("t.jsonl").compactMap { $0["name"] as? String }).count == 2000)
    }

    @Test func `tracers can be joined, and switched off`() async {
        let first = InMemoryTracer()
        let second = InMemoryTracer()
        let both: some Tracer = .all(first, .none, second)
        #expect(both.isEnabled)
        both.record(span("a"))
        both.record(span("b", attributes: [SpanAttribute(.attempts, .int(2))]))
        await both.flush()
        #expect(first.finishedSpans.map(\.name) == ["a", "b"])
        #expect(second.finishedSpans(named: "b").first?[.attempts] == .int(2))
        #expect(!MultiTracer([.none]).isEnabled)
        first.removeAll()
        #expect(first.finishedSpans.isEmpty)
    }
}
