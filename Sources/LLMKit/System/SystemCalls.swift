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

/// Lets other threads run first.
func yieldProcessor() { _ = sched_yield() }

/// The value of a variable of the environment, unless it is unset or empty.
func environmentVariable(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
}

/// Whether there is anything at the path that this process can see.
func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// Puts the calling thread to sleep: for threads of the library, and for assembly, which may block.
func sleepThread(nanoseconds: Int64) {
    var time = timespec(tv_sec: .init(nanoseconds / 1_000_000_000), tv_nsec: .init(nanoseconds % 1_000_000_000))
    // A signal may end it early: whoever waits for something looks again anyway.
    nanosleep(&time, nil)
}
