import ExampleSupport
import Synchronization

/// Shows how far a run is: a bar for a person at a terminal, a line at every tenth otherwise.
final class Progress: Sendable {
    private let total: Int
    private let isInteractive: Bool
    private let state = Mutex(State())

    private struct State {
        var done = 0
        var hits = 0
        var escalations = 0
        var failures = 0
        var drawn: ContinuousClock.Instant?
    }

    init(total: Int) {
        self.total = total
        isInteractive = Terminal.errors.isInteractive
    }

    func add(_ outcome: Outcome) {
        state.withLock { state in
            state.done += 1
            switch outcome.origin {
            case .cache, .similar: state.hits += 1
            case .cheap: break
            case .strong: state.escalations += 1
            case .failed: state.failures += 1
            }
            isInteractive ? drawBar(&state) : printLine(state)
        }
    }

    /// Leaves the bar behind, so that what follows starts on a line of its own.
    func finish() {
        guard isInteractive, total > 0 else { return }
        try? Terminal.errors.write("\n")
    }

    private func drawBar(_ state: inout State) {
        let now = ContinuousClock.now
        if let drawn = state.drawn, now - drawn < .milliseconds(50), state.done < total { return }
        state.drawn = now
        let width = max(10, min(40, Terminal.errors.width - 60))
        let filled = width * state.done / max(1, total)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        try? Terminal.errors.write("\r\(bar) \(state.done)/\(total)  \(details(state))\u{1B}[K")
    }

    private func printLine(_ state: State) {
        let step = max(1, total / 10)
        guard state.done % step == 0 || state.done == total else { return }
        Terminal.errors.print("\(state.done)/\(total)  \(details(state))")
    }

    private func details(_ state: State) -> String {
        let failures = state.failures > 0 ? ", \(state.failures) failed" : ""
        return "\(state.hits) hits, \(state.escalations) escalations\(failures)"
    }
}
