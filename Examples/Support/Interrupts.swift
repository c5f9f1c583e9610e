import CPlatform
import Dispatch
import Synchronization

/// Turns Ctrl-C, a polite `kill` and a terminal that closes into the cancellation of a task, so that a program can settle
/// what is open before it ends.
public enum Interrupts {
    /// Runs `work` in a task that the first signal cancels; a second Ctrl-C or `kill` ends the program at once, for
    /// whoever cannot wait. To be called once in a program.
    ///
    /// Hangups are not counted for that: closing terminals send several, and service managers one together with the
    /// polite `kill`, while nobody is there to lose patience. Where the program was started to outlive its terminal, as
    /// by `nohup`, they stay unheard.
    /// - Returns: what the work came to, and the exit status that the signal stands for (129, 130 or 143) if one came.
    public static func cancelling<Value: Sendable>(
        _ work: @escaping @Sendable () async -> Value
    ) async -> (value: Value, status: Int32?) {
        let signals = SignalsHeard()
        let queue = DispatchQueue(label: "interrupts")
        let impatient = [SIGINT, SIGTERM]
        var sources: [any DispatchSourceSignal] = []
        for number in ignoresSignal(SIGHUP) ? impatient : impatient + [SIGHUP] {
            let source = await listen(for: number, on: queue) {
                let hasPatience = signals.hear(128 + number, isCounted: number != SIGHUP)
                if !hasPatience { exit(128 + number) }
            }
            sources.append(source)
        }
        // Signals are heard before there is anything to settle, so none falls between.
        let task = Task { await work() }
        signals.onFirst { task.cancel() }
        let value = await task.value
        // Whoever waits for the program to settle may still lose patience.
        for source in sources { source.cancel() }
        for number in impatient { restoreSignal(number) }
        ignoreSignal(SIGHUP)
        return (value, signals.status)
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

/// The signals that came so far, and what the first of them does.
private final class SignalsHeard: Sendable {
    private struct State {
        var status: Int32?
        var count = 0
        var action: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// The exit status of the first one.
    var status: Int32? { state.withLock { $0.status } }

    /// Takes a signal.
    /// - Returns: whether whoever sent it can wait: not if it is the second that counts.
    func hear(_ status: Int32, isCounted: Bool) -> Bool {
        let (count, action) = state.withLock { state -> (Int, (@Sendable () -> Void)?) in
            if isCounted { state.count += 1 }
            guard state.status == nil else { return (state.count, nil) }
            state.status = status
            return (state.count, state.action)
        }
        action?()
        return !isCounted || count < 2
    }

    /// Does `action` when the first signal comes; at once, if it came already.
    func onFirst(_ action: @escaping @Sendable () -> Void) {
        let hasCome = state.withLock { state in
            state.action = action
            return state.status != nil
        }
        if hasCome { action() }
    }
}

/// Ends the program.
public func endProcess(_ status: Int32) -> Never { exit(status) }
