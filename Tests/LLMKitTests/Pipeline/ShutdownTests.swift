import LLMKitTesting
import Testing

@testable import LLMKit

@Suite struct ShutdownTests {
    /// A call that is under way, over HTTP or not.
    enum Upstream { case silentServer, hangingMock }

    private func pipeline(
        _ upstream: Upstream,
        _ fixture: PipelineFixture,
        _ server: LoopbackServer
    ) throws -> Pipeline {
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.time = SystemTime()
        let vendor = OpenAIProvider(model: "m", key: .value("k-123456"), baseURL: server.url).retrying()
        let hanging = MockProvider { _, _ in .hang }
        pipeline.models[0].provider = upstream == .hangingMock ? hanging : vendor
        return pipeline
    }

    @Test(arguments: [Upstream.silentServer, .hangingMock])
    func `a shutdown ends a call that would never end, bills it once and caches nothing`(
        upstream: Upstream
    ) async throws {
        let asked = Gate()
        let server = try LoopbackServer { _, responder in
            asked.open()
            _ = responder.hang(milliseconds: 50_000)
        }
        let fixture = PipelineFixture()
        let pipeline = try pipeline(upstream, fixture, server)
        let call = Task { try await pipeline.respond(to: "6 x 7?") }
        if upstream == .silentServer { await asked.wait() }
        while pipeline.inFlight.isIdle { await Task.yield() }
        if upstream == .hangingMock { try await Task.sleep(for: .milliseconds(20)) }
        await pipeline.shutdown()
        let result = await call.result
        let error = #expect(throws: LLMError.self) { try result.get() }
        #expect(error?.code == .shuttingDown)
        #expect(fixture.purposes == [.failed])
        #expect(fixture.meter.charges.first?.usage.isEstimated == true)
        #expect(fixture.cache.statistics.stores == 0)
        #expect(pipeline.inFlight.isIdle)
    }

    @Test func `a shutdown ends the pause of a retry`() async throws {
        let fixture = PipelineFixture()
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.models[0].provider = MockProvider.failing(LLMError(.rateLimited, retryAfter: .seconds(60))).retrying()
        let assembled = pipeline
        let call = Task { try await assembled.respond(to: "6 x 7?") }
        await fixture.time.waitUntilSleeping(count: 1)
        await assembled.shutdown()
        let result = await call.result
        let error = #expect(throws: LLMError.self) { try result.get() }
        #expect(error?.code == .shuttingDown)
        #expect(fixture.meter.charges.count == 1)
    }

    @Test func `an answer that arrives after the shutdown is neither handed out nor cached nor billed again`()
        async throws
    {
        let fixture = PipelineFixture(
            small: MockProvider { _, _ in
                // Deaf to its cancellation.
                await Task.detached { try? await Task.sleep(for: .milliseconds(60)) }.value
                return .answer(ChatResponse("late", usage: Usage(input: 100, output: 10)))
            }
        )
        let pipeline = try fixture.pipeline(.to("small"))
        let call = Task { try await pipeline.respond(to: "6 x 7?") }
        while fixture.small.requests.isEmpty { await Task.yield() }
        await pipeline.shutdown(upTo: .milliseconds(1))
        let booked = fixture.meter.charges.count
        let result = await call.result
        #expect(throws: LLMError.self) { try result.get() }
        #expect(booked == 1 && fixture.meter.charges.count == 1)
        #expect(fixture.cache.statistics.stores == 0)
    }

    @Test func `a drain refuses what comes and waits for what is there, shadows included`() async throws {
        let fixture = PipelineFixture(
            small: MockProvider { _, _ in
                MockOutcome.answer(ChatResponse("42", usage: Usage(input: 1, output: 1))).after(.seconds(1))
            },
            large: MockProvider { _, _ in
                MockOutcome.answer(ChatResponse("x", usage: Usage(input: 1, output: 1))).after(.seconds(2))
            }
        )
        let pipeline = try fixture.pipeline(.fixed(.to("small").shadowed(by: "large")))
        let call = Task { try await pipeline.respond(to: "6 x 7?") }
        await fixture.time.waitUntilSleeping(count: 2)
        let isEarly = await pipeline.drain(upTo: .milliseconds(1))
        #expect(!isEarly)
        let refusal = await #expect(throws: LLMError.self) { try await pipeline.respond(to: "7 x 8?") }
        #expect(refusal?.code == .shuttingDown)
        fixture.time.advance(by: .seconds(2))
        #expect(try await call.value.text == "42")
        #expect(await pipeline.drain(upTo: .seconds(300)))
        #expect(fixture.purposes.count == 2)
    }

    @Test func `a reader of a live answer learns of the shutdown, once`() async throws {
        let fixture = PipelineFixture(small: MockProvider(script: [.events([.text("For")], ending: .hang)]))
        let pipeline = try fixture.pipeline(.to("small"))
        var iterator = try await pipeline.stream("6 x 7?").makeAsyncIterator()
        #expect(try await iterator.next() == .text("For"))
        await pipeline.shutdown()
        let error = await #expect(throws: LLMError.self) { try await iterator.next() }
        #expect(error?.code == .shuttingDown)
        #expect(try await iterator.next() == nil)
        #expect(fixture.purposes == [.failed])
        #expect(fixture.small.running == 0)
    }
}
