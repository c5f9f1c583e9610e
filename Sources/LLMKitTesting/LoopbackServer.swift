import CPlatform
import LLMKit
import Synchronization

/// A small HTTP/1.1 server on 127.0.0.1, for testing against a real socket.
///
/// A mock provider tests what you do with answers. This tests what lies below: headers, streams cut anywhere, servers that
/// hang, refuse, or break off.
///
/// ```swift
/// let server = try LoopbackServer { request, responder in
///     responder.startStream(headers: ["Content-Type": "text/event-stream"])
///     responder.write("data: {\"hello\":1}\n\n")
///     responder.endStream()
/// }
/// let baseURL = server.url
/// ```
///
/// Every connection has a thread of its own, so a handler may block as long as it likes. Connections are kept alive.
/// The server stops when it is let go of.
public final class LoopbackServer: Sendable {
    public typealias Handler = @Sendable (Request, Responder) -> Void

    /// The port it listens on.
    public let port: UInt16
    private let core: Core

    /// Listens and answers from now on.
    /// - Parameters:
    ///   - port: where to listen; 0 takes a port that is free.
    ///   - handler: called for every request, on the thread of its connection. What it leaves open when it returns is
    ///     cut off, which the client sees as a broken answer.
    /// - Throws: ``LLMKit/LLMError`` with code `network` if the port cannot be had.
    public init(port: UInt16 = 0, handler: @escaping Handler) throws {
        let (listener, port) = try Self.listen(port)
        var ends: (Int32, Int32) = (-1, -1)
        let status = withUnsafeMutablePointer(to: &ends) {
            $0.withMemoryRebound(to: Int32.self, capacity: 2) { pipe($0) }
        }
        guard status == 0 else {
            closeDescriptor(listener)
            throw LLMError(.network, "no descriptors left for a loopback server")
        }
        self.port = port
        let core = Core(listener: listener, stopping: ends, handler: handler)
        self.core = core
        guard DetachedThread.start("llmkit.loopback", stackSize: Core.stackSize, { core.accept() }) else {
            throw LLMError(.network, "no thread left for a loopback server")
        }
    }

    deinit { stop() }

    /// `http://127.0.0.1:port`, without a slash at the end.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// How many connections were accepted so far: tells whether a client uses them again.
    package var connectionCount: Int { core.connections.withLock { $0.count } }

    /// How many connections are open now.
    package var openConnectionCount: Int { core.connections.withLock { $0.open.count } }

    /// Closes all connections and stops listening; handlers that wait on their client are woken.
    public func stop() { core.stop() }

    private static func listen(_ port: UInt16) throws -> (Int32, UInt16) {
        let listener = streamSocket(AF_INET)
        var one: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, size) == 0 && Self.startListening(listener)
                    && getsockname(listener, generic, &size) == 0
            }
        }
        guard isListening else {
            closeDescriptor(listener)
            throw LLMError(.network, "cannot listen on 127.0.0.1:\(port); is the port taken?")
        }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    private static func startListening(_ socket: Int32) -> Bool {
        CPlatform.listen(socket, 1024) == 0
    }
}

extension LoopbackServer {
    /// What the threads share; it outlives the server until the last of them has ended.
    final class Core: Sendable {
        struct Connections {
            var count = 0
            var open: Set<Int32> = []
            var isStopped = false
        }

        /// For a thousand connections at once; a handler gets by with this, in bytes.
        static let stackSize = 256 << 10

        let connections = Mutex(Connections())
        let handler: Handler
        private let listener: Int32
        private let stopping: (read: Int32, write: Int32)

        init(listener: Int32, stopping: (Int32, Int32), handler: @escaping Handler) {
            self.listener = listener
            self.stopping = stopping
            self.handler = handler
        }

        deinit {
            closeDescriptor(listener)
            closeDescriptor(stopping.read)
            closeDescriptor(stopping.write)
        }

        func accept() {
            while true {
                var entries = [
                    pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: stopping.read, events: Int16(POLLIN), revents: 0),
                ]
                guard poll(&entries, 2, -1) >= 0 || errno == EINTR else { return }
                if entries[1].revents != 0 { return }
                if entries[0].revents != 0 { takeConnection() }
            }
        }

        private func takeConnection() {
            let socket = acceptSocket()
            guard socket >= 0 else { return }
            var one: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, size)
            let isStopped = connections.withLock { connections in
                guard !connections.isStopped else { return true }
                connections.count += 1
                connections.open.insert(socket)
                return false
            }
            guard !isStopped else { return closeDescriptor(socket) }
            let connection = Connection(socket, core: self)
            if !DetachedThread.start("llmkit.loopback", stackSize: Self.stackSize, { connection.serve() }) {
                close(socket)
            }
        }

        private func acceptSocket() -> Int32 {
            CPlatform.accept(listener, nil, nil)
        }

        /// Closes a connection, by its own thread only: the number may mean another one right after.
        func close(_ socket: Int32) {
            let isOpen = connections.withLock { $0.open.remove(socket) != nil }
            if isOpen { closeDescriptor(socket) }
        }

        func stop() {
            // From now on connections are refused; the descriptor itself lives until the last thread has let go of it.
            _ = shutdown(listener, Int32(SHUT_RDWR))
            connections.withLock { connections in
                guard !connections.isStopped else { return }
                connections.isStopped = true
                var byte: UInt8 = 1
                _ = write(stopping.write, &byte, 1)
                for socket in connections.open { shutdown(socket, Int32(SHUT_RDWR)) }
            }
        }
    }
}
