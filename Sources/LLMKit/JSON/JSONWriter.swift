/// Appends JSON to a buffer of bytes, without building a tree first.
///
/// ```swift
/// var json = JSONWriter()
/// json.object { json in
///     json.key("model")
///     json.string("m-large")
///     json.key("stop")
///     json.array(["\n"]) { json, text in json.string(text) }
/// }
/// ```
///
/// Commas are its own business; that every key is followed by one value is the caller's.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    /// Whether the next key or element must be set apart from the one before.
    private var needsComma = false

    package init(capacity: Int = 512) { bytes.reserveCapacity(capacity) }

    /// Puts the comma before a value, and asks for one after it.
    @inline(__always)
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    package mutating func object(_ members: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        members(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    package mutating func array<Elements: Sequence>(
        _ elements: Elements,
        _ write: (inout JSONWriter, Elements.Element) -> Void
    ) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        for element in elements { write(&self, element) }
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// Writes a member's key; the value must follow.
    package mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a member's key that is only known at run time.
    package mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func string(_ text: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        appendEscaped(text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Several texts as one string.
    package mutating func string(joining texts: some Sequence<String>) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for text in texts { appendEscaped(text) }
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func int(_ value: some BinaryInteger) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
    }

    /// Writes the shortest text that reads back as the same number; what JSON cannot express becomes `null`.
    package mutating func double(_ value: Double) {
        separate()
        bytes.append(contentsOf: value.isFinite ? value.description.utf8 : "null".utf8)
    }

    package mutating func bool(_ value: Bool) {
        separate()
        bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
    }

    package mutating func null() {
        separate()
        bytes.append(contentsOf: "null".utf8)
    }

    /// Inserts a document as it is.
    package mutating func raw(_ json: JSONText) {
        separate()
        bytes.append(contentsOf: json.description.utf8)
    }

    /// Ends a line, for files of one document per line.
    mutating func newline() {
        bytes.append(UInt8(ascii: "\n"))
        needsComma = false
    }

    private mutating func appendEscaped(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            let plain = JSONBytes.indexOfSpecial(in: utf8, from: 0)
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[..<plain]))
            if plain < utf8.count { appendEscaping(UnsafeBufferPointer(rebasing: utf8[plain...])) }
        }
    }
}

extension JSONWriter {
    /// Copies text eight bytes a step and escapes what needs it, by way of a buffer on the stack: in code or prose every
    /// line ends in an escape, and growing the array for each piece between them would cost more than the copying.
    private mutating func appendEscaping(_ utf8: UnsafeBufferPointer<UInt8>) {
        let input = UnsafeRawBufferPointer(utf8)
        withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 8) { staged in
            var filled = 0
            var index = 0
            while index < input.count {
                // A step writes at most the seven bytes before an escape and its six, and stores eight at once.
                if staged.count - filled < 16 {
                    bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: staged[..<filled]))
                    filled = 0
                }
                if index + 8 <= input.count {
                    let word = input.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    staged.storeBytes(of: word, toByteOffset: filled, as: UInt64.self)
                    let run = JSONBytes.plainPrefix(of: UInt64(littleEndian: word))
                    index += run
                    filled += run
                    if run == 8 { continue }
                }
                filled += Self.write(input[index], to: UnsafeMutableRawBufferPointer(rebasing: staged[filled...]))
                index += 1
            }
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: staged[..<filled]))
        }
    }

    /// Writes one byte, escaped if need be, and returns how many bytes that took.
    @inline(__always)
    private static func write(_ byte: UInt8, to output: UnsafeMutableRawBufferPointer) -> Int {
        guard JSONBytes.isSpecial(byte) else {
            output[0] = byte
            return 1
        }
        output[0] = UInt8(ascii: "\\")
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output[1] = byte
        case 0x0A: output[1] = UInt8(ascii: "n")
        case 0x0D: output[1] = UInt8(ascii: "r")
        case 0x09: output[1] = UInt8(ascii: "t")
        default:
            let hex: StaticString = "0123456789abcdef"
            output[1] = UInt8(ascii: "u")
            output[2] = UInt8(ascii: "0")
            output[3] = UInt8(ascii: "0")
            output[4] = hex.utf8Start[Int(byte >> 4)]
            output[5] = hex.utf8Start[Int(byte & 15)]
            return 6
        }
        return 2
    }
}

extension JSONWriter {
    /// Writes `prefix` and then the base64 of `data` (RFC 4648, padded) as one string, without a copy in between.
    /// - Parameter prefix: plain ASCII without quotes, such as `data:image/png;base64,`.
    mutating func base64(_ data: [UInt8], prefix: String = "") {
        separate()
        bytes.append(UInt8(ascii: "\""))
        appendEscaped(prefix)
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "="), count: (data.count + 2) / 3 * 4))
        bytes.withUnsafeMutableBufferPointer { output in
            data.withUnsafeBufferPointer { input in
                Self.encodeBase64(input, into: UnsafeMutableBufferPointer(rebasing: output[start...]))
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// The output is already full of padding; what lies behind the last digit stays.
    private static func encodeBase64(
        _ input: UnsafeBufferPointer<UInt8>,
        into output: UnsafeMutableBufferPointer<UInt8>
    ) {
        let digits: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        var written = 0
        var read = 0
        while read < input.count {
            let left = input.count - read
            let second = left > 1 ? input[read + 1] : 0
            let third = left > 2 ? input[read + 2] : 0
            let group = UInt32(input[read]) << 16 | UInt32(second) << 8 | UInt32(third)
            output[written] = digits.utf8Start[Int(group >> 18 & 63)]
            output[written + 1] = digits.utf8Start[Int(group >> 12 & 63)]
            if left > 1 { output[written + 2] = digits.utf8Start[Int(group >> 6 & 63)] }
            if left > 2 { output[written + 3] = digits.utf8Start[Int(group & 63)] }
            written += 4
            read += 3
        }
    }
}
