/// Text that arrives in pieces, which may be cut inside a character.
///
/// Servers that stream a model's bytes cut them where a token ends: half a character's UTF-8, or one half of a surrogate
/// pair. The halves are kept until the next piece brings the rest; what never gets one becomes U+FFFD.
struct CutText: Sendable {
    private(set) var text = ""
    /// The beginning of a character, at most three bytes.
    private var rest: [UInt8] = []

    init(_ text: String = "") { self.text = text }

    var isEmpty: Bool { text.isEmpty && rest.isEmpty }
    /// Whether the last piece ended inside a character.
    var isCut: Bool { !rest.isEmpty }

    /// Takes the string that comes next.
    /// - Returns: what it adds to the text.
    @inline(__always)
    mutating func take(_ json: inout JSONReader) throws(JSONReader.Failure) -> String {
        let (range, isEscaped) = try json.stringRange()
        if !isEscaped, rest.isEmpty,
            let plain = String(validating: UnsafeBufferPointer(rebasing: json.bytes[range]), as: UTF8.self)
        {
            append(plain)
            return plain
        }
        return try takeSlowly(json, range)
    }

    /// Takes a piece that is whole in itself.
    /// - Returns: what it adds to the text.
    mutating func take(_ piece: String) -> String {
        let more = rest.isEmpty ? piece : finish() + piece
        append(more)
        return more
    }

    /// Ends the text: a character without its rest is lost.
    /// - Returns: what stands in its place; empty if nothing was missing.
    mutating func finish() -> String {
        guard !rest.isEmpty else { return "" }
        rest = []
        let mark = "\u{FFFD}"
        text += mark
        return mark
    }

    @inline(__always)
    private mutating func append(_ more: String) {
        if text.isEmpty { text = more } else { text += more }
    }

    @inline(never)
    private mutating func takeSlowly(_ json: JSONReader, _ range: Range<Int>) throws(JSONReader.Failure) -> String {
        let start = rest.count
        // No escape is shorter than what it stands for.
        let result = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: start + range.count) {
            buffer -> Result<String, JSONReader.Failure> in
            do throws(JSONReader.Failure) {
                for (index, byte) in rest.enumerated() { buffer[index] = byte }
                let tail = UnsafeMutableBufferPointer(rebasing: buffer[start...])
                let count = start + (try json.unescape(range, into: tail, keepsHalves: true))
                let whole = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
                let kept = Self.lengthOfCutCharacter(in: UnsafeBufferPointer(whole))
                let end = Self.joinHalves(in: UnsafeMutableBufferPointer(rebasing: whole[..<(count - kept)]))
                rest = Array(whole[(count - kept)...])
                return .success(String(decoding: UnsafeBufferPointer(rebasing: whole[..<end]), as: UTF8.self))
            } catch {
                return .failure(error)
            }
        }
        let more = try result.get()
        append(more)
        return more
    }

    /// How many bytes at the end are the beginning of a character, or the first half of a pair.
    private static func lengthOfCutCharacter(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let count = bytes.count
        let end = bytes.suffix(3)
        if end.count == 3, end[count - 3] == 0xED, (0xA0...0xAF).contains(end[count - 2]), end[count - 1] & 0xC0 == 0x80
        {
            return 3
        }
        for length in 1...3 where length <= count {
            let lead = bytes[count - length]
            if lead & 0xC0 == 0x80 { continue }
            let expected =
                switch lead {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 0
                }
            guard expected > length else { return 0 }
            // Not what UTF-8 allows behind this byte: nothing that comes can make a character of it.
            if length > 1 {
                let second = bytes[count - length + 1]
                switch lead {
                case 0xE0: if second < 0xA0 { return 0 }
                case 0xF0: if second < 0x90 { return 0 }
                case 0xF4: if second > 0x8F { return 0 }
                default: break
                }
            }
            return length
        }
        return 0
    }

    /// Makes characters of halves that stand beside each other, and U+FFFD of those that stand alone.
    /// - Returns: how many bytes are left.
    private static func joinHalves(in bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var (read, written) = (0, 0)
        /// The half that stands at an index; `nil` for what is none.
        func half(_ index: Int) -> UInt32? {
            guard index + 3 <= bytes.count, bytes[index] == 0xED, (0xA0...0xBF).contains(bytes[index + 1]),
                bytes[index + 2] & 0xC0 == 0x80
            else { return nil }
            return 0xD000 | UInt32(bytes[index + 1] & 0x3F) << 6 | UInt32(bytes[index + 2] & 0x3F)
        }
        while read < bytes.count {
            guard let first = half(read) else {
                bytes[written] = bytes[read]
                (read, written) = (read + 1, written + 1)
                continue
            }
            read += 3
            var scalar = Unicode.Scalar(0xFFFD as UInt16) ?? " "
            if first < 0xDC00, let second = half(read), second >= 0xDC00 {
                read += 3
                scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? scalar
            }
            for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                bytes[written] = unit
                written += 1
            }
        }
        return written
    }
}
