import CKernels

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Starts threads for work that blocks, which must not sit on the cooperative pool.
enum DetachedThread {
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
    static func start(_ name: StaticString, stackSize: Int, _ body: @escaping @Sendable () -> Void) -> Bool {
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
        withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { buffer in
            guard let attributes = buffer.baseAddress, pthread_attr_init(attributes) == 0 else { return false }
            defer { pthread_attr_destroy(attributes) }
            pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
            pthread_attr_setstacksize(attributes, stackSize)
            let context = Unmanaged.passRetained(Body(body))
            #if canImport(Darwin)
            var thread: pthread_t?
            #else
            var thread = pthread_t()
            #endif
            let status = pthread_create(&thread, attributes, threadMain, context.toOpaque())
            if status != 0 { context.release() }
            return status == 0
        }
    }

    #if canImport(Darwin)
    private static let threadMain: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { context in
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
    }
    #else
    private static let threadMain: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        return nil
    }
    #endif
}
