/// A file of lines that starts anew when it is full, and keeps some of the full ones.
struct RotatingFile: Sendable, ~Copyable {
    private let path: String
    private let maxBytes: Int
    private let keep: Int
    private var file: PrivateFile?
    private var buffer: [UInt8] = []

    init(path: String, maxBytes: Int, keep: Int) throws(LLMError) {
        self.path = path
        self.maxBytes = maxBytes
        self.keep = keep
        file = try PrivateFile(appendingTo: path)
    }

    /// Writes spans, and returns how many of them are in the file, and what kept the others out.
    mutating func append(_ spans: ArraySlice<TraceSpan>) -> (written: Int, error: LLMError?) {
        var written = 0
        var waiting = 0
        do throws(LLMError) {
            // Somebody else may have moved the file away, or failed disks come back: open it anew.
            if file?.isInPlace != true { file = try PrivateFile(appendingTo: path) }
            for span in spans {
                buffer.append(contentsOf: SpanLine.render(span))
                waiting += 1
                if buffer.count + (file?.size ?? 0) >= maxBytes || buffer.count >= 256 << 10 {
                    try write()
                    written += waiting
                    waiting = 0
                }
            }
            try write()
            return (written + waiting, nil)
        } catch {
            buffer.removeAll(keepingCapacity: true)
            file = nil
            return (written, error)
        }
    }

    private mutating func write() throws(LLMError) {
        guard !buffer.isEmpty else { return }
        if file == nil { file = try PrivateFile(appendingTo: path) }
        try file?.append(buffer)
        buffer.removeAll(keepingCapacity: true)
        if let size = file?.size, size >= maxBytes { try rotate() }
    }

    private mutating func rotate() throws(LLMError) {
        file = nil
        if keep == 0 {
            try PrivateFile.delete(path)
        } else {
            for number in stride(from: keep - 1, through: 1, by: -1) {
                try PrivateFile.move("\(path).\(number)", to: "\(path).\(number + 1)")
            }
            try PrivateFile.move(path, to: "\(path).1")
        }
        file = try PrivateFile(appendingTo: path)
    }
}
