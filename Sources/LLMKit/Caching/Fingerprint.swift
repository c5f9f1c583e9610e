/// The SHA-256 of everything in a request that can change its answer, and of the tenant it belongs to.
///
/// Two requests with the same fingerprint may share an answer. It is the same in every process and on every machine, so
/// that caches can be shared; it is no secret keeper: who can guess a prompt can check the guess.
public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    let a: UInt64
    let b: UInt64
    let c: UInt64
    let d: UInt64

    /// A digest of 32 bytes; `nil` for any other length.
    init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        func word(_ start: Int) -> UInt64 { bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        (a, b, c, d) = (word(0), word(8), word(16), word(24))
    }

    /// - Parameters:
    ///   - request: what is asked.
    ///   - models: who answers, as far as the request does not say: answers of other models must not be mixed up.
    ///   - partition: what of the caller the choice among them depends on.
    init(of request: ChatRequest, models: String = "", partition: String = "") {
        var encoder = FingerprintEncoder()
        encoder.encode(request, models: models, partition: partition)
        (a, b, c, d) = encoder.finalize()
    }

    /// The digest's 32 bytes.
    var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            for (index, word) in [a, b, c, d].enumerated() {
                for byte in 0..<8 {
                    buffer[index * 8 + byte] = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * byte))
                }
            }
            count = 32
        }
    }

    /// The digest as 64 hex digits.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The bits of a digest are as good as random: a quarter of them is hash enough.
    public func hash(into hasher: inout Hasher) { hasher.combine(a) }
}
