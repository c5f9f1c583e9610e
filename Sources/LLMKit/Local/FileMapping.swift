import CPlatform

/// A file's bytes, mapped into memory: read from disk as they are touched, shared with the page cache, never copied.
///
/// The mapping lasts as long as this object. Somebody who shortens the file meanwhile ends the process at the next
/// touch of what is gone (`SIGBUS`), as with every mapped file: replace weights by renaming, not by writing over them.
///
/// Unchecked: the memory is never written.
final class FileMapping: @unchecked Sendable {
    let path: String
    private let bytes: UnsafeRawBufferPointer

    /// - Throws: ``LLMError`` with code `storage` if there is no such file, it cannot be read, or is none.
    init(_ path: String) throws(LLMError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC, 0)
        guard descriptor >= 0 else {
            throw LLMError(.storage, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, isRegularFile(status) else {
            throw LLMError(.storage, "cannot read \(path): expected a file, not a folder or device")
        }
        self.path = path
        guard status.st_size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let memory = mapFile(descriptor, Int(status.st_size)) else {
            throw LLMError(.storage, "cannot map \(path) into memory: \(String(cString: strerror(errno)))")
        }
        bytes = UnsafeRawBufferPointer(start: memory, count: Int(status.st_size))
    }

    deinit {
        if let memory = UnsafeMutableRawPointer(mutating: bytes.baseAddress) { munmap(memory, bytes.count) }
    }

    var count: Int { bytes.count }

    /// Takes the pages that were touched out of the process's memory; whoever touches one again gets it back from the
    /// system's cache, or from disk.
    func releasePages() {
        if let memory = UnsafeMutableRawPointer(mutating: bytes.baseAddress) {
            madvise(memory, bytes.count, MADV_DONTNEED)
        }
    }

    /// Lends the bytes for the time of a call.
    func withBytes<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }
}

extension FileMapping {
    /// Reads a whole JSON document out of a file.
    /// - Parameters:
    ///   - expected: what the file should have been, for the error's message.
    ///   - limit: how many bytes the file may have.
    static func readJSON<Value>(
        _ path: String,
        expected: String,
        limit: Int = 16 << 20,
        _ body: (inout JSONReader) throws(JSONReader.Failure) -> Value
    ) throws(LLMError) -> Value {
        let file = try FileMapping(path)
        guard file.count <= limit else {
            throw LLMError(
                .invalidConfiguration,
                "\(path): \(file.count) bytes; expected \(expected), \(limit) at most"
            )
        }
        do {
            return try file.withBytes { bytes throws(JSONReader.Failure) in
                var json = JSONReader(bytes.bindMemory(to: UInt8.self))
                let value = try body(&json)
                try json.expectEnd()
                return value
            }
        } catch {
            throw LLMError(.invalidConfiguration, "\(path): \(error); expected \(expected)")
        }
    }
}
