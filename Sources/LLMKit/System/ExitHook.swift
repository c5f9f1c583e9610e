import CPlatform
import Synchronization

/// Something that holds what is not on disk yet.
protocol FlushesAtExit: AnyObject, Sendable {
    /// Writes what it holds, blocking the calling thread, and gives up after a few seconds.
    func flushAtExit()
}

/// Flushes what is still open when the process ends by `exit` or by returning from `main`.
///
/// A ledger writes in batches, so the last milliseconds of a command-line program would else be lost. A process that is
/// killed is another matter: it loses its last batch (at most 50 ms), never what was written before.
enum ExitHook {
    private struct State {
        var isInstalled = false
        var members: [ObjectIdentifier: any FlushesAtExit] = [:]
    }

    private static let state = Mutex(State())

    /// Keeps `member` alive until ``remove(_:)``.
    static func add(_ member: any FlushesAtExit) {
        state.withLock { state in
            state.members[ObjectIdentifier(member)] = member
            guard !state.isInstalled else { return }
            state.isInstalled = true
            atexit { ExitHook.flushAll() }
        }
    }

    static func remove(_ member: any FlushesAtExit) {
        _ = state.withLock { $0.members.removeValue(forKey: ObjectIdentifier(member)) }
    }

    static func contains(_ member: any FlushesAtExit) -> Bool {
        state.withLock { $0.members[ObjectIdentifier(member)] != nil }
    }

    private static func flushAll() {
        let members = state.withLock { Array($0.members.values) }
        for member in members { member.flushAtExit() }
    }
}
