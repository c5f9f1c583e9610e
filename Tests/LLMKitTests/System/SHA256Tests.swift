import Testing

@testable import LLMKit

@Suite struct SHA256Tests {
    private func digest(_ bytes: [UInt8], plain: Bool) -> String {
        var hash = SHA256(plain: plain)
        hash.update(bytes)
        return hex(hash.finalize())
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Examples of NIST's "Secure Hash Standard" and its validation suite.
    private static let vectors: [(text: String, digest: String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ]

    @Test(arguments: [true, false]) func `the standard's examples come out right`(plain: Bool) {
        for vector in Self.vectors { #expect(digest(Array(vector.text.utf8), plain: plain) == vector.digest) }
    }

    /// The digest of the digests of `prefix(n)` for n in 0...300, and that of 1 MiB, as another implementation has them.
    @Test(arguments: [true, false]) func `every length comes out right`(plain: Bool) {
        let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 >> 8) }
        var all = SHA256(plain: plain)
        for count in 0...300 {
            var hash = SHA256(plain: plain)
            hash.update(Array(bytes.prefix(count)))
            all.update(hash.finalize())
        }
        #expect(hex(all.finalize()) == "37c4dea4792819683234a2a82a4a9e4279e80e78e8fdaa3d7833e5a95e9aac55")
        #expect(digest(bytes, plain: plain) == "1f8647d4cd2f7594c35c413e582e01089c00929dd4239eddd5ded3d40f325d53")
    }

    @Test func `both ways agree, however the bytes are cut`() {
        let bytes = (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 131) }
        let whole = digest(bytes, plain: true)
        for piece in [1, 3, 55, 56, 63, 64, 65, 127, 128, 500] {
            for plain in [true, false] {
                var hash = SHA256(plain: plain)
                for start in stride(from: 0, to: bytes.count, by: piece) {
                    hash.update(Array(bytes[start..<min(start + piece, bytes.count)]))
                }
                #expect(hex(hash.finalize()) == whole)
            }
        }
    }

    @Test func `words and bytes are the same digest`() {
        var first = SHA256()
        var second = SHA256()
        first.update(Array("abc".utf8))
        second.update(Array("abc".utf8))
        #expect(first.finalizeWords().0 == 0xba78_16bf_8f01_cfea)
        #expect(second.finalize().prefix(2) == [0xba, 0x78])
    }

    @Test func `fields are a tag and a number, or a tag, a length and a text`() {
        var fields = SHA256()
        fields.field(7, "ab")
        fields.field(8, 0x0102)
        fields.field(9, [255])
        fields.field(10, String(repeating: "x", count: 300))
        fields.field(11, "")
        let flat: [UInt8] =
            [7, 2, 97, 98, 8, 2, 1, 0, 0, 0, 0, 0, 0, 9, 1, 255, 10, 0xAC, 0x02] + Array(repeating: 120, count: 300)
            + [11, 0]
        #expect(hex(fields.finalize()) == digest(flat, plain: true))
    }
}
