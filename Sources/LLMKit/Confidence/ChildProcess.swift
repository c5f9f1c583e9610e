import CPlatform
import Synchronization

/// One process in a group of its own, started, fed and waited for by one thread, and killed by any.
final class ChildProcess: Sendable {
    enum Reason { case timeout, cancellation }

    enum Exit {
        case status(Int32)
        case signal
        case killed(Reason)
    }

    private struct State {
        /// Set while the process exists, as a zombie at least: only then may the number be used.
        var pid: pid_t?
        var killed: Reason?
    }

    private let state = Mutex(State())

    /// Ends the whole group.
    ///
    /// Before the start it makes the start end at once; after the end it does nothing.
    func kill(for reason: Reason) {
        state.withLock { state in
            if state.killed == nil { state.killed = reason }
            if let pid = state.pid { _ = killpg(pid, SIGKILL) }
        }
    }

    /// Runs a program to its end.
    ///
    /// Blocks, so call it on a ``DetachedThread``: signals are blocked there too, so a program that exits without reading
    /// its input is an error of a write and not the end of this process.
    func run(_ path: String, _ arguments: [String], input: [UInt8]) throws -> Exit {
        let (readEnd, writeEnd) = try makePipe()
        let pid: pid_t
        do {
            defer { close(readEnd) }
            pid = try spawn(path, arguments, standardInput: readEnd)
        } catch {
            close(writeEnd)
            throw error
        }
        let isKilled = state.withLock { state in
            state.pid = pid
            return state.killed != nil
        }
        if isKilled { _ = killpg(pid, SIGKILL) }
        feed(input, to: writeEnd)
        close(writeEnd)
        return try reap(pid)
    }

    private func makePipe() throws -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        guard llmkit_pipe_cloexec(&ends) == 0 else { throw failure("cannot make a pipe", errno) }
        _ = setNonblocking(ends[1])
        return (ends[0], ends[1])
    }

    private func failure(_ what: String, _ code: Int32) -> LLMError {
        LLMError(.unknown, "verifier command: \(what): \(systemMessage(code))")
    }

    private func spawn(_ path: String, _ arguments: [String], standardInput: Int32) throws -> pid_t {
        let words = CStrings([path] + arguments)
        let environment = CStrings(Self.environment)
        var pid: pid_t = 0
        let code = spawnProcess(&pid, path, words.pointers, environment.pointers, input: standardInput)
        guard code == 0 else { throw failure("cannot start '\(path)'", code) }
        return pid
    }

    /// The environment of this process may hold keys; the program gets only what most programs need.
    private static var environment: [String] {
        ["PATH", "HOME", "LANG", "TMPDIR"].compactMap { (name: String) -> String? in
            getenv(name).map { "\(name)=\(String(cString: $0))" }
        }
    }

    /// Writes until all is written, nobody reads any more, or the process was killed.
    private func feed(_ input: [UInt8], to pipe: Int32) {
        var written = 0
        while written < input.count {
            let count = input[written...].withUnsafeBytes { write(pipe, $0.baseAddress, $0.count) }
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                // A reader outside the group would survive the kill, so look up from the wait now and then.
                var wait = pollfd(fd: pipe, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, 100)
                if state.withLock({ $0.killed != nil }) { return }
            } else if errno != EINTR {
                return
            }
        }
    }

    private func reap(_ pid: pid_t) throws -> Exit {
        // Leaves the zombie: until it is reaped, its number cannot belong to another process.
        var info = siginfo_t()
        while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return try state.withLock { state in
            // What the program left running in its group ends with it.
            _ = killpg(pid, SIGKILL)
            state.pid = nil
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0 {
                guard errno == EINTR else { throw failure("its exit status is lost", errno) }
            }
            if let reason = state.killed { return .killed(reason) }
            // The low seven bits are the signal that ended it, the next byte the exit status.
            return status & 0x7F == 0 ? .status((status >> 8) & 0xFF) : .signal
        }
    }
}

/// Strings for C: an array of pointers that ends with a null pointer.
private final class CStrings {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) { pointers = strings.map { strdup($0) } + [nil] }

    deinit { for pointer in pointers { free(pointer) } }
}
