/// What a transfer waits for on its socket.
struct SocketInterest: OptionSet, Sendable {
    let rawValue: UInt8
    static let readable = Self(rawValue: 1)
    static let writable = Self(rawValue: 2)
}

/// A socket on which something happened.
struct ReadySocket {
    var socket: Int32
    var isReadable: Bool
    var isWritable: Bool
    var isBroken: Bool
    /// Whether the other side will send nothing more, where the system tells that apart from bytes to read.
    var isEnded = false
}

/// Waits until one of many sockets is ready.
///
/// One thread waits, without a lock. Everything else but ``wake()`` is called under the loop's lock, also while that
/// thread waits.
protocol SocketPoller: AnyObject, Sendable {
    /// Learns of a socket that this loop opened and will announce the closing of.
    func opened(_ socket: Int32)
    func watch(_ socket: Int32, for interest: SocketInterest)
    func unwatch(_ socket: Int32)
    /// Must be called before the socket is closed.
    func willClose(_ socket: Int32)
    /// Whether the report is that the other side closed a connection which is kept, and which nothing waits for. To be
    /// asked before ``confirm(_:)``.
    func hasEndedIdle(_ ready: ReadySocket) -> Bool
    /// Whether something that was reported ready is still of interest. Otherwise it is not reported again.
    func confirm(_ ready: ReadySocket) -> Bool
    /// Called before every wait. From then on changes count as unseen.
    func prepareToWait()
    /// Whether the waiting thread would miss a change unless it is woken.
    var hasUnseenChanges: Bool { get }
    /// Waits at most `milliseconds` (-1: forever) and replaces the contents of `ready`.
    func wait(milliseconds: Int32, into ready: inout [ReadySocket])
    /// Ends the wait that is under way, or the next one.
    func wake()
}
