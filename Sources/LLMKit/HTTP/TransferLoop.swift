import CCurl
import Synchronization

/// Runs the transfers of one client on a thread of its own.
///
/// A task that has something to be done puts it into the inbox. If the loop sleeps and nothing is encrypted, the task then
/// takes the loop's lock and does it itself: the request is on its way without a switch of threads, and the loop wakes
/// only for the answer. Whoever holds the lock looks into the inbox again after letting go of it, so that a task that
/// finds the lock taken can leave at once: no task ever waits for it.
final class TransferLoop: Sendable {
    enum Command: Sendable {
        case start(Transfer)
        /// The answer is not wanted any more.
        case stop(Transfer)
        /// The reader has caught up with a paused transfer.
        case proceed(Transfer)
    }

    private struct Inbox {
        var commands: [Command] = []
        /// Whether one of them starts an encrypted transfer.
        ///
        /// TLS libraries write without asking to be spared a SIGPIPE: those are left to the loop's thread, which blocks it.
        var hasSecure = false
        var isAsleep = false
        var isClosed = false
    }

    private let poller: any SocketPoller
    private let multi: Mutex<CurlMulti>
    private let inbox = Mutex(Inbox())
    /// Whether someone holds the lock, for a look that costs nothing: asking a lock that is taken is a system call.
    private let isTaken = Atomic(false)

    /// Enough for libcurl and a TLS handshake, in bytes; only what is touched takes memory.
    private static let stackSize = 512 << 10
    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    init(_ configuration: HTTPClient.Configuration, usesPortablePoller: Bool) throws(LLMError) {
        try configuration.validate()
        guard Self.isLibraryReady else { throw TransferFailure.systemLimit("libcurl failed to initialise") }
        guard let poller = Self.makePoller(usesPortablePoller) else {
            throw TransferFailure.systemLimit("no descriptor to poll with")
        }
        guard let multi = CurlMulti(configuration, poller: poller) else {
            throw TransferFailure.systemLimit("libcurl gave no multi handle")
        }
        self.poller = poller
        self.multi = Mutex(multi)
        guard DetachedThread.start("llmkit.http", stackSize: Self.stackSize, { [self] in run() }) else {
            throw TransferFailure.systemLimit("no thread for the HTTP client")
        }
    }

    private static func makePoller(_ isPortable: Bool) -> (any SocketPoller)? {
        #if os(Linux)
        if !isPortable { return EpollPoller() }
        #endif
        return PollPoller()
    }

    func send(_ command: Command) {
        var mayDrive = false
        if case .start(let transfer) = command { mayDrive = !transfer.request.isSecure }
        inbox.withLock { inbox in
            inbox.commands.append(command)
            if case .start = command, !mayDrive { inbox.hasSecure = true }
        }
        if !mayDrive || !drive() { wake() }
    }

    /// Lets the thread end once the last transfer is over.
    func close() {
        inbox.withLock { $0.isClosed = true }
        wake()
    }

    private func wake() {
        let wasAsleep = inbox.withLock { inbox in
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if wasAsleep { poller.wake() }
    }

    /// Does what the inbox holds on the calling thread, unless another one is at it.
    /// - Returns: `false` if it must be left to the loop's own thread.
    private func drive() -> Bool {
        var resumable: [Transfer.Waiter] = []
        var isDone = true
        repeat {
            // Its holder will look into the inbox.
            if isTaken.load(ordering: .acquiring) { break }
            let outcome = multi.withLockIfAvailable { multi -> (isDone: Bool, mustWake: Bool) in
                isTaken.store(true, ordering: .relaxed)
                defer { isTaken.store(false, ordering: .releasing) }
                guard multi.isPlain else { return (false, false) }
                let isDone = runCommands(&multi, onOwnThread: false)
                multi.takeResumable(into: &resumable)
                return (isDone, multi.takesWaking())
            }
            guard let outcome else { break }
            if outcome.mustWake { poller.wake() }
            isDone = outcome.isDone
        } while isDone && inbox.withLock { !$0.commands.isEmpty }
        for waiter in resumable { waiter.resume() }
        return isDone
    }

    /// - Returns: `false` if commands were left that only the loop's own thread may run.
    private func runCommands(_ multi: inout CurlMulti, onOwnThread: Bool) -> Bool {
        while true {
            var commands: [Command] = []
            let isLeft = inbox.withLock { inbox in
                if inbox.hasSecure, !onOwnThread { return true }
                inbox.hasSecure = false
                swap(&inbox.commands, &commands)
                return false
            }
            if isLeft { return false }
            for command in commands {
                switch command {
                case .start(let transfer): multi.start(transfer)
                case .stop(let transfer): multi.stop(transfer)
                case .proceed(let transfer): multi.proceed(transfer)
                }
            }
            multi.runTimers()
            if commands.isEmpty { return true }
        }
    }

    private func run() {
        var ready: [ReadySocket] = []
        var resumable: [Transfer.Waiter] = []
        var moderation = WakeModeration()
        while true {
            // A task that drives is soon done. Spinning for the lock, as the mutex would, keeps it from its processor.
            while isTaken.load(ordering: .acquiring) { yieldProcessor() }
            var (sleep, turn) = multi.withLock { multi -> (Int32, WakeModeration.Turn) in
                isTaken.store(true, ordering: .relaxed)
                defer { isTaken.store(false, ordering: .releasing) }
                multi.handle(ready)
                _ = runCommands(&multi, onOwnThread: true)
                multi.takeResumable(into: &resumable)
                return (multi.prepareToSleep(), multi.turn)
            }
            for waiter in resumable { waiter.resume() }
            resumable.removeAll(keepingCapacity: true)
            let isClosed = inbox.withLock { inbox in
                inbox.isAsleep = inbox.commands.isEmpty
                if !inbox.isAsleep { sleep = 0 }
                return inbox.isClosed && inbox.isAsleep
            }
            // Once the client is gone nobody starts anything more, but what it started last may be under way.
            if isClosed, multi.withLock({ $0.isIdle }) { break }
            if sleep != 0 { moderation.pauseIfBusy(after: turn) }
            poller.wait(milliseconds: sleep, into: &ready)
            // A worker that wants this processor goes first, and more answers gather meanwhile: waking this thread for
            // each of them costs more than reading it. Where no worker waits, this returns at once.
            yieldProcessor()
        }
        multi.withLock { $0.close() }
    }
}
