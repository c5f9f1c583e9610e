import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite struct TimeoutTests {
    private func request(_ time: ManualTime) -> ChatRequest {
        var request: ChatRequest = "Hi"
        request.scope = RequestScope(attempts: 10, time: time)
        return request
    }

    @Test(arguments: [
        (Timeouts(firstToken: .seconds(2), total: .seconds(9)), "firstToken"),
        (Timeouts(firstToken: .seconds(9), total: .seconds(2)), "total"),
    ])
    func `a late whole answer is a timeout that names the clock`(timeouts: Timeouts, clock: String) async {
        let time = ManualTime()
        let provider = MockProvider(script: [.hang])
            .timeouts(firstToken: timeouts.firstToken, total: timeouts.total)
        let request = request(time)
        let call = Task { try await provider.respond(to: request) }
        await time.waitUntilSleeping(count: 1)
        time.advance(by: .seconds(2))
        let error = await #expect(throws: LLMError.self) { try await call.value }
        #expect(error?.code == .timeout)
        #expect(error?.message.contains("\(clock) clock ran out after 2.0 seconds") == true)
    }

    @Test func `an answer in time is an answer`() async throws {
        let time = ManualTime()
        let provider = MockProvider("yes").timeouts(total: .seconds(1))
        #expect(try await provider.respond(to: request(time)).text == "yes")
        #expect(try await provider.stream(request(time)).collect().text == "yes")
    }

    @Test func `a provider that ignores cancellation cannot hold its caller`() async {
        struct Deaf: ModelProvider {
            let gate: Gate
            func respond(to request: ChatRequest) async throws -> ChatResponse {
                await gate.wait()
                return ChatResponse("too late")
            }
        }
        let time = ManualTime()
        let gate = Gate()
        let provider = Deaf(gate: gate).timeouts(total: .seconds(1))
        let request = request(time)
        let call = Task { try await provider.respond(to: request) }
        await time.waitUntilSleeping(count: 1)
        time.advance(by: .seconds(1))
        await #expect(throws: LLMError.self) { try await call.value }
        gate.open()
    }

    @Test func `the first token has a clock of its own`() async throws {
        let time = ManualTime()
        let provider = MockProvider(script: [.events([], ending: .hang)]).timeouts(
            firstToken: .seconds(5),
            idle: .seconds(1)
        )
        let stream = try await provider.stream(request(time))
        let reader = Task { try await stream.collect() }
        await time.waitUntilSleeping(count: 1)
        time.advance(by: .seconds(5))
        let error = await #expect(throws: LLMError.self) { try await reader.value }
        #expect(error?.message.contains("firstToken clock ran out after 5.0 seconds") == true)
    }

    @Test func `a stream that pauses too long is cut, and what came before stands`() async throws {
        let time = ManualTime()
        let provider = MockProvider(script: [.events([.text("a"), .text("b")], ending: .hang)])
            .timeouts(firstToken: .seconds(5), idle: .seconds(2))
        let stream = try await provider.stream(request(time))
        let events = Log<StreamEvent>()
        let end = Log<Bool>()
        let reader = Task {
            defer { end.append(true) }
            for try await event in stream { events.append(event) }
        }
        while events.entries.count < 2 { await Task.yield() }
        while end.entries.isEmpty {
            time.advance(by: .seconds(2))
            await Task.yield()
        }
        let error = await #expect(throws: LLMError.self) { try await reader.value }
        #expect(error?.message.contains("idle clock ran out after 2.0 seconds") == true)
        #expect(events.entries == [.text("a"), .text("b")])
    }

    @Test func `the request's own clocks win, and a provider that keeps time gets them all`() async throws {
        let mock = MockProvider("yes", info: ProviderInfo(keepsTime: true))
        let provider = mock.timeouts(connect: .seconds(1), total: .seconds(3))
        let time = ManualTime()
        var request = request(time)
        request.timeouts.total = .seconds(2)
        _ = try await provider.respond(to: request)
        _ = try await provider.stream(request).collect()
        let expected = Timeouts(connect: .seconds(1), total: .seconds(2))
        #expect(mock.requests.map(\.timeouts) == [expected, expected])
        #expect(time.sleeps.isEmpty, "no timer of ours may run beside the provider's own")
        try provider.validate()
    }

    @Test func `a deadline that has passed asks nobody`() async {
        let mock = MockProvider("yes")
        let time = ManualTime()
        var request = request(time)
        request.deadline = time.now
        let error = await #expect(throws: LLMError.self) { try await mock.timeouts().respond(to: request) }
        #expect(error?.code == .timeout)
        #expect(mock.requests.isEmpty)
    }

    @Test func `cancelling ends the wait at once`() async {
        let time = ManualTime()
        let provider = MockProvider(script: [.hang]).timeouts(total: .seconds(1))
        let request = request(time)
        let call = Task { try await provider.respond(to: request) }
        await time.waitUntilSleeping(count: 1)
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
    }

    @Test func `a finished stream lets go of its source and stays finished`() async throws {
        let mock = MockProvider("yes")
        var iterator = try await mock.timeouts(total: .seconds(1)).stream(request(ManualTime())).makeAsyncIterator()
        while let event = try await iterator.next() {
            if case .end = event { break }
        }
        #expect(mock.running == 0)
        #expect(try await iterator.next() == nil)
    }

    @Test func `clocks without effect are refused`() {
        #expect(throws: LLMError.self) { try MockProvider("x").timeouts(connect: .seconds(1)).validate() }
        #expect(throws: LLMError.self) { try MockProvider("x").timeouts(total: .zero).validate() }
        #expect(throws: LLMError.self) { try MockProvider("x").concurrencyLimit(0).timeouts().validate() }
        #expect(throws: Never.self) { try MockProvider("x").timeouts(total: .seconds(1)).validate() }
    }
}

/// Something closed that tasks wait at until it is opened.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
