import CPlatform

/// A file that is only ever appended to, readable by its owner only.
///
/// Its calls block: use it on a thread of its own.
struct PrivateFile: ~Copyable {
    private let descriptor: Int32
    let path: String
    private(set) var size: Int

    /// Opens the file, or makes it with mode 0600.
    /// - Throws: ``LLMError`` with code `storage`.
    init(appendingTo path: String) throws(LLMError) {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = Self.failure("examine", path)
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.path = path
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Makes an empty file with mode 0600 where there is none.
    static func createIfMissing(_ path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Whether the path still leads to this file: somebody else may have moved or deleted it.
    var isInPlace: Bool {
        var own = stat()
        var named = stat()
        return fstat(descriptor, &own) == 0 && stat(path, &named) == 0
            && own.st_ino == named.st_ino && own.st_dev == named.st_dev
    }

    mutating func append(_ bytes: [UInt8]) throws(LLMError) {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + offset }, $0.count - offset)
            }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw Self.failure("write to", path) }
            offset += written
            size += written
        }
    }

    /// What stands behind the last line feed: a line that somebody has not finished. Of a file without one, all.
    func unfinishedLine() throws(LLMError) -> [UInt8] {
        let reader = open(path, O_RDONLY | O_CLOEXEC)
        guard reader >= 0 else { throw Self.failure("read", path) }
        defer { close(reader) }
        var line: [UInt8] = []
        var end = size
        while end > 0 {
            // As a rule, one byte tells that there is none.
            let start = max(0, end - (line.isEmpty && end == size ? 1 : 4096))
            var block = [UInt8](repeating: 0, count: end - start)
            let count = block.withUnsafeMutableBytes { pread(reader, $0.baseAddress, $0.count, off_t(start)) }
            if count < 0 && errno == EINTR { continue }
            guard count == block.count else { throw Self.failure("read", path) }
            if let feed = block.lastIndex(of: UInt8(ascii: "\n")) { return block[(feed + 1)...] + line }
            line = block + line
            end = start
        }
        return line
    }

    /// Cuts off what stands behind the first `count` bytes.
    mutating func cut(to count: Int) throws(LLMError) {
        guard ftruncate(descriptor, off_t(count)) == 0 else { throw Self.failure("shorten", path) }
        size = count
    }

    /// Moves a file to another name, replacing what was there.
    static func move(_ path: String, to target: String) throws(LLMError) {
        guard rename(path, target) == 0 || errno == ENOENT else { throw failure("rename", path) }
    }

    static func delete(_ path: String) throws(LLMError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("delete", path) }
    }

    private static func failure(_ action: String, _ path: String) -> LLMError {
        LLMError(
            .storage,
            "cannot \(action) \(path): \(String(cString: strerror(errno))); "
                + "check that the directory exists, that this process may write to it, and that the disk is not full"
        )
    }
}
