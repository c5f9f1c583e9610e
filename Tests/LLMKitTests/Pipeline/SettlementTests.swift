import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite struct SettlementTests {
    @Test func `a reader who leaves early is charged an estimate, and traced`() async throws {
        let fixture = PipelineFixture(small: MockProvider(script: [.events([.text("Forty-"), .text("two")])]))
        let pipeline = try fixture.pipeline(.to("small"))
        for try await _ in try await pipeline.stream("6 x 7?") { break }
        let charge = try #require(fixture.meter.charges.first)
        #expect(fixture.meter.charges.count == 1)
        #expect(charge.kind == .failed)
        #expect(charge.errorCode == .cancelled)
        #expect(charge.usage.isEstimated)
        #expect(charge.usage.output > 0)
        #expect(fixture.tracer.finishedSpans.contains { $0.name.hasPrefix("chat") && $0.errorCode == .cancelled })
    }

    @Test func `a stream that is never read is settled too`() async throws {
        let fixture = PipelineFixture()
        _ = try await fixture.pipeline(.to("small")).stream("6 x 7?")
        #expect(fixture.purposes == [.failed])
    }

    @Test func `a stream without its end is truncated: charged, and never cached`() async throws {
        let fixture = PipelineFixture(
            small: MockProvider(script: [.events([.text("For")]), .events([.text("For")])])
        )
        let pipeline = try fixture.pipeline(.to("small"))
        for _ in 0..<2 {
            let error = await #expect(throws: LLMError.self) { try await pipeline.stream("6 x 7?").collect() }
            #expect(error?.code == .truncated)
        }
        #expect(fixture.small.requests.count == 2)
        #expect(fixture.purposes == [.failed, .failed])
        #expect(fixture.meter.charges.allSatisfy { $0.usage.output > 0 && $0.usage.isEstimated })
    }

    @Test func `a failure before the first event goes to the next model, one after it does not`() async throws {
        let fixture = PipelineFixture(
            small: MockProvider(script: [
                .events([], ending: .failure(LLMError(.overloaded))),
                .events([.text("For")], ending: .failure(LLMError(.overloaded))),
            ])
        )
        let pipeline = try fixture.pipeline(.to("small", orOnFailure: "large"))
        #expect(try await pipeline.stream("6 x 7?").collect().text == "forty-two")
        let error = await #expect(throws: LLMError.self) { try await pipeline.stream("7 x 8?").collect() }
        #expect(error?.code == .overloaded)
        #expect(fixture.purposes == [.failed, .answer, .failed])
    }

    @Test func `a finished stream is settled once, however often it is asked again`() async throws {
        let fixture = PipelineFixture()
        let stream = try await fixture.pipeline(.to("small")).stream("6 x 7?")
        let response = try await stream.collect()
        var iterator = stream.makeAsyncIterator()
        #expect(try await iterator.next() == nil)
        #expect(fixture.purposes == [.answer])
        #expect(response.cost == Money(picodollars: 2_000))
    }

    @Test func `the first token of a provider that keeps no time is timed by the pipeline`() async throws {
        let fixture = PipelineFixture()
        let pipeline = try fixture.pipeline(.to("small"))
        _ = try await pipeline.stream("6 x 7?").collect()
        _ = try await pipeline.respond(to: "7 x 8?")
        let first = fixture.meter.charges.map(\.timing.firstToken)
        #expect(first.count == 2)
        #expect(first.first != .some(nil))
        #expect(first.last == .some(nil))
    }

    @Test func `whole and streamed answers of the same call cost the same`() async throws {
        let fixture = PipelineFixture()
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.caches = []
        let whole = try await pipeline.respond(to: "6 x 7?")
        let streamed = try await pipeline.stream("6 x 7?").collect()
        #expect(whole.usage == streamed.usage)
        #expect(whole.cost == streamed.cost)
    }

    @Test func `a shutdown settles what is open and refuses what comes`() async throws {
        let fixture = PipelineFixture(small: MockProvider(script: [.events([.text("For")], ending: .hang)]))
        let pipeline = try fixture.pipeline(.to("small"))
        let stream = try await pipeline.stream("6 x 7?")
        await pipeline.shutdown()
        #expect(fixture.purposes == [.failed])
        #expect(fixture.meter.charges.first?.errorCode == .shuttingDown)
        let error = await #expect(throws: LLMError.self) { try await pipeline.respond(to: "6 x 7?") }
        #expect(error?.code == .shuttingDown)
        withExtendedLifetime(stream) {}
    }

    @Test func `a shutdown ends the requests that wait for another's answer`() async throws {
        let fixture = PipelineFixture(small: MockProvider { _, _ in .hang })
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.coalescesIdenticalRequests = true
        let assembled = pipeline
        let tasks = (0..<3).map { _ in Task { try await assembled.respond(to: "6 x 7?") } }
        while fixture.small.requests.isEmpty || assembled.inFlight.coalescer.waiting < 2 { await Task.yield() }
        await assembled.shutdown()
        while assembled.inFlight.coalescer.waiting > 0 { await Task.yield() }
        #expect(fixture.small.requests.count == 1)
        for task in tasks { task.cancel() }
        for task in tasks {
            let result = await task.result
            #expect(throws: LLMError.self) { try result.get() }
        }
    }

    @Test func `a reservation that is granted after the shutdown is given back`() async throws {
        let meter = SlowMeter()
        let fixture = PipelineFixture()
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.meter = meter
        let assembled = pipeline
        let call = Task { try await assembled.respond(to: "6 x 7?") }
        await meter.asked.wait()
        await assembled.shutdown(upTo: .milliseconds(1))
        meter.grant.open()
        let result = await call.result
        #expect(throws: LLMError.self) { try result.get() }
        #expect(meter.released.withLock { $0 } == 1)
        #expect(fixture.small.requests.isEmpty)
    }

    @Test func `nothing is begun for a request that the shutdown has ended`() async throws {
        let fixture = PipelineFixture()
        let gate = SlowRouter()
        var pipeline = try fixture.pipeline(.to("small"))
        pipeline.router = gate
        let assembled = pipeline
        let call = Task { try await assembled.stream("6 x 7?") }
        await gate.asked.wait()
        await assembled.shutdown(upTo: .milliseconds(1))
        gate.answer.open()
        let result = await call.result
        #expect(throws: LLMError.self) { try result.get() }
        #expect(fixture.small.requests.isEmpty)
        #expect(fixture.meter.charges.isEmpty)
    }

    @Test func `what a nested pipeline paid before it failed is not forgotten`() async throws {
        let fixture = PipelineFixture(small: .unsure, large: .failing(LLMError(.rateLimited)))
        let inner = try fixture.pipeline()
        let meter = InMemoryCostMeter()
        let outer = try Pipeline(router: .to("inner"), meter: meter, time: fixture.time) { ChatModel("inner", inner) }
        await #expect(throws: LLMError.self) { try await outer.respond(to: "6 x 7?") }
        #expect(meter.charges.map { $0.cost?.picodollars } == [2_000, 0])
        #expect(meter.charges.map(\.kind) == [.rejected, .failed])
    }

    @Test func `a cancelled task settles its call`() async throws {
        let fixture = PipelineFixture(small: MockProvider(script: [.hang]))
        let pipeline = try fixture.pipeline(.to("small"))
        let task = Task { try await pipeline.respond(to: "6 x 7?") }
        while fixture.small.requests.isEmpty { await Task.yield() }
        task.cancel()
        let result = await task.result
        #expect(throws: LLMError.self) { try result.get() }
        #expect(fixture.purposes == [.failed])
        #expect(fixture.meter.charges.first?.usage.isEstimated == true)
    }

    @Test func `every attempt is reserved for, and recorded in its reservation's place`() async throws {
        let meter = OrderedMeter()
        let fixture = PipelineFixture(small: .unsure)
        var pipeline = try fixture.pipeline()
        pipeline.meter = meter
        _ = try await pipeline.respond(to: "6 x 7?")
        for try await _ in try await pipeline.stream("7 x 8?") { break }
        #expect(
            meter.log == [
                "reserve", "rejected", "reserve", "answer", "reserve", "rejected", "reserve", "failed",
            ]
        )
    }

    @Test func `a refused reservation is an error, and nothing is asked`() async throws {
        let fixture = PipelineFixture()
        var pipeline = try fixture.pipeline()
        pipeline.meter = PoorMeter()
        let assembled = pipeline
        let error = await #expect(throws: LLMError.self) { try await assembled.respond(to: "6 x 7?") }
        #expect(error?.code == .overBudget)
        #expect(error?.retryAfter == .seconds(60))
        #expect(fixture.small.requests.isEmpty)
    }
}

