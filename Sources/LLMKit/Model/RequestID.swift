/// 128 random bits that name one request, written as 32 hex digits: also a valid W3C trace id.
public struct RequestID: Hashable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    /// A fresh id. Collisions are as unlikely as for version 4 UUIDs.
    public static func random() -> RequestID {
        var generator = SystemRandomNumberGenerator()
        return RequestID(high: generator.next() | 1, low: generator.next() | 1)
    }

    public var description: String {
        String(unsafeUninitializedCapacity: 32) { buffer in
            writeHex(high, into: buffer, at: 0)
            writeHex(low, into: buffer, at: 16)
            return 32
        }
    }
}

/// 64 random bits that name one span, written as 16 hex digits.
public struct SpanID: Hashable, Sendable, CustomStringConvertible {
    let bits: UInt64

    public static func random() -> SpanID {
        var generator = SystemRandomNumberGenerator()
        return SpanID(bits: generator.next() | 1)
    }

    public var description: String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            writeHex(bits, into: buffer, at: 0)
            return 16
        }
    }
}

private func writeHex(_ bits: UInt64, into buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
    for digit in 0..<16 {
        let nibble = UInt8(truncatingIfNeeded: bits >> UInt64(60 - 4 * digit)) & 0xF
        buffer[start + digit] = nibble < 10 ? 0x30 + nibble : 0x57 + nibble
    }
}
