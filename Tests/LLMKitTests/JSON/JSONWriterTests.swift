import Foundation
import Testing

@testable import LLMKit

@Suite struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        write(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `commas stand between members and elements, and nowhere else`() {
        let written = text { json in
            json.object { json in
                json.key("a")
                json.int(1)
                json.key("b")
                json.array([1, 2]) { json, value in json.int(value) }
                json.key("c")
                json.object { _ in }
                json.key("d: [")
                json.raw(JSONText(validated: "[1]\n"))
                json.key(String("e\n"))
                json.null()
            }
        }
        #expect(written == "{\"a\":1,\"b\":[1,2],\"c\":{},\"d: [\":[1]\n,\"e\\n\":null}")
    }

    @Test func `documents on lines of their own have no comma between them`() {
        let written = text { json in
            for _ in 0..<2 {
                json.object { _ in }
                json.newline()
            }
        }
        #expect(written == "{}\n{}\n")
    }

    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 100])
    func `text reads back as it was, wherever its special bytes lie`(length: Int) throws {
        for special in ["\"", "\\", "\n", "\u{0}", "\u{1F}", "\u{7F}", "é", "\u{1F9AD}", "\u{2028}"] {
            for place in 0...length {
                let original =
                    String(repeating: "x", count: place) + special + String(repeating: "y", count: length - place)
                let written = text { json in json.array([original]) { json, value in json.string(value) } }
                let read = try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String]
                #expect(read == [original])
            }
        }
    }

    @Test(arguments: 0..<50)
    func `base64 is Foundation's`(length: Int) {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 251) }
        let expected = "\"data:x;base64,\(Data(bytes).base64EncodedString())\""
        #expect(text { $0.base64(bytes, prefix: "data:x;base64,") } == expected)
    }

    @Test func `numbers read back as the same number`() throws {
        for value in [0, -0.0, 0.1, 1e300, -2.5e-8, 1 / 3, .greatestFiniteMagnitude, .leastNonzeroMagnitude] {
            #expect(Double(text { $0.double(value) }) == value)
        }
        #expect(text { $0.double(.nan) } == "null")
        #expect(text { $0.int(Int64.min) } == "-9223372036854775808")
    }
}
