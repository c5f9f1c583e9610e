import Synchronization

/// Sets the clocks of a provider's calls.
///
/// Made by ``ModelProvider/timeouts(connect:firstToken:idle:total:)``.
///
/// A provider that keeps time itself (``ProviderInfo/keepsTime``) only gets the values. For any other, the call is raced
/// against the clocks here; of such a provider nobody can see the connection, so it cannot have a connect clock.
///
/// A class, because a call hands it to what runs later, and a chain of decorators is long to copy.
final class TimeoutProvider<Base: ModelProvider>: ProviderDecorator {
    let info: ProviderInfo
    let base: Base
    let timeouts: Timeouts
    private let races: Bool

    init(base: Base, timeouts: Timeouts) {
        self.base = base
        self.timeouts = timeouts
        var info = base.info
        races = !info.keepsTime
        info.keepsTime = true
        var transport = info.transport ?? ProviderInfo.Transport()
        transport.timeouts = timeouts.filled(from: transport.timeouts)
        transport.wholeAnswer = timeouts.firstToken ?? transport.wholeAnswer
        info.transport = transport
        self.info = info
    }

    func around(_ request: ChatRequest, _ next: @escaping Next) async throws -> Reply {
        var timed = request
        timed.timeouts = request.timeouts.filled(from: timeouts)
        guard races else { return try await next(timed) }
        let clocks = StreamClocks(timed)
        let reply = try await withTimeLimit(clocks.limit(isFirst: true), clocks.time) { [timed] in
            try await next(timed)
        }
        guard case .live(let stream) = reply, clocks.areRunning || request.scope != nil else { return reply }
        return .live(ResponseStream(TimedSource(stream.source, clocks)))
    }

    // The clocks belong to the attempt, so that one that runs out is the attempt's error: whoever calls this provider
    // books the call, if the base does not.
    func respond(to request: ChatRequest) async throws -> ChatResponse {
        try await around(request) { [base] in try await base.bareReply(to: $0, isLive: false) }.whole()
    }

    func stream(_ request: ChatRequest) async throws -> ResponseStream {
        try await around(request) { [base] in try await base.bareReply(to: $0, isLive: true) }.stream
    }

    func validate() throws(LLMError) {
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
}

extension TimeoutProvider: KeepsAnswers {}

extension TimeoutProvider: CustomStringConvertible {
    var description: String { "TimeoutProvider(\(base), \(timeouts))" }
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
    ) -> some ModelProvider {
        let timeouts = Timeouts(connect: connect, firstToken: firstToken, idle: idle, total: total)
        return TimeoutProvider(base: self, timeouts: timeouts)
    }
}

extension ChatRequest {
    /// The clock that this request goes by.
    package var time: any TimeSource { scope?.time ?? SystemTime() }
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

    /// Whether any clock bounds the events after the first.
    var areRunning: Bool {
        timeouts.firstToken != nil || timeouts.idle != nil || timeouts.total != nil || deadline != nil
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
/// After a failure the upstream is let go. The wait is a race even where no clock runs, so that a shutdown can end it.
private final class TimedSource: EventSource {
    private let state: Mutex<(source: (any EventSource)?, isFirst: Bool)>
    private let clocks: StreamClocks
    private let stopped = WaitStop()

    init(_ source: any EventSource, _ clocks: StreamClocks) {
        state = Mutex((source, true))
        self.clocks = clocks
    }

    func next() async throws -> StreamEvent? {
        let (current, isFirst) = state.withLock { $0 }
        guard let current else { return nil }
        do {
            let event = try await withTimeLimit(clocks.limit(isFirst: isFirst), clocks.time, stop: stopped) {
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

    func stop() { stopped.now() }
}
