/// Finds the bytes that end or interrupt the plain text of a JSON string: quotes, backslashes, control characters.
///
/// Eight bytes a step. Prompts and answers are mostly long strings, and this search is most of what they cost.
enum JSONBytes {
    @inline(__always)
    static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// The index of the first special byte at or after `start`, or the count.
    @inline(__always)
    static func indexOfSpecial(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        if let base = UnsafeRawPointer(bytes.baseAddress) {
            while index + 8 <= bytes.count {
                let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let run = plainPrefix(of: word)
                if run < 8 { return index + run }
                index += 8
            }
        }
        while index < bytes.count, !isSpecial(bytes[index]) { index += 1 }
        return index
    }

    /// How many bytes of a word come before the first special one, the lowest being the first: 8 if none is special.
    @inline(__always)
    static func plainPrefix(of word: UInt64) -> Int { specials(in: word).trailingZeroBitCount >> 3 }

    /// Sets the high bit of each special byte.
    ///
    /// `x - 1 & ~x` has a byte's high bit set where the byte is zero, `x - 0x20 & ~x` where it is below 0x20 (Hacker's
    /// Delight, 6-1). A borrow can only make false hits above a true one, so the lowest hit is always true.
    @inline(__always)
    private static func specials(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let backslashes = word ^ (ones &* 0x5C)
        let zeros = (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes
        let controls = (word &- ones &* 0x20) & ~word
        return (zeros | controls) & (ones &* 0x80)
    }
}
