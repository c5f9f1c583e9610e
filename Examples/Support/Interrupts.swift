import CPlatform
import Dispatch
import Synchronization

/// Turns Ctrl-C and a polite `kill` into the cancellation of a task, so that a program can settle what is open before it
/// ends.
public enum Interrupts {
    /// Runs `work` in a task that the first signal cancels; a second one ends the program at once, for whoever cannot wait.
    /// - Returns: what the work came to, and the exit status that the signal stands for (130 or 143) if one came.
    public static func cancelling<Value: Sendable>(
        _ work: @escaping @Sendable () async -> Value
    ) async -> (value: Value, status: Int32?) {
        let task = Task { await work() }
        let first = FirstSignal()
        let queue = DispatchQueue(label: "interrupts")
        let sources = [SIGINT, SIGTERM].map { number in
            ignoreSignal(number)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if first.set(128 + number) { task.cancel() } else { exit(128 + number) }
            }
            source.activate()
            return source
        }
        let value = await task.value
        // Whoever waits for the program to settle may still lose patience.
        for source in sources { source.cancel() }
        for number in [SIGINT, SIGTERM] { restoreSignal(number) }
        return (value, first.status)
    }
}

/// The signal that came first.
private final class FirstSignal: Sendable {
    private let value = Mutex<Int32?>(nil)

    var status: Int32? { value.withLock { $0 } }

    /// Whether this was the first.
    func set(_ status: Int32) -> Bool {
        value.withLock { value in
            guard value == nil else { return false }
            value = status
            return true
        }
    }
}

/// Ends the program.
public func endProcess(_ status: Int32) -> Never { exit(status) }
