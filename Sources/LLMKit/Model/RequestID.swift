import Synchronization

/// 128 random bits that name one request, written as 32 hex digits: also a valid W3C trace id.
public struct RequestID: Hashable, Sendable, CustomStringConvertible {
    let high: UInt64
    let low: UInt64

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A fresh id. Collisions are as unlikely as for version 4 UUIDs.
    public static func random() -> RequestID {
        RequestID(high: RandomBits.next(), low: RandomBits.next() | 1)
    }

    /// Reads 32 hex digits, as ``description`` writes them; capital ones, too.
    ///
    /// For an id that another service has chosen, or that a ledger's row has. The digits of a UUID are one.
    /// - Returns: `nil` for any other text, and for zeros alone, which W3C allows for no trace.
    public init?(hex: some StringProtocol) {
        let digits = Array(hex.utf8)
        guard digits.count == 32 else { return nil }
        var bits: (high: UInt64, low: UInt64) = (0, 0)
        for digit in digits {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            bits = (bits.high << 4 | bits.low >> 60, bits.low << 4 | UInt64(value))
        }
        guard bits.high | bits.low != 0 else { return nil }
        self.init(high: bits.high, low: bits.low)
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

    package static func random() -> SpanID {
        SpanID(bits: RandomBits.next() | 1)
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

/// Random numbers for ids: one system call per process instead of one per id, which would show on the hot path.
///
/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014) over an atomic counter that
/// starts at a system-random place: every value of the period comes once, so ids of one process never repeat.
enum RandomBits {
    private static let counter = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    static func next() -> UInt64 {
        var bits = counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
