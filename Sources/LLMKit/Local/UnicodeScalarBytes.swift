internal import CKernels

/// Reading and writing of UTF-8 by hand, for loops over texts that make no strings.
///
/// The bytes are those of a `String`, hence well formed; of others nothing is read or written out of bounds.
enum UnicodeScalarBytes {
    /// The scalar that begins at `index`, which is moved behind it.
    @inline(__always)
    static func next(in bytes: UnsafeBufferPointer<UInt8>, at index: inout Int) -> UInt32 {
        let first = bytes[index]
        index += 1
        guard first >= 0xC0 else { return UInt32(first) }
        let length = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
        var scalar = UInt32(first) & (0x3F >> UInt32(length))
        for _ in 0..<length where index < bytes.count {
            scalar = scalar << 6 | UInt32(bytes[index] & 0x3F)
            index += 1
        }
        return scalar
    }

    /// The scalar that ends before `index`, which is moved to its beginning.
    static func previous(in bytes: UnsafeBufferPointer<UInt8>, at index: inout Int) -> UInt32 {
        repeat { index -= 1 } while index > 0 && bytes[index] & 0xC0 == 0x80
        var start = index
        return next(in: bytes, at: &start)
    }

    @inline(__always)
    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        func continuation(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: scalar >> shift & 0x3F | 0x80) }
        if scalar < 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: scalar))
        } else if scalar < 0x800 {
            bytes.append(UInt8(truncatingIfNeeded: scalar >> 6 | 0xC0))
            bytes.append(continuation(0))
        } else if scalar < 0x10000 {
            bytes.append(UInt8(truncatingIfNeeded: scalar >> 12 | 0xE0))
            bytes.append(continuation(6))
            bytes.append(continuation(0))
        } else {
            bytes.append(UInt8(truncatingIfNeeded: scalar >> 18 | 0xF0))
            bytes.append(continuation(12))
            bytes.append(continuation(6))
            bytes.append(continuation(0))
        }
    }
}

/// What the BERT tokenizer takes a scalar for.
struct ScalarClass {
    private let bits: UInt32

    init(_ scalar: UInt32) { bits = llmkit_unicode_class(scalar) }

    private var category: Int { Int(bits >> 8) }
    /// Orders marks that follow the same letter; 0 for what is not moved.
    var combiningRank: UInt8 { UInt8(truncatingIfNeeded: bits & 0x7F) }
    /// What `\w` of regular expressions matches.
    var isWord: Bool { bits & 0x80 != 0 }
    /// Removed from clean text.
    var isControl: Bool { category == LLMKIT_UNICODE_CONTROL || category == LLMKIT_UNICODE_WHITESPACE_CONTROL }
    var isWhitespace: Bool { category == LLMKIT_UNICODE_WHITESPACE || category == LLMKIT_UNICODE_WHITESPACE_CONTROL }
    var isPunctuation: Bool { category == LLMKIT_UNICODE_PUNCTUATION }
    var isNonspacingMark: Bool { category == LLMKIT_UNICODE_NONSPACING_MARK }
}
