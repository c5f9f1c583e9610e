import CPlatform

/// A folder in the system's temporary place.
struct ScratchFolder {
    let path: String

    init() throws {
        var template =
            Array((environment("TMPDIR") ?? "/tmp").utf8CString.dropLast()) + Array("/llmkit-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw UsageError(message: "cannot make a temporary folder") }
        path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    /// Deletes the folder and the files in it; folders in it stay.
    func remove() {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink("\(path)/\(name)") }
        }
        closedir(folder)
        rmdir(path)
    }
}
