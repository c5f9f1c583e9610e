#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// `close(2)`, under a name that methods called `close` do not hide.
func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }

/// `socket(2)`, whose descriptor no child process inherits.
func socketClosedOnExec(_ family: Int32, _ type: Int32, _ protocolNumber: Int32) -> Int32 {
    #if canImport(Darwin)
    let descriptor = socket(family, type, protocolNumber)
    if descriptor >= 0 { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    return descriptor
    #else
    return socket(family, type | Int32(SOCK_CLOEXEC.rawValue), protocolNumber)
    #endif
}

/// Takes what has arrived on a socket, and throws it away, without waiting for more.
func discardInput(of socket: Int32) {
    withUnsafeTemporaryAllocation(byteCount: 4 << 10, alignment: 1) { buffer in
        while recv(socket, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT)) > 0 {}
    }
}

/// Lets other threads run first.
func yieldProcessor() { _ = sched_yield() }

/// The value of a variable of the environment, unless it is unset or empty.
func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
}

/// Whether there is anything at the path that this process can see.
func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }
