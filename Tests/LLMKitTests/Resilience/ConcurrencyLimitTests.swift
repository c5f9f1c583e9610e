import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite struct ConcurrencyLimitTests {
    /// Waits, without sleeping, until something is so.
    private func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    @Test func `no more calls run than allowed, and all get their turn`() async throws {
        let mock = MockProvider { _, _ in
            for _ in 0..<5 { await Task.yield() }
            return .answer("yes")
        }
        let provider = mock.concurrencyLimit(3)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await provider.respond(to: "Hi") } }
            try await group.waitForAll()
        }
        #expect(mock.requests.count == 50)
        #expect(mock.mostRunning <= 3)
        #expect(mock.running == 0)
    }

    @Test func `those who wait go in the order they came`() async throws {
        let gate = Gate()
        let mock = MockProvider { _, call in
            if call == 0 { await gate.wait() }
            return .answer("yes")
        }
        let provider = ConcurrencyLimitedProvider(base: mock, limit: 1, queue: .max)
        var calls: [Task<Void, any Error>] = []
        for index in 0..<6 {
            calls.append(Task { _ = try await provider.respond(to: ChatRequest("\(index)")) })
            await until { mock.requests.count + provider.semaphore.waiting == index + 1 }
        }
        gate.open()
        for call in calls { try await call.value }
        #expect(mock.requests.map(\.prompt) == (0..<6).map(String.init))
    }

    @Test func `a full queue refuses and names the limit`() async throws {
        let gate = Gate()
        let mock = MockProvider { _, _ in
            await gate.wait()
            return .answer("yes")
        }
        let provider = ConcurrencyLimitedProvider(base: mock, limit: 2, queue: 1)
        let calls = (0..<3).map { _ in Task { try await provider.respond(to: "Hi") } }
        await until { mock.running == 2 && provider.semaphore.waiting == 1 }
        let error = await #expect(throws: LLMError.self) { try await provider.respond(to: "one too many") }
        #expect(error?.code == .overloaded)
        #expect(error?.message.contains("2 calls are running and 1 wait") == true)
        gate.open()
        for call in calls { #expect(try await call.value.text == "yes") }
    }

    @Test func `whoever leaves the queue does not cost a place`() async throws {
        let gate = Gate()
        let mock = MockProvider { _, call in
            if call == 0 { await gate.wait() }
            return .answer("yes")
        }
        let provider = ConcurrencyLimitedProvider(base: mock, limit: 1, queue: .max)
        let first = Task { try await provider.respond(to: "first") }
        await until { mock.running == 1 }
        let leaving = (0..<200).map { _ in Task { try await provider.respond(to: "leaving") } }
        let staying = Task { try await provider.respond(to: "staying") }
        await until { provider.semaphore.waiting == 201 }
        for call in leaving { call.cancel() }
        for call in leaving { await #expect(throws: LLMError.self) { try await call.value } }
        gate.open()
        #expect(try await first.value.text == "yes")
        #expect(try await staying.value.text == "yes")
        #expect(mock.requests.map(\.prompt).sorted() == ["first", "staying"])
    }

    @Test func `waiting ends with the deadline`() async {
        let time = ManualTime()
        let provider = ConcurrencyLimitedProvider(base: MockProvider(script: [.hang]), limit: 1, queue: .max)
        var request: ChatRequest = "Hi"
        request.scope = RequestScope(attempts: 10, time: time)
        let first = Task { [request] in try await provider.respond(to: request) }
        await until { provider.base.running == 1 }
        request.deadline = time.now + .seconds(5)
        let second = Task { [request] in try await provider.respond(to: request) }
        await time.waitUntilSleeping(count: 1)
        time.advance(by: .seconds(5))
        let error = await #expect(throws: LLMError.self) { try await second.value }
        #expect(error?.code == .timeout)
        first.cancel()
        _ = await first.result
    }

    @Test func `a stream holds its place until it ends or is let go`() async throws {
        let provider = MockProvider("one two three").concurrencyLimit(1, queue: 0)
        do {
            var iterator = try await provider.stream("Hi").makeAsyncIterator()
            #expect(try await iterator.next() == .text("one "))
            await #expect(throws: LLMError.self) { try await provider.respond(to: "Hi") }
        }
        #expect(try await provider.respond(to: "Hi").text == "one two three")
        let stream = try await provider.stream("Hi")
        _ = try await stream.collect()
        #expect(try await provider.respond(to: "Hi").text == "one two three")
        withExtendedLifetime(stream) {}
    }

    @Test func `a failed call gives its place back`() async throws {
        let mock = MockProvider(script: [
            .failure(LLMError(.server)), .failure(LLMError(.server)), .events([], ending: .failure(LLMError(.server))),
            .answer("yes"),
        ])
        let provider = mock.concurrencyLimit(1, queue: 0)
        await #expect(throws: LLMError.self) { try await provider.respond(to: "Hi") }
        await #expect(throws: LLMError.self) { try await provider.stream("Hi") }
        await #expect(throws: LLMError.self) { try await provider.stream("Hi").collect() }
        #expect(try await provider.respond(to: "Hi").text == "yes")
    }

    @Test func `a streamed answer whose place was given back is booked as the answer`() async throws {
        let meter = InMemoryCostMeter()
        let pipeline = try Pipeline(router: .to("small"), meter: meter) {
            ChatModel("small", MockProvider("Hello").concurrencyLimit(1), price: .free)
        }
        _ = try await pipeline.stream("Hi").collect()
        #expect(meter.charges.map(\.kind) == [.answer])
        #expect(meter.charges.first?.errorCode == nil)
    }

    @Test func `a limit that lets nothing through is refused`() async {
        #expect(throws: LLMError.self) { try MockProvider("x").concurrencyLimit(1, queue: -1).validate() }
        let error = await #expect(throws: LLMError.self) {
            try await MockProvider("x").concurrencyLimit(0).respond(to: "Hi")
        }
        #expect(error?.code == .invalidConfiguration)
    }
}
