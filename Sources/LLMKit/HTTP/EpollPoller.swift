#if os(Linux)
import CCurl
import CPlatform

/// Polls with `epoll`, the Linux kernel's own table of sockets.
///
/// A connection that goes idle stays registered, and one that is used again is found so: a request on a connection that
/// is kept alive costs no `epoll_ctl` at all. Should the server close an idle connection, that is reported twice.
///
/// Unchecked, because the table is guarded by the loop's lock; `epoll_ctl` may be called while another thread waits.
final class EpollPoller: SocketPoller, @unchecked Sendable {
    private struct Registration {
        /// What the kernel was told; `nil` if the socket is not registered.
        var interest: SocketInterest?
        var isWatched = false
        /// Whether the closing will be announced, so that the registration may outlive the interest.
        var isOwn = false
        /// Whether something was reported that is of no interest, which once may just be dealt with already.
        var wasReportedIdle = false
        /// The wait during which the socket that had this number before was let go of.
        var replacedIn = 0
    }

    private let descriptor: Int32
    private let waker: Int32
    private var table: [Registration] = []
    private var events: [epoll_event]
    private var waits = 1

    init?() {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        waker = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        events = Array(repeating: epoll_event(), count: 256)
        guard descriptor >= 0, waker >= 0, control(EPOLL_CTL_ADD, waker, .readable) == 0 else { return nil }
    }

    deinit {
        if descriptor >= 0 { closeDescriptor(descriptor) }
        if waker >= 0 { closeDescriptor(waker) }
    }

    @discardableResult
    private func control(_ operation: Int32, _ socket: Int32, _ interest: SocketInterest) -> Int32 {
        var event = epoll_event()
        event.events =
            EPOLLRDHUP.rawValue | (interest.contains(.readable) ? EPOLLIN.rawValue : 0)
            | (interest.contains(.writable) ? EPOLLOUT.rawValue : 0)
        event.data.fd = socket
        return epoll_ctl(descriptor, operation, socket, &event)
    }

    private func update(_ socket: Int32, _ change: (inout Registration) -> Void) {
        guard socket >= 0 else { return }
        let index = Int(socket)
        while table.count <= index { table.append(Registration()) }
        change(&table[index])
    }

    func opened(_ socket: Int32) {
        update(socket) { $0 = Registration(isOwn: true, replacedIn: $0.replacedIn) }
    }

    func watch(_ socket: Int32, for interest: SocketInterest) {
        update(socket) { entry in
            entry.isWatched = true
            entry.wasReportedIdle = false
            guard entry.interest != interest else { return }
            let isKnown = entry.interest != nil
            if control(isKnown ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, interest) != 0 {
                // The descriptor changed hands unnoticed: the kernel knows better than the table.
                control(isKnown ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, interest)
            }
            entry.interest = interest
        }
    }

    func unwatch(_ socket: Int32) {
        update(socket) { entry in
            entry.isWatched = false
            if !entry.isOwn { unregister(socket, &entry) }
        }
    }

    func willClose(_ socket: Int32) {
        update(socket) { entry in
            unregister(socket, &entry)
            entry = Registration(replacedIn: waits)
        }
    }

    private func unregister(_ socket: Int32, _ entry: inout Registration) {
        if entry.interest != nil { control(EPOLL_CTL_DEL, socket, []) }
        entry.interest = nil
        entry.replacedIn = waits
    }

    func hasEndedIdle(_ ready: ReadySocket) -> Bool {
        guard ready.isEnded, ready.socket >= 0, Int(ready.socket) < table.count else { return false }
        let entry = table[Int(ready.socket)]
        return entry.isOwn && !entry.isWatched && entry.replacedIn != waits
    }

    func confirm(_ ready: ReadySocket) -> Bool {
        guard ready.socket >= 0, Int(ready.socket) < table.count else { return false }
        // The report may be about a closed socket whose number another one has now. What is true is reported again.
        guard table[Int(ready.socket)].replacedIn != waits else { return false }
        if table[Int(ready.socket)].isWatched { return true }
        update(ready.socket) { entry in
            guard entry.wasReportedIdle else {
                entry.wasReportedIdle = true
                return
            }
            entry.wasReportedIdle = false
            if ready.isEnded || ready.isBroken || entry.interest == [] {
                unregister(ready.socket, &entry)
            } else {
                // TLS says farewell before the connection ends: what there is to read is nobody's, but the end is still to
                // come, and whoever misses it takes a dead connection for a live one.
                control(EPOLL_CTL_MOD, ready.socket, [])
                entry.interest = []
            }
        }
        return false
    }

    func prepareToWait() { waits &+= 1 }
    var hasUnseenChanges: Bool { false }

    func wait(milliseconds: Int32, into ready: inout [ReadySocket]) {
        ready.removeAll(keepingCapacity: true)
        let count = epoll_wait(descriptor, &events, Int32(events.count), milliseconds)
        guard count > 0 else { return }
        for event in events[..<Int(count)] {
            guard event.data.fd != waker else {
                var value: UInt64 = 0
                _ = read(waker, &value, MemoryLayout<UInt64>.size)
                continue
            }
            let broken = EPOLLERR.rawValue | EPOLLHUP.rawValue
            ready.append(
                ReadySocket(
                    socket: event.data.fd,
                    isReadable: event.events & EPOLLIN.rawValue != 0,
                    isWritable: event.events & EPOLLOUT.rawValue != 0,
                    isBroken: event.events & broken != 0,
                    isEnded: event.events & EPOLLRDHUP.rawValue != 0
                )
            )
        }
    }

    func wake() {
        var one: UInt64 = 1
        _ = write(waker, &one, MemoryLayout<UInt64>.size)
    }
}
#endif
