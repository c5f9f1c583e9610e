import CCurl
import CPlatform

/// Polls with `poll`, which every Unix has; its cost grows with the number of sockets.
///
/// Unchecked, because all but `waiting` is guarded by the loop's lock, and `waiting` belongs to the thread that waits.
final class PollPoller: SocketPoller, @unchecked Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32
    private var interests: [Int32: SocketInterest] = [:]
    private(set) var hasUnseenChanges = false
    private var waiting: [pollfd] = []
    /// Let go of since the wait began: what it reports of them may be about a socket that is closed, whose number
    /// another one has now. What is true is reported again by the next wait.
    private var stale: Set<Int32> = []

    init?() {
        var ends: (Int32, Int32) = (-1, -1)
        let status = withUnsafeMutablePointer(to: &ends) {
            $0.withMemoryRebound(to: Int32.self, capacity: 2) { pipe($0) }
        }
        (readEnd, writeEnd) = ends
        guard status == 0, ccurl_make_nonblocking(readEnd) == 0, ccurl_make_nonblocking(writeEnd) == 0 else {
            return nil
        }
    }

    deinit {
        for end in [readEnd, writeEnd] where end >= 0 { closeDescriptor(end) }
    }

    func opened(_ socket: Int32) {}

    func watch(_ socket: Int32, for interest: SocketInterest) {
        guard interests.updateValue(interest, forKey: socket) != interest else { return }
        hasUnseenChanges = true
    }

    func unwatch(_ socket: Int32) {
        interests[socket] = nil
        stale.insert(socket)
    }

    func willClose(_ socket: Int32) { unwatch(socket) }

    /// Idle sockets are not polled.
    func hasEndedIdle(_ ready: ReadySocket) -> Bool { false }

    func confirm(_ ready: ReadySocket) -> Bool {
        interests[ready.socket] != nil && !stale.contains(ready.socket)
    }

    func prepareToWait() {
        hasUnseenChanges = false
        stale.removeAll(keepingCapacity: true)
        waiting.removeAll(keepingCapacity: true)
        waiting.append(pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0))
        for (socket, interest) in interests {
            let events =
                (interest.contains(.readable) ? Int16(POLLIN) : 0) | (interest.contains(.writable) ? Int16(POLLOUT) : 0)
            waiting.append(pollfd(fd: socket, events: events, revents: 0))
        }
    }

    func wait(milliseconds: Int32, into ready: inout [ReadySocket]) {
        ready.removeAll(keepingCapacity: true)
        guard poll(&waiting, nfds_t(waiting.count), milliseconds) > 0 else { return }
        for entry in waiting where entry.revents != 0 {
            guard entry.fd != readEnd else {
                drain()
                continue
            }
            ready.append(
                ReadySocket(
                    socket: entry.fd,
                    isReadable: entry.revents & Int16(POLLIN) != 0,
                    isWritable: entry.revents & Int16(POLLOUT) != 0,
                    isBroken: entry.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
                )
            )
        }
    }

    private func drain() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            while read(readEnd, buffer.baseAddress, buffer.count) > 0 {}
        }
    }

    func wake() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }
}
