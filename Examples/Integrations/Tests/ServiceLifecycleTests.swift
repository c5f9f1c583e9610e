import LLMKit
import LLMKitServiceLifecycle
import LLMKitTesting
import Logging
import ServiceLifecycleTestKit
import Synchronization
import Testing

@Suite struct ServiceLifecycleTests {
    private let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }

    @Test func `a graceful shutdown lets the request under way finish, refuses others, then closes`() async throws {
        let meter = InMemoryCostMeter()
        let gate = AsyncStream<Void>.makeStream()
        let started = AsyncStream<Void>.makeStream()
        let slow = MockProvider { _, _ in
            started.continuation.yield()
            for await _ in gate.stream { break }
            return .answer(ChatResponse("42"))
        }
        let pipeline = try Pipeline(router: .to("small"), meter: meter) { ChatModel("small", slow, price: .free) }
        let chargesAtClose = Mutex<Int?>(nil)
        let service = PipelineService(pipeline, logger: quiet) {
            chargesAtClose.withLock { $0 = meter.charges.count }
        }
        try await testGracefulShutdown { trigger in
            async let run: Void = service.run()
            async let answer = pipeline.respond(to: "6 x 7?")
            for await _ in started.stream { break }
            trigger.triggerGracefulShutdown()
            while !service.isDraining { await Task.yield() }
            // The drain begins just after.
            var refusal: LLMError?
            while refusal == nil {
                var late: ChatRequest = "Too late?"
                late.deadline = .now
                do throws(LLMError) { _ = try await pipeline.respond(to: late) } catch
                    where error.code == .shuttingDown
                {
                    refusal = error
                } catch {}
            }
            gate.continuation.yield()
            #expect(try await answer.text == "42")
            try await run
        }
        #expect(chargesAtClose.withLock { $0 } == 1)
    }

    @Test func `what does not end in time is cancelled and booked before the ledger is closed`() async throws {
        let meter = InMemoryCostMeter()
        let provider = MockProvider(script: [.hang])
        let pipeline = try Pipeline(router: .to("small"), meter: meter) { ChatModel("small", provider, price: .free) }
        let service = PipelineService(pipeline, drainLimit: .milliseconds(50), logger: quiet) {
            #expect(meter.charges.map(\.errorCode) == [.shuttingDown])
        }
        try await testGracefulShutdown { trigger in
            async let run: Void = service.run()
            let answer = Task { try await pipeline.respond(to: "6 x 7?") }
            while provider.requests.isEmpty { await Task.yield() }
            trigger.triggerGracefulShutdown()
            try await run
            await #expect(throws: LLMError.self) { _ = try await answer.value }
        }
    }

    @Test func `cancelled instead of told, it writes everything down all the same`() async throws {
        let pipeline = try Pipeline(router: .to("small")) { ChatModel("small", MockProvider("42")) }
        let isClosed = Mutex(false)
        let service = PipelineService(pipeline, logger: quiet) {
            try Task.checkCancellation()
            isClosed.withLock { $0 = true }
        }
        let run = Task { try await service.run() }
        run.cancel()
        try await run.value
        #expect(isClosed.withLock { $0 })
    }
}
