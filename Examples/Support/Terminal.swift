import CPlatform

/// Standard output or standard error, written byte by byte as they are, without buffers to lose.
public struct Terminal: Sendable {
    /// Why nothing more can be written to standard output; nobody is told of what standard error loses.
    public enum Failure: Error, Equatable, CustomStringConvertible {
        /// The reader left, as `head` does when it has enough.
        case closed
        /// The system's error number: a full disk, say.
        case system(Int32)

        public var description: String {
            switch self {
            case .closed: "nobody reads standard output any more"
            case .system(let code): "cannot write standard output: \(String(cString: strerror(code)))"
            }
        }
    }

    public static let output = Terminal(descriptor: STDOUT_FILENO)
    public static let errors = Terminal(descriptor: STDERR_FILENO)

    let descriptor: Int32

    /// Whether a person is watching, rather than a file or a pipe.
    public var isInteractive: Bool { isatty(descriptor) == 1 }

    /// How many columns there are; 80 where nobody knows.
    public var width: Int {
        let columns = terminalColumns(descriptor)
        return columns > 0 ? Int(columns) : 80
    }

    public func write(_ text: String) throws(Failure) {
        var text = text
        let failure: Failure? = text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = systemWrite(descriptor, rest.baseAddress, rest.count)
                if written >= 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
                } else if errno == EPIPE {
                    return .closed
                } else if errno != EINTR {
                    return .system(errno)
                }
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// Everything on standard input, until its end.
    public static func readInput() -> [UInt8] {
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count > 0 {
                all += chunk[..<count]
            } else if count == 0 || errno != EINTR {
                return all
            }
        }
    }

    /// Writes a line if it can: for messages whose loss must not stop the work.
    public func print(_ line: String) { try? write(line + "\n") }

    /// Turns the signal that a closed pipe sends into an error that `write` reports, so that a call can still be settled.
    public static func ignoreBrokenPipes() { ignoreSignal(SIGPIPE) }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
