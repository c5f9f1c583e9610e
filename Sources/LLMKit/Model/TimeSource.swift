public import PortableFoundation

/// Where LLMKit takes the time from, so that tests can set it.
public protocol TimeSource: Sendable {
    /// A clock that never goes back, for durations and deadlines.
    var now: ContinuousClock.Instant { get }
    /// The calendar's time, for ledgers and traces.
    var date: Date { get }
    /// Suspends until the clock reaches `instant`.
    /// - Throws: `CancellationError` if the task is cancelled first.
    func sleep(until instant: ContinuousClock.Instant) async throws
}

extension TimeSource {
    public func sleep(for duration: Duration) async throws { try await sleep(until: now + duration) }
}

/// The machine's own clocks.
public struct SystemTime: TimeSource {
    public init() {}
    public var now: ContinuousClock.Instant { .now }
    public var date: Date { Date() }
    public func sleep(until instant: ContinuousClock.Instant) async throws {
        try await Task.sleep(until: instant, clock: .continuous)
    }
}
