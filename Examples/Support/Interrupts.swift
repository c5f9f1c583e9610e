import CPlatform
import Dispatch
import Synchronization

/// Turns Ctrl-C, a polite `kill` and a terminal that closes into the cancellation of a task, so that a program can settle
/// what is open before it ends.
public enum Interrupts {
    /// Runs `work` in a task that the first signal cancels; a second one ends the program at once, for whoever cannot
    /// wait. To be called once in a program.
    ///
    /// A hangup is never that second one: closing terminals send it more than once, and service managers right behind
    /// the polite `kill`, while nobody is there to lose patience. Where the program was started to outlive its terminal,
    /// as by `nohup`, hangups stay unheard.
    /// - Returns: what the work came to, and the exit status that the signal stands for (129, 130 or 143) if one came.
    public static func cancelling<Value: Sendable>(
        _ work: @escaping @Sendable () async -> Value
    ) async -> (value: Value, status: Int32?) {
        let first = FirstSignal()
        let queue = DispatchQueue(label: "interrupts")
        let impatient = [SIGINT, SIGTERM]
        var sources: [any DispatchSourceSignal] = []
        for number in ignoresSignal(SIGHUP) ? impatient : impatient + [SIGHUP] {
            let source = await listen(for: number, on: queue) {
                let isFirst = first.set(128 + number)
                if !isFirst, number != SIGHUP { exit(128 + number) }
            }
            sources.append(source)
        }
        // Signals are heard before there is anything to settle, so none falls between.
        let task = Task { await work() }
        first.onSignal { task.cancel() }
        let value = await task.value
        // Whoever waits for the program to settle may still lose patience.
        for source in sources { source.cancel() }
        for number in impatient { restoreSignal(number) }
        ignoreSignal(SIGHUP)
        return (value, first.status)
    }

    /// Starts to listen; from its return on, no signal is lost.
    private static func listen(
        for number: Int32,
        on queue: DispatchQueue,
        _ handler: @escaping @Sendable () -> Void
    ) async -> any DispatchSourceSignal {
        // What the system would do by itself; the source hears the signal all the same.
        ignoreSignal(number)
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler(handler: handler)
        await withCheckedContinuation { continuation in
            source.setRegistrationHandler { continuation.resume() }
            source.activate()
        }
        return source
    }
}

/// The signal that came first, and what it does.
private final class FirstSignal: Sendable {
    private struct State {
        var status: Int32?
        var action: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    var status: Int32? { state.withLock { $0.status } }

    /// Whether this was the first.
    func set(_ status: Int32) -> Bool {
        let (isFirst, action) = state.withLock { state in
            guard state.status == nil else { return (false, state.action) }
            state.status = status
            return (true, state.action)
        }
        if isFirst { action?() }
        return isFirst
    }

    /// Does `action` when a signal comes; at once, if one came already.
    func onSignal(_ action: @escaping @Sendable () -> Void) {
        let hasCome = state.withLock { state in
            state.action = action
            return state.status != nil
        }
        if hasCome { action() }
    }
}

/// Ends the program.
public func endProcess(_ status: Int32) -> Never { exit(status) }
