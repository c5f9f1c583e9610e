import CPlatform

/// `close(2)`, under a name that methods called `close` do not hide.
package func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }

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

/// The path from the root on, for messages: where a relative one leads depends on where the process was started.
func absolutePath(_ path: String) -> String {
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
}

/// Puts the calling thread to sleep: for threads of the library, and for assembly, which may block.
func sleepThread(nanoseconds: Int64) {
    var time = timespec(tv_sec: .init(nanoseconds / 1_000_000_000), tv_nsec: .init(nanoseconds % 1_000_000_000))
    // A signal may end it early: whoever waits for something looks again anyway.
    nanosleep(&time, nil)
}
