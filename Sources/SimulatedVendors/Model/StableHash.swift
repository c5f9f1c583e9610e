/// A hash that is the same on every run and machine, unlike `Hasher`: the source of everything that looks random here.
struct StableHash: Hashable, Sendable {
    private(set) var bits: UInt64

    init(seed: UInt64) { bits = 0xCBF2_9CE4_8422_2325 ^ seed }

    /// Takes in more bytes, by FNV-1a.
    mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { bits = (bits ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    func combined(with text: String) -> StableHash {
        var copy = self
        copy.combine(text.utf8)
        return copy
    }

    func combined(with number: Int) -> StableHash { combined(with: String(number)) }

    /// The bits stirred by the finaliser of SplitMix64, because FNV's low bits alone are not even.
    var mixed: UInt64 {
        var z = bits &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number from 0 up to 1.
    var unit: Double { Double(mixed >> 11) / 9_007_199_254_740_992 }

    /// A number of the range.
    func value(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + unit * (range.upperBound - range.lowerBound)
    }

    /// Sixteen hex digits.
    var hex: String {
        let digits = String(mixed, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
