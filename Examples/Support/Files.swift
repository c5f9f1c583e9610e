import PortableFoundation

/// Whole files, with errors that say which file and what to do.
public enum Files {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
        public init(_ description: String) { self.description = description }
    }

    /// The bytes of a file, if there are at most `limit`.
    public static func read(_ path: String, limit: Int = 64 << 20) throws(Failure) -> [UInt8] {
        let manager = FileManager.default
        var isFolder = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure("there is no file \(path)")
        }
        guard !isFolder else { throw Failure("\(path) is a folder, not a file") }
        guard let data = manager.contents(atPath: path) else { throw Failure("\(path) cannot be read") }
        guard data.count <= limit else {
            throw Failure("\(path) has \(data.count) bytes; the most is \(limit)")
        }
        return Array(data)
    }

    /// The text of a file in UTF-8.
    public static func readText(_ path: String, limit: Int = 64 << 20) throws(Failure) -> String {
        guard let text = String(validating: try read(path, limit: limit), as: UTF8.self) else {
            throw Failure("\(path) is not UTF-8 text")
        }
        return text
    }

    /// Replaces the file, in one step: nobody ever sees half of it.
    public static func write(_ text: String, to path: String) throws(Failure) {
        do { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) } catch {
            throw Failure("\(path) cannot be written")
        }
    }
}
