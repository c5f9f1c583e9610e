import CKernels

/// SHA-256, fed piecewise.
struct SHA256 {
    private var state = llmkit_sha256()

    /// - Parameter plain: whether to leave the processor's own instructions aside.
    init(plain: Bool = false) {
        if plain { llmkit_sha256_init_plain(&state) } else { llmkit_sha256_init(&state) }
    }

    /// Whether this processor has instructions for it: about six times as fast.
    static var isAccelerated: Bool { llmkit_sha256_is_accelerated() }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        llmkit_sha256_update(&state, bytes.baseAddress, bytes.count)
    }

    mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

    /// Feeds a tag, the length of a text in UTF-8, and the text.
    mutating func field(_ tag: UInt8, _ text: String) {
        var text = text
        text.withUTF8 { llmkit_sha256_field(&state, tag, $0.baseAddress, $0.count) }
    }

    /// Feeds a tag, the length of some bytes, and the bytes.
    mutating func field(_ tag: UInt8, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { llmkit_sha256_field(&state, tag, $0.baseAddress, $0.count) }
    }

    /// Feeds a tag and a number of 64 bits.
    mutating func field(_ tag: UInt8, _ number: UInt64) { llmkit_sha256_number(&state, tag, number) }

    /// The 32 bytes of the digest.
    ///
    /// Nothing may be fed afterwards.
    mutating func finalize() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            llmkit_sha256_final(&state, buffer.baseAddress)
            count = 32
        }
    }

    /// The digest as four big-endian words.
    ///
    /// Nothing may be fed afterwards.
    mutating func finalizeWords() -> (UInt64, UInt64, UInt64, UInt64) {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { buffer in
            llmkit_sha256_final(&state, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self))
            func word(_ index: Int) -> UInt64 {
                UInt64(bigEndian: buffer.load(fromByteOffset: 8 * index, as: UInt64.self))
            }
            return (word(0), word(1), word(2), word(3))
        }
    }
}
