public import LLMKit
public import PortableFoundation
import Synchronization

/// A clock that stands still until a test moves it, so that tests of pauses and clocks take no time.
///
/// ```swift
/// let time = ManualTime()
/// let call = Task { try await provider.respond(to: request) }
/// await time.waitUntilSleeping(count: 1)
/// time.advance(by: .seconds(30))
/// ```
public final class ManualTime: TimeSource {
    private struct Sleeper {
        var instant: ContinuousClock.Instant
        var id: UInt64
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: ContinuousClock.Instant
        var lastID: UInt64 = 0
        /// In the order in which they wake.
        var sleepers: [Sleeper] = []
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var slept: [Duration] = []
    }

    private let start: ContinuousClock.Instant
    private let startDate: Date
    private let state: Mutex<State>

    /// - Parameter date: what the calendar shows before the clock is moved.
    public init(date: Date = Date(timeIntervalSince1970: 1_700_000_000)) {
        start = .now
        startDate = date
        state = Mutex(State(now: start))
    }

    public var now: ContinuousClock.Instant { state.withLock { $0.now } }

    public var date: Date {
        let passed = (now - start).components
        return startDate.addingTimeInterval(Double(passed.seconds) + Double(passed.attoseconds) * 1e-18)
    }

    /// How many tasks sleep at the moment.
    package var sleeping: Int { state.withLock { $0.sleepers.count } }

    /// How long every sleep so far was meant to be, in the order in which they began.
    package var sleeps: [Duration] { state.withLock { $0.slept } }

    /// Moves the clock, and wakes whoever sleeps until then, the earliest first.
    public func advance(by duration: Duration) {
        let due: [Sleeper] = state.withLock { state in
            state.now += duration
            let count = state.sleepers.prefix { $0.instant <= state.now }.count
            let due = Array(state.sleepers.prefix(count))
            state.sleepers.removeFirst(count)
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Returns once at least `count` tasks sleep at the same time.
    public func waitUntilSleeping(count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    public func sleep(until instant: ContinuousClock.Instant) async throws {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                fallAsleep(Sleeper(instant: instant, id: id, continuation: continuation))
                // The handler finds nobody if it comes before the sleeper.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func fallAsleep(_ sleeper: Sleeper) {
        let (isDue, watchers): (Bool, [CheckedContinuation<Void, Never>]) = state.withLock { state in
            state.slept.append(sleeper.instant - state.now)
            guard sleeper.instant > state.now else { return (true, []) }
            let place = state.sleepers.firstIndex { $0.instant > sleeper.instant } ?? state.sleepers.endIndex
            state.sleepers.insert(sleeper, at: place)
            let count = state.sleepers.count
            let reached = state.watchers.filter { $0.count <= count }
            state.watchers.removeAll { $0.count <= count }
            return (false, reached.map(\.continuation))
        }
        if isDue { sleeper.continuation.resume() }
        for watcher in watchers { watcher.resume() }
    }

    private func cancel(_ id: UInt64) {
        let sleeper: Sleeper? = state.withLock { state in
            guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else { return nil }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
