import LLMKitTesting
import Testing

@testable import LLMKit

/// What rows and spans say of answers that came piece by piece, and of those that did not.
@Suite struct StreamedRowTests {
    private func isStreamed(_ fixture: PipelineFixture) -> [Bool] { fixture.meter.charges.map(\.isStreamed) }

    private func calls(_ fixture: PipelineFixture) -> [TraceSpan] {
        fixture.tracer.finishedSpans.filter { $0.name.hasPrefix("chat") }
    }

    @Test(arguments: [MockProvider.sure, .unsure])
    func `a tier that is judged before anybody sees its answer is no stream that broke`(
        small: MockProvider
    )
        async throws
    {
        let fixture = PipelineFixture(small: small)
        let text = try await fixture.pipeline().stream("6 x 7?").collect().text
        let rows = fixture.meter.charges
        #expect(rows[0].kind == (text == "42" ? .answer : .rejected))
        #expect(rows[0].isStreamed == false && rows[0].timing.firstToken == nil)
        #expect(rows[0].errorCode == nil && rows[0].finish == .stop)
        let first = try #require(calls(fixture).first)
        #expect(first["gen_ai.request.stream"] == nil && first["gen_ai.response.time_to_first_chunk"] == nil)
        #expect(first.errorCode == nil)
        // The last one was seen as it came.
        for row in rows.dropFirst() { #expect(row.isStreamed && row.timing.firstToken != nil) }
        #expect(fixture.tracer.finishedSpans(named: SpanName.request).map(\.errorCode) == [nil])
    }

    @Test func `a buffered tier of a nested pipeline is none to the outer one either`() async throws {
        let (inner, outer) = (PipelineFixture(small: .sure), InMemoryCostMeter())
        let nested = try inner.pipeline()
        let pipeline = try Pipeline(router: .to("inner"), meter: outer) { ChatModel("inner", nested) }
        _ = try await pipeline.stream("6 x 7?").collect()
        #expect(outer.charges.map(\.isStreamed) == [false])
        #expect(outer.charges.map(\.kind) == [.answer])
    }

    @Test func `what a cache answers is not streamed`() async throws {
        let fixture = PipelineFixture()
        let pipeline = try fixture.pipeline(.to("small"))
        for _ in 0..<2 { _ = try await pipeline.stream("6 x 7?").collect() }
        #expect(fixture.purposes == [.answer, .cacheHit])
        #expect(isStreamed(fixture) == [true, false])
    }

    @Test func `a provider without streams has its first token with the last`() async throws {
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(router: .to("m"), meter: meter) { ChatModel("m", Whole()) }
        _ = try await pipeline.stream("6 x 7?").collect()
        let row = try #require(meter.charges.first)
        #expect(row.isStreamed && row.timing.firstToken != nil)
    }

    @Test func `the first token is kept of streams that ended early`() async throws {
        let fixture = PipelineFixture(
            small: MockProvider(script: [
                .events([.text("For"), .text("ty")]),
                .events([.text("For")], ending: .failure(LLMError(.overloaded))),
                .events([.text("For")]),
                .events([.text("For")], ending: .hang),
                .events([], ending: .failure(LLMError(.overloaded))),
            ])
        )
        let pipeline = try fixture.pipeline(.to("small"))
        for try await _ in try await pipeline.stream("The reader leaves") { break }
        _ = try? await pipeline.stream("The upstream fails").collect()
        _ = try? await pipeline.stream("The answer is cut").collect()
        let open = try await pipeline.stream("A shutdown ends it")
        _ = try? await pipeline.stream("Nothing comes").collect()
        await pipeline.shutdown()
        withExtendedLifetime(open) {}
        let rows = fixture.meter.charges
        #expect(rows.map(\.errorCode) == [.cancelled, .overloaded, .truncated, .overloaded, .shuttingDown])
        #expect(rows.map { $0.timing.firstToken != nil } == [true, true, true, false, true])
        #expect(isStreamed(fixture) == [true, true, true, true, true])
        #expect(
            calls(fixture).map { $0["gen_ai.response.time_to_first_chunk"] != nil } == [true, true, true, false, true]
        )
    }
}

/// Gives whole answers only.
private struct Whole: ModelProvider {
    func respond(to request: ChatRequest) -> ChatResponse { ChatResponse("42", usage: Usage(input: 1, output: 1)) }
}
