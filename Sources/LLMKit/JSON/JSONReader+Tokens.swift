extension JSONReader {
    /// Takes a string and returns where its contents lie, and whether they hold escapes. Escapes are checked here, so
    /// that strings which are only passed over are held to the same grammar.
    mutating func stringRange() throws(Failure) -> (range: Range<Int>, isEscaped: Bool) {
        let start = offset + 1
        var index = start
        var isEscaped = false
        while true {
            index = JSONBytes.indexOfSpecial(in: bytes, from: index)
            guard index < bytes.count else {
                offset = bytes.count
                throw failure("a string without its end")
            }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                offset = index + 1
                return (start..<index, isEscaped)
            }
            guard byte == UInt8(ascii: "\\") else {
                if isLenient {
                    index += 1
                    continue
                }
                offset = index
                throw failure("a control character inside a string")
            }
            isEscaped = true
            index = try endOfEscape(at: index)
        }
    }

    /// The index after the escape whose backslash lies at `index`.
    private mutating func endOfEscape(at index: Int) throws(Failure) -> Int {
        let escape = index + 1 < bytes.count ? bytes[index + 1] : 0
        switch escape {
        case UInt8(ascii: "n"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "t"),
            UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"):
            return index + 2
        case UInt8(ascii: "u"):
            var next = index + 2
            offset = index
            _ = try hexUnit(at: &next, end: bytes.count)
            return next
        default:
            offset = index
            throw failure("an unknown escape")
        }
    }

    /// Takes a number and returns where it lies. JSON's grammar: no leading zeros, no bare point.
    mutating func numberRange() throws(Failure) -> Range<Int> {
        guard try kind() == .number else { throw failure("expected a number") }
        let start = offset
        var index = offset
        func digits() -> Int {
            let first = index
            while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
            return index - first
        }
        func take(_ a: UInt8, or b: UInt8) -> Bool {
            guard index < bytes.count, bytes[index] == a || bytes[index] == b else { return false }
            index += 1
            return true
        }
        _ = take(UInt8(ascii: "-"), or: UInt8(ascii: "-"))
        let whole = index
        let count = digits()
        var isValid = count > 0 && (count == 1 || bytes[whole] != UInt8(ascii: "0"))
        if take(UInt8(ascii: "."), or: UInt8(ascii: ".")) { isValid = digits() > 0 && isValid }
        if take(UInt8(ascii: "e"), or: UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+"), or: UInt8(ascii: "-"))
            isValid = digits() > 0 && isValid
        }
        if !isValid, isLenient, let end = endOfNonNumber(from: start) {
            index = end
        } else if !isValid {
            throw failure("expected a number")
        }
        offset = index
        return start..<index
    }

    /// The index after a word that stands where a number is due.
    private func endOfNonNumber(from start: Int) -> Int? {
        let digits = bytes[start] == UInt8(ascii: "-") ? start + 1 : start
        for word: StaticString in ["NaN", "Infinity"] {
            let end = digits + word.utf8CodeUnitCount
            guard end <= bytes.count else { continue }
            if (digits..<end).allSatisfy({ bytes[$0] == word.utf8Start[$0 - digits] }) { return end }
        }
        return nil
    }

    /// The text of string contents that hold escapes. A lone surrogate becomes U+FFFD, as in every browser.
    func unescape(_ range: Range<Int>) throws(Failure) -> String {
        // No escape is shorter than what it stands for, so the contents' own length is room enough.
        let result = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: range.count) {
            buffer -> Result<String, Failure> in
            do throws(Failure) {
                let count = try unescape(range, into: buffer)
                return .success(try text(of: UnsafeBufferPointer(rebasing: buffer[..<count])))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Writes the contents of a string without its escapes.
    /// - Parameters:
    ///   - text: as long as the contents.
    ///   - keepsHalves: whether a lone surrogate becomes the three bytes that UTF-8 would have for it, so that it can
    ///     be joined with its other half, rather than U+FFFD.
    /// - Returns: how many bytes were written.
    func unescape(
        _ range: Range<Int>,
        into text: UnsafeMutableBufferPointer<UInt8>,
        keepsHalves: Bool = false
    )
        throws(Failure) -> Int
    {
        let input = UnsafeRawBufferPointer(bytes)
        let output = UnsafeMutableRawBufferPointer(text)
        var count = 0
        var index = range.lowerBound
        while index < range.upperBound {
            // What is written never gets ahead of what is read, so eight bytes that can be read can be written.
            if index + 8 <= range.upperBound {
                let word = input.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                output.storeBytes(of: word, toByteOffset: count, as: UInt64.self)
                let run = JSONBytes.plainPrefix(of: UInt64(littleEndian: word))
                index += run
                count += run
                if run == 8 { continue }
            }
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                text[count] = byte
                count += 1
                continue
            }
            guard index < range.upperBound else { throw failure("an escape without its end") }
            let escape = bytes[index]
            index += 1
            switch escape {
            case UInt8(ascii: "n"): text[count] = 0x0A
            case UInt8(ascii: "t"): text[count] = 0x09
            case UInt8(ascii: "r"): text[count] = 0x0D
            case UInt8(ascii: "b"): text[count] = 0x08
            case UInt8(ascii: "f"): text[count] = 0x0C
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text[count] = escape
            case UInt8(ascii: "u"):
                let value = try unicodeEscape(at: &index, end: range.upperBound)
                if let scalar = Unicode.Scalar(value) {
                    for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                        text[count] = unit
                        count += 1
                    }
                    continue
                }
                let half = keepsHalves ? value : 0xFFFD
                text[count] = UInt8(0xE0 | half >> 12)
                text[count + 1] = UInt8(0x80 | half >> 6 & 0x3F)
                text[count + 2] = UInt8(0x80 | half & 0x3F)
                count += 3
                continue
            default: throw failure("an unknown escape")
            }
            count += 1
        }
        return count
    }

    /// Reads the digits after `\u`, and the second half of a surrogate pair.
    /// - Returns: a code point, or a lone half of a pair.
    private func unicodeEscape(at index: inout Int, end: Int) throws(Failure) -> UInt32 {
        let unit = try hexUnit(at: &index, end: end)
        guard unit >= 0xD800, unit < 0xDC00, index + 6 <= end, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        else { return unit }
        var next = index + 2
        let second = try hexUnit(at: &next, end: end)
        guard second >= 0xDC00, second <= 0xDFFF else { return unit }
        index = next
        return 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00)
    }

    private func hexUnit(at index: inout Int, end: Int) throws(Failure) -> UInt32 {
        guard index + 4 <= end else { throw failure("an escape without its end") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[index]
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x61...0x66: digit = byte - 0x57
            case 0x41...0x46: digit = byte - 0x37
            default: throw failure("an escape that is not four hex digits")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }
}
