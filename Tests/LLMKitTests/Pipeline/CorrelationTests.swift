import LLMKitTesting
import Testing

@testable import LLMKit

/// One id ties what the app knows of a request to its answer, its error, its rows and its spans.
@Suite struct CorrelationTests {
    private func request(_ text: String, _ id: RequestID) -> ChatRequest {
        var request = ChatRequest(text)
        request.requestID = id
        return request
    }

    @Test func `a request keeps the id that the app has chosen`() async throws {
        let fixture = PipelineFixture()
        let pipeline = try fixture.pipeline(.to("small"))
        let (first, second, third) = (RequestID.random(), RequestID.random(), RequestID.random())
        #expect(try await pipeline.respond(to: request("6 x 7?", first)).requestID == first)
        // From the cache, which has it under the other's.
        #expect(try await pipeline.respond(to: request("6 x 7?", second)).requestID == second)
        #expect(try await pipeline.stream(request("7 x 8?", third)).collect().requestID == third)
        #expect(fixture.meter.charges.map(\.requestID) == [first, second, third])
        let roots = fixture.tracer.finishedSpans(named: SpanName.request)
        #expect(roots.map(\.traceID) == [first, second, third])
        #expect(roots.map { $0["llmkit.request.id"] } == [first, second, third].map { .string($0.description) })
    }

    @Test func `requests that differ only in their id are the same request`() {
        #expect(request("6 x 7?", .random()) == "6 x 7?")
    }

    @Test func `whatever fails a request, its error has the request's id`() async throws {
        let id = RequestID.random()
        func check(_ pipeline: Pipeline, _ code: LLMError.Code, at line: Int = #line) async {
            let here = SourceLocation(fileID: #fileID, filePath: #filePath, line: line, column: 1)
            let whole = await #expect(throws: LLMError.self, sourceLocation: here) {
                try await pipeline.respond(to: request("6 x 7?", id))
            }
            let streamed = await #expect(throws: LLMError.self, sourceLocation: here) {
                try await pipeline.stream(request("6 x 7?", id)).collect()
            }
            let typed = await #expect(throws: LLMError.self, sourceLocation: here) {
                try await pipeline.respond(to: request("6 x 7?", id), as: [Int].self)
            }
            for error in [whole, streamed, typed] {
                #expect(error?.code == code && error?.requestID == id, sourceLocation: here)
            }
        }
        let failing = MockProvider.failing(LLMError(.server))
        await check(try PipelineFixture(small: failing).pipeline(.to("small")), .server)
        let broken = MockProvider { _, _ in .events([.text("For")], ending: .failure(LLMError(.truncated))) }
        await check(try PipelineFixture(small: broken).pipeline(.to("small")), .truncated)
        let inner = try PipelineFixture(small: failing).pipeline(.to("small"))
        await check(try Pipeline(router: .to("inner")) { ChatModel("inner", inner) }, .server)
        var late = try PipelineFixture().pipeline(.to("small"))
        late.meter = RefusingMeter()
        await check(late, .overBudget)
        let drained = try PipelineFixture().pipeline(.to("small"))
        await drained.drain(upTo: .seconds(300))
        await check(drained, .shuttingDown)
    }

    @Test func `an id that is under way is not given twice, and free again afterwards`() async throws {
        let gate = Gate()
        let slow = MockProvider { request, _ in
            if request.prompt == "slow" { await gate.wait() }
            return .answer("42")
        }
        let pipeline = try Pipeline(router: .to("m")) { ChatModel("m", slow) }
        let id = RequestID.random()
        let first = Task { try await pipeline.respond(to: request("slow", id)).requestID }
        while slow.running == 0 { await Task.yield() }
        #expect(try await pipeline.respond(to: request("quick", id)).requestID != id)
        gate.open()
        #expect(try await first.value == id)
        #expect(try await pipeline.respond(to: request("quick", id)).requestID == id)
        for try await _ in try await pipeline.stream(request("left", id)) { break }
        #expect(await pipeline.drain(upTo: .seconds(300)))
        _ = try? await pipeline.respond(to: request("refused", id))
        #expect(pipeline.inFlight.claim(id) == id)
    }

    @Test func `an id is read from its digits`() throws {
        let id = RequestID.random()
        #expect(RequestID(hex: id.description) == id)
        #expect(RequestID(hex: id.description.uppercased()) == id)
        #expect(RequestID(hex: "0af7651916cd43dd8448eb211c80319c")?.description == "0af7651916cd43dd8448eb211c80319c")
        for text in ["", "0", String(repeating: "0", count: 32), "+af7651916cd43dd8448eb211c80319c", "\(id)0", "ä"] {
            #expect(RequestID(hex: text) == nil)
        }
    }

    @Test func `every code has a status that says error, and what a client can do nothing about is no fault of its`() {
        let known: [LLMError.Code: Int] = [
            .invalidRequest: 400, .requestTooLarge: 413, .refused: 422, .rateLimited: 429, .overBudget: 429,
            .authentication: 500, .noSuchModel: 500, .network: 502, .shuttingDown: 503, .overloaded: 503, .timeout: 504,
            .other("own"): 500,
        ]
        for (code, status) in known { #expect(LLMError(code).suggestedStatus == status) }
        #expect(LLMError.Code("shutting_down") == .shuttingDown)
    }
}

private struct RefusingMeter: CostMeter {
    func admit(_ request: ChatRequest) throws { throw LLMError(.overBudget) }
    func record(_ charge: Charge) {}
}
