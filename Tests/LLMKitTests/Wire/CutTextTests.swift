import Testing

@testable import LLMKit

@Suite struct CutTextTests {
    /// Reads each piece as the contents of a JSON string.
    private func join(_ pieces: [[UInt8]]) throws -> (text: String, told: String) {
        var text = CutText()
        var told = ""
        for piece in pieces {
            let json = [UInt8(ascii: "\"")] + piece + [UInt8(ascii: "\"")]
            try json.withUnsafeBufferPointer { bytes in
                var reader = JSONReader(bytes, repairsText: true)
                told += try text.take(&reader)
                try reader.expectEnd()
            }
        }
        told += text.finish()
        return (text.text, told)
    }

    @Test func `text that is cut anywhere is the same text`() throws {
        let whole = Array("a Å 漢 🌊 \\n\\u00e9 \\ud83c\\udf0a é🇳🇴".utf8)
        let expected = "a Å 漢 🌊 \né 🌊 é🇳🇴"
        for first in 0...whole.count {
            for second in first...min(first + 4, whole.count) {
                // No escape can be cut: it is the server's own JSON.
                let pieces = [Array(whole[..<first]), Array(whole[first..<second]), Array(whole[second...])]
                guard pieces.allSatisfy(hasWholeEscapes) else { continue }
                let joined = try join(pieces)
                #expect(joined.text == expected && joined.told == expected, "cut at \(first) and \(second)")
            }
        }
    }

    private func hasWholeEscapes(_ piece: [UInt8]) -> Bool {
        let json = "\"".utf8 + piece + "\"".utf8
        return Array(json).withUnsafeBufferPointer { bytes in
            var reader = JSONReader(bytes, repairsText: true)
            return (try? reader.skipValue()) != nil && (try? reader.expectEnd()) != nil
        }
    }

    @Test func `surrogate halves in two pieces are one character`() throws {
        #expect(try join([Array("\\ud83c".utf8), Array("\\udf0a!".utf8)]).text == "🌊!")
    }

    @Test(
        arguments: [
            [[0xF0, 0x9F]], [[0xF0, 0x9F], [0x41]], [[0xC3, 0x28]], [[0xED, 0xA0, 0x80]], [[0xFF]], [[0x80, 0x80]],
            [[0xE0, 0x80]], [[0xF4, 0x90]], [[0xED, 0xA0], [0x41]], [[0xED, 0xA0, 0x41]],
        ] as [[[UInt8]]]
    )
    func `bytes that are no text become marks, and end nothing`(pieces: [[UInt8]]) throws {
        let joined = try join(pieces + [Array(" end".utf8)])
        #expect(joined.text.contains("\u{FFFD}"))
        #expect(joined.text.hasSuffix(" end"))
        #expect(joined.text == joined.told)
    }

    @Test func `what only begins like half a pair is none, whatever follows it`() throws {
        for second in 0x80...0xFF as ClosedRange<UInt8> {
            for third in [0x41, 0x80, 0xBF, 0xC0, 0xED, 0xFF] as [UInt8] {
                let joined = try join([[0xED, second, third, 0xED, 0xB0, 0x80], [0xED, 0xB0, 0x80]])
                #expect(joined.text == joined.told)
                let isPair = (0xA0...0xAF).contains(second) && third & 0xC0 == 0x80
                #expect(joined.text.unicodeScalars.contains { $0.value >= 0x10000 } == isPair)
            }
        }
    }

    @Test func `a half without its other half is one mark`() throws {
        #expect(try join([Array("\\ud83c".utf8), Array("x".utf8)]).text == "\u{FFFD}x")
        #expect(try join([Array("\\udf0a".utf8), Array("\\ud83c".utf8)]).text == "\u{FFFD}\u{FFFD}")
    }
}
