import Synchronization

/// Sets the clocks of a provider's calls.
///
/// Made by ``ModelProvider/timeouts(connect:firstToken:idle:total:)``.
///
/// A provider that keeps time itself (``ProviderInfo/keepsTime``) only gets the values. For any other, the call is raced
/// against the clocks here; of such a provider nobody can see the connection, so it cannot have a connect clock.
public struct TimeoutProvider<Base: ModelProvider>: ModelProvider {
    public let info: ProviderInfo
    let base: Base
    let timeouts: Timeouts
    private let races: Bool

    init(base: Base, timeouts: Timeouts) {
        self.base = base
        self.timeouts = timeouts
        var info = base.info
        races = !info.keepsTime
        info.keepsTime = true
        self.info = info
    }

    public func respond(to request: ChatRequest) async throws -> ChatResponse {
        let request = timed(request)
        guard races else { return try await base.respond(to: request) }
        let time = request.time
        let start = time.now
        let limit = TimeLimit.earliest(
            .clock(.firstToken, request.timeouts.firstToken, from: start),
            .clock(.total, request.timeouts.total, from: start),
            .deadline(request.deadline)
        )
        return try await withTimeLimit(limit, time) { [base] in try await base.respond(to: request) }
    }

    public func stream(_ request: ChatRequest) async throws -> ResponseStream {
        let request = timed(request)
        guard races else { return try await base.stream(request) }
        let clocks = StreamClocks(request)
        let source = try await withTimeLimit(clocks.limit(isFirst: true), clocks.time) { [base] in
            try await base.stream(request).source
        }
        return ResponseStream(TimedSource(source, clocks))
    }

    public func validate() throws(LLMError) {
        let all = [timeouts.connect, timeouts.firstToken, timeouts.idle, timeouts.total]
        if all.contains(where: { $0.map { $0 <= .zero } ?? false }) {
            throw LLMError(.invalidConfiguration, "timeouts: every clock that is set must be longer than zero")
        }
        if races, timeouts.connect != nil {
            throw LLMError(
                .invalidConfiguration,
                "timeouts: the connect clock has no effect on a provider that does not keep time itself; leave it out"
            )
        }
        try base.validate()
    }

    private func timed(_ request: ChatRequest) -> ChatRequest {
        var request = request
        request.timeouts = request.timeouts.filled(from: timeouts)
        return request
    }
}

extension ModelProvider {
    /// Bounds how long calls may take, where the request itself does not say.
    ///
    /// Every `nil` leaves that clock to the provider: vendors run the defaults of their ``HTTPClient``. ``Timeouts/never`` is off.
    ///
    /// Inside of ``retrying(_:)`` each attempt has the whole time; the request's deadline bounds all of them together.
    /// - Parameters:
    ///   - connect: until a connection stands; only for providers that keep time themselves, as those over HTTP do.
    ///   - firstToken: until the first token, or a whole answer, is there (TTFT).
    ///   - idle: the longest pause between two tokens (ITL).
    ///   - total: until the answer is complete.
    /// - Returns: the provider with its clocks.
    public func timeouts(
        connect: Duration? = nil,
        firstToken: Duration? = nil,
        idle: Duration? = nil,
        total: Duration? = nil
    ) -> TimeoutProvider<Self> {
        let timeouts = Timeouts(connect: connect, firstToken: firstToken, idle: idle, total: total)
        return TimeoutProvider(base: self, timeouts: timeouts)
    }
}

extension ChatRequest {
    /// The clock that this request goes by.
    var time: any TimeSource { context?.time ?? SystemTime() }
}

/// The clocks of one stream, all started together.
private struct StreamClocks: Sendable {
    let time: any TimeSource
    let timeouts: Timeouts
    let start: ContinuousClock.Instant
    let deadline: ContinuousClock.Instant?

    init(_ request: ChatRequest) {
        time = request.time
        timeouts = request.timeouts
        start = time.now
        deadline = request.deadline
    }

    /// The idle clock starts when the reader asks, so that a slow reader is not taken for a slow model.
    func limit(isFirst: Bool) -> TimeLimit? {
        .earliest(
            isFirst
                ? .clock(.firstToken, timeouts.firstToken, from: start) : .clock(.idle, timeouts.idle, from: time.now),
            .clock(.total, timeouts.total, from: start),
            .deadline(deadline)
        )
    }
}

/// Events that must each arrive in time.
///
/// After a failure the upstream is let go.
private final class TimedSource: EventSource {
    private let state: Mutex<(source: (any EventSource)?, isFirst: Bool)>
    private let clocks: StreamClocks

    init(_ source: any EventSource, _ clocks: StreamClocks) {
        state = Mutex((source, true))
        self.clocks = clocks
    }

    func next() async throws -> StreamEvent? {
        let (current, isFirst) = state.withLock { $0 }
        guard let current else { return nil }
        do {
            let event = try await withTimeLimit(clocks.limit(isFirst: isFirst), clocks.time) {
                try await current.next()
            }
            state.withLock { $0.isFirst = false }
            if event.isLast { state.withLock { $0.source = nil } }
            return event
        } catch {
            state.withLock { $0.source = nil }
            throw error
        }
    }
}

extension StreamEvent? {
    /// Whether nothing comes after it.
    var isLast: Bool {
        switch self {
        case .none, .end: true
        default: false
        }
    }
}