/// Notes the order of what it is told.
private final class OrderedMeter: CostMeter {
    private let entries = Mutex<[String]>([])
    var log: [String] { entries.withLock { $0 } }

    func reserve(_ attempt: PlannedAttempt) -> Reservation {
        entries.withLock { $0.append("reserve") }
        return Reservation(requestID: attempt.requestID)
    }
    func record(_ charge: Charge) { entries.withLock { $0.append(charge.kind.rawValue) } }
    func release(_ reservation: Reservation) { entries.withLock { $0.append("release") } }
}

/// Answers only when told to.
private final class SlowRouter: Router {
    let asked = Gate()
    let answer = Gate()

    func route(_ request: ChatRequest, in context: RoutingContext) async -> Route {
        asked.open()
        await answer.wait()
        return .to("small")
    }
}

/// Grants reservations only when told to.
private final class SlowMeter: CostMeter {
    let asked = Gate()
    let grant = Gate()
    let released = Mutex(0)

    func reserve(_ attempt: PlannedAttempt) async -> Reservation {
        asked.open()
        await grant.wait()
        return Reservation(requestID: attempt.requestID)
    }
    func record(_ charge: Charge) {}
    func release(_ reservation: Reservation) { released.withLock { $0 += 1 } }
}

private struct PoorMeter: CostMeter {
    func reserve(_ attempt: PlannedAttempt) throws -> Reservation {
        throw LLMError(.overBudget, "the purse is empty", retryAfter: .seconds(60))
    }
    func record(_ charge: Charge) {}
}
