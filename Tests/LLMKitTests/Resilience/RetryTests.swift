import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

@Suite struct RetryTests {
    private let server = LLMError(.server, "down")

    private func request(_ time: ManualTime, attempts: Int = 100) -> ChatRequest {
        var request: ChatRequest = "Hi"
        request.scope = RequestScope(attempts: attempts, time: time)
        return request
    }

    /// Half of every interval, so that pauses are known.
    private let policy = RetryPolicy(random: { 0.5 })

    @Test func `a passing failure is tried again after a pause with full jitter`() async throws {
        let time = ManualTime()
        let mock = MockProvider(script: [.failure(server), .failure(server), .answer("yes")])
        let provider = mock.retrying(policy)
        let request = request(time)
        let call = Task { try await provider.respond(to: request) }
        await time.waitUntilSleeping(count: 1)
        #expect(time.sleeps == [.milliseconds(250)])
        time.advance(by: .milliseconds(250))
        await time.waitUntilSleeping(count: 1)
        #expect(time.sleeps == [.milliseconds(250), .milliseconds(500)])
        time.advance(by: .milliseconds(500))
        #expect(try await call.value.text == "yes")
        #expect(mock.requests.count == 3)
    }

    @Test func `pauses double up to the cap and never beyond`() {
        let policy = RetryPolicy(random: { 1 })
        let pauses = (0..<7).map { policy.backoff(retry: $0) }
        #expect(pauses == [500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000].map { .milliseconds($0) })
        #expect(policy.backoff(retry: .max) == .seconds(8))
        #expect(RetryPolicy(random: { 0 }).backoff(retry: 3) == .zero)
    }

    @Test func `the upstream's own wait outranks ours`() async throws {
        let time = ManualTime()
        let mock = MockProvider(script: [
            .failure(LLMError(.rateLimited, retryAfter: .seconds(42))), .answer("yes"),
        ])
        let provider = mock.retrying(policy)
        let request = request(time)
        let call = Task { try await provider.respond(to: request) }
        await time.waitUntilSleeping(count: 1)
        #expect(time.sleeps == [.seconds(42)])
        time.advance(by: .seconds(42))
        #expect(try await call.value.text == "yes")
    }

    @Test func `a wait that is too long is handed to the caller at once`() async {
        let mock = MockProvider.failing(LLMError(.rateLimited, retryAfter: .seconds(121)))
        let error = await #expect(throws: LLMError.self) {
            try await mock.retrying(policy).respond(to: request(ManualTime()))
        }
        #expect(error?.retryAfter == .seconds(121))
        #expect(mock.requests.count == 1)
    }

    @Test func `no retry starts after the deadline`() async {
        let time = ManualTime()
        var request = request(time)
        request.deadline = time.now + .milliseconds(250)
        let mock = MockProvider.failing(server)
        await #expect(throws: LLMError.self) { try await mock.retrying(policy).respond(to: request) }
        #expect(mock.requests.count == 1)
        #expect(time.sleeps.isEmpty)
    }

    @Test(arguments: [
        (LLMError(.authentication), 1), (LLMError(.quotaExhausted), 1), (LLMError(.invalidRequest), 1),
        (LLMError(.cancelled), 1), (LLMError(.unknown), 1), (LLMError(.server), 3), (LLMError(.network), 3),
    ])
    func `only failures that tend to pass are tried again`(error: LLMError, calls: Int) async {
        let mock = MockProvider.failing(error)
        let policy = RetryPolicy(random: { 0 })
        await #expect(throws: LLMError.self) { try await mock.retrying(policy).respond(to: request(ManualTime())) }
        #expect(mock.requests.count == calls)
    }

    @Test(arguments: [true, false])
    func `the upstream's word on retrying outranks the code`(shouldRetry: Bool) async {
        var error = LLMError(shouldRetry ? .invalidRequest : .server)
        error.shouldRetry = shouldRetry
        let mock = MockProvider.failing(error)
        let policy = RetryPolicy(random: { 0 })
        await #expect(throws: LLMError.self) { try await mock.retrying(policy).respond(to: request(ManualTime())) }
        #expect(mock.requests.count == (shouldRetry ? 3 : 1))
    }

    @Test func `nested retries share one budget instead of multiplying`() async {
        let mock = MockProvider.failing(server)
        let policy = RetryPolicy(random: { 0 })
        let nested = mock.retrying(policy).retrying(policy)
        await #expect(throws: LLMError.self) { try await nested.respond(to: "bare") }
        #expect(mock.requests.count == 3)
        let request = request(ManualTime(), attempts: 4)
        await #expect(throws: LLMError.self) { try await nested.respond(to: request) }
        #expect(mock.requests.count == 3 + 4)
        #expect(request.scope?.attemptsLeft == 0)
    }

    @Test func `a spent budget is an error of its own`() async {
        let mock = MockProvider("never asked")
        let error = await #expect(throws: LLMError.self) {
            try await mock.retrying(policy).respond(to: request(ManualTime(), attempts: 0))
        }
        #expect(error?.code == .attemptsExhausted)
        #expect(mock.requests.isEmpty)
    }

    @Test func `cancelling during a pause ends the call`() async {
        let time = ManualTime()
        let mock = MockProvider.failing(server)
        let provider = mock.retrying(policy)
        let request = request(time)
        let call = Task { try await provider.respond(to: request) }
        await time.waitUntilSleeping(count: 1)
        call.cancel()
        let error = await #expect(throws: LLMError.self) { try await call.value }
        #expect(error?.code == .cancelled)
        #expect(mock.requests.count == 1)
    }

    @Test func `a stream that fails before its first event is tried again`() async throws {
        let mock = MockProvider(script: [
            .failure(server), .events([], ending: .failure(server)), .events([]), .answer("one two"),
        ])
        let policy = RetryPolicy(maxAttempts: 4, random: { 0 })
        let answer = try await mock.retrying(policy).stream(request(ManualTime())).collect()
        #expect(answer.text == "one two")
        #expect(mock.requests.count == 4)
    }

    @Test func `a stream that fails after its first event is not tried again`() async throws {
        let mock = MockProvider(script: [.events([.text("one ")], ending: .failure(server)), .answer("two")])
        let stream = try await mock.retrying(RetryPolicy(random: { 0 })).stream(request(ManualTime()))
        var iterator = stream.makeAsyncIterator()
        #expect(try await iterator.next() == .text("one "))
        await #expect(throws: LLMError.self) { try await iterator.next() }
        #expect(mock.requests.count == 1)
    }

    @Test(arguments: [
        RetryPolicy(maxAttempts: 0), RetryPolicy(base: .seconds(-1)), RetryPolicy(base: .seconds(9), cap: .seconds(8)),
    ])
    func `impossible policies are refused`(policy: RetryPolicy) async {
        let provider = MockProvider("x").retrying(policy)
        #expect(throws: LLMError.self) { try provider.validate() }
        let error = await #expect(throws: LLMError.self) { try await provider.respond(to: "Hi") }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func `info says that attempts are counted`() {
        #expect(MockProvider("x").retrying().timeouts(total: .seconds(1)).info.makesAttempts)
        #expect(MockProvider("x").concurrencyLimit(1).info.makesAttempts)
        // Its clocks are part of the attempt, which whoever calls it books.
        #expect(!MockProvider("x").timeouts(total: .seconds(1)).info.makesAttempts)
    }
}
