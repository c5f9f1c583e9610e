#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A descriptor that lines for the operator go to.
///
/// Notices come from request paths, too: a reader that has stopped reading must not stop them. A line goes out in one
/// piece if there is room for it at once, and is lost otherwise.
struct ErrorOutput: Sendable {
    let descriptor: Int32

    static let standard = ErrorOutput(descriptor: STDERR_FILENO)
    /// What a pipe that reports room is sure to take without blocking, and without cutting it up.
    private static let longest = Int(PIPE_BUF)

    func write(_ notice: Diagnostics.Notice) {
        var line = Array("LLMKit: ".utf8)
        for byte in notice.description.utf8 {
            // Messages quote file names and vendors: none may start a line of its own, or move the cursor.
            line.append(byte < 0x20 || byte == 0x7F ? UInt8(ascii: " ") : byte)
        }
        if line.count >= Self.longest { line = Self.shortened(line) }
        line.append(UInt8(ascii: "\n"))
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&state, 1, 0) == 1, state.revents & Int16(POLLOUT) != 0 else { return }
        _ = line.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
    }

    /// The beginning of a line, cut between two characters, with dots after it.
    private static func shortened(_ line: [UInt8]) -> [UInt8] {
        let dots = Array("…".utf8)
        var end = longest - 1 - dots.count
        while end > 0, line[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(line[..<end]) + dots
    }
}

/// `write(2)`, under a name that methods called `write` do not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
