/// The table of contents of a safetensors file: eight bytes with the length of the JSON that follows, the JSON, the
/// tensors' bytes one after the other.
///
/// Format: github.com/huggingface/safetensors, `README.md`. Everything in it is checked, because files come from
/// strangers: after parsing, every range lies inside the file and holds exactly its shape's bytes.
struct SafetensorsHeader {
    /// One tensor: its kind of number, its shape (outermost dimension first), and where in the file its bytes lie.
    struct Entry: Hashable, Sendable {
        var dataType: SafetensorsDataType
        var shape: [Int]
        var range: Range<Int>
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private(set) var entries: [String: Entry] = [:]
    /// What the writer noted, such as the framework.
    private(set) var metadata: [String: String] = [:]

    /// The reference's limit. The header of a model with 10,000 tensors has 1 MB.
    static let byteLimit = 100_000_000
    static let rankLimit = 32

    /// - Parameter bytes: the whole file.
    init(parsing bytes: UnsafeRawBufferPointer) throws(Failure) {
        guard bytes.count >= 8 else {
            throw Failure(description: "\(bytes.count) bytes long; expected a safetensors file, which has 8 at least")
        }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(Self.byteLimit) else {
            throw Failure(
                description: "a header of \(length) bytes; expected a safetensors file, whose header has "
                    + "\(Self.byteLimit) at most"
            )
        }
        let start = 8 + Int(length)
        guard start <= bytes.count else {
            throw Failure(
                description: "truncated: the header should end at byte \(start), the file ends at \(bytes.count)"
            )
        }
        do {
            var json = JSONReader(UnsafeRawBufferPointer(rebasing: bytes[8..<start]).bindMemory(to: UInt8.self))
            try read(&json, dataStart: start)
            try json.expectEnd()
        } catch {
            throw Failure(description: "header: \(error); expected the JSON header of a safetensors file")
        }
        try checkLayout(from: start, to: bytes.count)
    }

    private mutating func read(_ json: inout JSONReader, dataStart: Int) throws(JSONReader.Failure) {
        var hasMetadata = false
        try json.beginObject()
        while let key = try json.nextKey() {
            let name = key.string
            if name == "__metadata__" {
                guard !hasMetadata else { throw json.failure("__metadata__ twice") }
                hasMetadata = true
                try readMetadata(&json)
            } else {
                guard entries[name] == nil else { throw json.failure("the tensor \(quoted(name)) twice") }
                entries[name] = try Self.readEntry(&json, name, dataStart: dataStart)
            }
        }
    }

    private mutating func readMetadata(_ json: inout JSONReader) throws(JSONReader.Failure) {
        guard try !json.takeNull() else { return }
        try json.beginObject()
        while let key = try json.nextKey() { metadata[key.string] = try json.string() }
    }

    private static func readEntry(
        _ json: inout JSONReader,
        _ name: String,
        dataStart: Int
    ) throws(JSONReader.Failure) -> Entry {
        var (dataType, shape, range): (SafetensorsDataType?, [Int]?, Range<Int>?)
        try json.beginObject()
        while let key = try json.nextKey() {
            switch key {
            case "dtype" where dataType == nil:
                let text = try json.string()
                dataType = SafetensorsDataType(rawValue: text)
                guard dataType != nil else {
                    throw json.failure("\(quoted(name)) has the unknown dtype \(quoted(text))")
                }
            case "shape" where shape == nil:
                let dimensions = try readSizes(&json, limit: rankLimit)
                shape = dimensions
            case "data_offsets" where range == nil:
                let offsets = try readSizes(&json, limit: 2)
                guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= Int.max - dataStart else {
                    throw json.failure("\(quoted(name)) has data_offsets \(offsets), not a start and an end")
                }
                range = dataStart + offsets[0]..<dataStart + offsets[1]
            default:
                throw json.failure("\(quoted(name)) has \(quoted(key.string)), which is unknown or there twice")
            }
        }
        guard let dataType, let shape, let range else {
            throw json.failure("\(quoted(name)) lacks its dtype, shape or data_offsets")
        }
        guard let byteCount = byteCount(of: shape, dataType) else {
            throw json.failure("\(quoted(name)) has an impossible shape \(shape) of \(dataType.rawValue)")
        }
        guard byteCount == range.count else {
            throw json.failure(
                "\(quoted(name)) has \(range.count) bytes, but its shape \(shape) of \(dataType.rawValue) takes \(byteCount)"
            )
        }
        return Entry(dataType: dataType, shape: shape, range: range)
    }

    private static func readSizes(_ json: inout JSONReader, limit: Int) throws(JSONReader.Failure) -> [Int] {
        var sizes: [Int] = []
        try json.beginArray()
        while try json.nextElement() {
            let size = try json.int()
            guard size >= 0, sizes.count < limit else {
                throw json.failure("expected at most \(limit) sizes from 0 up")
            }
            sizes.append(size)
        }
        return sizes
    }

    /// `nil` where it overflows or is no whole number.
    private static func byteCount(of shape: [Int], _ dataType: SafetensorsDataType) -> Int? {
        var bits = dataType.bitWidth
        for size in shape {
            let (product, overflow) = bits.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            bits = product
        }
        return bits % 8 == 0 ? bits / 8 : nil
    }

    /// The format allows no gaps and no overlaps, so that nothing hides in a file and nothing is read as two things.
    private func checkLayout(from start: Int, to end: Int) throws(Failure) {
        var offset = start
        let ordered = entries.sorted {
            ($0.value.range.lowerBound, $0.value.range.upperBound) < (
                $1.value.range.lowerBound, $1.value.range.upperBound
            )
        }
        for (name, entry) in ordered {
            guard entry.range.upperBound <= end else {
                throw Failure(
                    description: "truncated: the tensor \(quoted(name)) should end at byte \(entry.range.upperBound), "
                        + "the file ends at \(end)"
                )
            }
            guard entry.range.lowerBound == offset else {
                throw Failure(
                    description: "the tensor \(quoted(name)) begins at byte \(entry.range.lowerBound); expected "
                        + "\(offset), where the one before it ends"
                )
            }
            offset = entry.range.upperBound
        }
        guard offset == end else {
            throw Failure(description: "\(end - offset) bytes after the last tensor; expected none")
        }
    }
}

/// A name out of a stranger's file, fit for a message: short, on one line, without control characters.
func quoted(_ name: String) -> String {
    var text = "\""
    for scalar in name.unicodeScalars.prefix(80) {
        text.unicodeScalars.append(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : scalar)
    }
    return text + (name.unicodeScalars.count > 80 ? "…\"" : "\"")
}
