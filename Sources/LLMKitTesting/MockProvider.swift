public import LLMKit
import Synchronization

/// A provider for tests: it does what it is told and remembers what it was asked.
///
/// ```swift
/// let mock = MockProvider("Paris")
/// pipeline.models[0].provider = mock
/// _ = try await pipeline.respond(to: "What is the capital of France?")
/// #expect(mock.requests.count == 1)
/// ```
public final class MockProvider: ModelProvider {
    private struct State {
        var requests: [ChatRequest] = []
        var running = 0
        var mostRunning = 0
    }

    public let info: ProviderInfo
    private let time: (any TimeSource)?
    private let outcome: @Sendable (_ request: ChatRequest, _ call: Int) async throws -> MockOutcome
    private let state = Mutex(State())

    /// Decides on each call anew.
    /// - Parameters:
    ///   - info: what the provider claims to be and to be able to do.
    ///   - time: what delays go by; otherwise the request's clock.
    ///   - outcome: gets the request and how many calls came before it.
    public init(
        info: ProviderInfo = ProviderInfo(vendor: "mock"),
        time: (any TimeSource)? = nil,
        outcome: @escaping @Sendable (_ request: ChatRequest, _ call: Int) async throws -> MockOutcome
    ) {
        self.info = info
        self.time = time
        self.outcome = outcome
    }

    /// Answers every request with the same text.
    public convenience init(_ text: String, info: ProviderInfo = ProviderInfo(vendor: "mock")) {
        self.init(info: info) { request, _ in .answer(ChatResponse(text, usage: .mock(request, text))) }
    }

    /// Does one thing after the other; a call beyond the last is an error that says so.
    public convenience init(
        script: [MockOutcome],
        info: ProviderInfo = ProviderInfo(vendor: "mock"),
        time: (any TimeSource)? = nil
    ) {
        self.init(info: info, time: time) { _, call in
            guard call < script.count else {
                throw LLMError(.invalidConfiguration, "the mock's script has \(script.count) calls, this is one more")
            }
            return script[call]
        }
    }

    /// Answers with what it was asked.
    public static func echo(info: ProviderInfo = ProviderInfo(vendor: "mock")) -> MockProvider {
        MockProvider(info: info) { request, _ in
            .answer(ChatResponse(request.prompt, usage: .mock(request, request.prompt)))
        }
    }

    /// Fails every time.
    public static func failing(_ error: LLMError, info: ProviderInfo = ProviderInfo(vendor: "mock")) -> MockProvider {
        MockProvider(info: info) { _, _ in .failure(error) }
    }

    /// Every request so far, in order.
    public var requests: [ChatRequest] { state.withLock { $0.requests } }
    /// How many calls run at the moment; a stream runs until it ends or is let go.
    package var running: Int { state.withLock { $0.running } }
    /// The most calls that ever ran at the same time.
    package var mostRunning: Int { state.withLock { $0.mostRunning } }

    public func respond(to request: ChatRequest) async throws -> ChatResponse {
        let (call, place) = begin(request)
        defer { withExtendedLifetime(place) {} }
        let outcome = try await outcome(request, call)
        let time = self.time ?? request.time
        switch outcome.kind {
        case .answer(let response):
            try await pause(outcome.delay, time)
            return response
        case .failure(let error):
            try await pause(outcome.delay, time)
            throw error
        case .hang:
            try await sleepUntilCancelled()
        case .events(let events, let ending):
            let source = MockSource(events, ending, outcome, time: time, place: place)
            return try await ResponseStream(source).collect()
        }
    }

    public func stream(_ request: ChatRequest) async throws -> ResponseStream {
        let (call, place) = begin(request)
        let outcome = try await outcome(request, call)
        let time = self.time ?? request.time
        switch outcome.kind {
        case .answer(let response):
            return ResponseStream(MockSource(response.events, .asGiven, outcome, time: time, place: place))
        case .events(let events, let ending):
            return ResponseStream(MockSource(events, ending, outcome, time: time, place: place))
        case .failure(let error):
            try await pause(outcome.delay, time)
            throw error
        case .hang:
            try await sleepUntilCancelled()
        }
    }

    private func begin(_ request: ChatRequest) -> (call: Int, place: MockPlace) {
        // Without its scope: that would keep everything of the request alive.
        var remembered = request
        remembered.scope = nil
        let call = state.withLock { state in
            state.requests.append(remembered)
            state.running += 1
            state.mostRunning = max(state.mostRunning, state.running)
            return state.requests.count - 1
        }
        return (call, MockPlace { [weak self] in self?.state.withLock { $0.running -= 1 } })
    }
}

/// Runs something when the last owner lets go: the end of a call, however it ends.
final class MockPlace: Sendable {
    private let onEnd: @Sendable () -> Void
    init(onEnd: @escaping @Sendable () -> Void) { self.onEnd = onEnd }
    deinit { onEnd() }
}

func pause(_ duration: Duration, _ time: any TimeSource) async throws {
    if duration > .zero { try await time.sleep(for: duration) }
    try Task.checkCancellation()
}

func sleepUntilCancelled() async throws -> Never {
    while true { try await Task.sleep(for: .seconds(86_400)) }
}

extension Usage {
    /// What a request and its answer would use, at four bytes a token.
    static func mock(_ request: ChatRequest, _ text: String) -> Usage {
        let input = request.messages.reduce(0) { $0 + $1.text.utf8.count }
        return Usage(
            input: estimatedTokens(utf8Count: input),
            output: estimatedTokens(utf8Count: text.utf8.count)
        )
    }
}
