import CPlatform

/// Starts threads for work that blocks, which must not sit on the cooperative pool.
package enum DetachedThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Runs `body` on a new thread that nobody joins and that is spared the process's signals.
    /// - Parameters:
    ///   - name: what debuggers and profilers call it.
    ///   - stackSize: in bytes.
    ///   - body: what it does until it ends.
    /// - Returns: `false` if the system allows no more threads.
    package static func start(_ name: StaticString, stackSize: Int, _ body: @escaping @Sendable () -> Void) -> Bool {
        withUnsafeTemporaryAllocation(of: sigset_t.self, capacity: 2) { masks in
            guard let all = masks.baseAddress else { return false }
            // A new thread inherits the mask: blocking here leaves the process's signals to the app's own threads, and
            // makes a write to a closed connection an error instead of a SIGPIPE. Faults and debuggers' signals stay.
            sigemptyset(all)
            for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGCHLD] { sigaddset(all, signal) }
            pthread_sigmask(SIG_BLOCK, all, all + 1)
            defer { pthread_sigmask(SIG_SETMASK, all + 1, nil) }
            return create(stackSize) {
                name.withUTF8Buffer { bytes in
                    llmkit_name_thread(bytes.prefix(15).map { CChar(bitPattern: $0) } + [0])
                }
                body()
            }
        }
    }

    private static func create(_ stackSize: Int, _ body: @escaping @Sendable () -> Void) -> Bool {
        let context = Unmanaged.passRetained(Body(body))
        let status = startThread(
            stackSize: stackSize,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            context.toOpaque()
        )
        if status != 0 { context.release() }
        return status == 0
    }
}
