import Foundation
import Testing

@testable import LLMKit

@Suite struct JSONReaderTests {
    private func read<Value>(
        _ text: String,
        _ body: (inout JSONReader) throws(JSONReader.Failure) -> Value
    ) throws -> Value {
        var text = text
        return try text.withUTF8 { bytes in
            var reader = JSONReader(bytes)
            return try body(&reader)
        }
    }

    static let integers: [(String, Int?)] = [
        ("0", 0), ("-0", 0), ("12", 12), ("12.0", 12), ("1e3", 1_000), ("9007199254740993.0", 9_007_199_254_740_993),
        ("12e-1", nil), ("120e-1", 12), ("9223372036854775807", .max),
        ("-9223372036854775808", .min), ("9223372036854775808", nil), ("-9223372036854775809", nil),
        ("99999999999999999999999999", nil), ("1.5", nil), ("1e400", nil), ("01", nil), ("+1", nil), ("-", nil),
        ("1.", nil), (".5", nil), ("1e", nil), ("", nil), ("\"1\"", nil),
    ]

    @Test(arguments: integers)
    func `whole numbers are read to the last digit, or refused`(text: String, value: Int?) {
        let read = try? self.read(text) { json throws(JSONReader.Failure) in
            let value = try json.int()
            try json.expectEnd()
            return value
        }
        #expect(read == value)
    }

    static let strings: [(String, String?)] = [
        (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"), (#""\u00e9é""#, "éé"),
        (#""\uD83E\uDDAD""#, "\u{1F9AD}"), (#""\ud83e""#, "\u{FFFD}"), (#""\udead\ud83ex""#, "\u{FFFD}\u{FFFD}x"),
        (#""exactly8""#, "exactly8"), (#""over eight bytes \u0041 and more""#, "over eight bytes A and more"),
        (#""\u12""#, nil), (#""\x""#, nil), (#""\"#, nil), (#""a"#, nil), ("\"a\nb\"", nil), ("\"12345678\u{1}\"", nil),
        (#""\u12G4""#, nil),
    ]

    @Test(arguments: strings)
    func `strings are unescaped, or refused`(text: String, value: String?) {
        #expect((try? read(text) { json throws(JSONReader.Failure) in try json.string() }) == value)
        let isSkipped = (try? read(text) { json throws(JSONReader.Failure) in try json.skipValue() }) != nil
        #expect(isSkipped == (value != nil))
    }

    @Test func `asking in the wrong order fails and never traps`() {
        for text in ["", "{", "[", "{}", "[]", "{\"a\":1}", "[1]", "1", "\"a\"", "null", "}", "]", ",", ":", "\0"] {
            #expect(throws: JSONReader.Failure.self) {
                try read(text) { json throws(JSONReader.Failure) in
                    _ = try json.nextKey()
                }
            }
            #expect(throws: JSONReader.Failure.self) {
                try read(text) { json throws(JSONReader.Failure) in
                    _ = try json.nextElement()
                }
            }
        }
        #expect(throws: JSONReader.Failure.self) {
            try read("[1]") { json throws(JSONReader.Failure) in
                try json.beginArray()
                _ = try json.nextKey()
            }
        }
        #expect(throws: JSONReader.Failure.self) {
            try read("{}") { json throws(JSONReader.Failure) in
                try json.beginObject()
                _ = try json.nextKey()
                _ = try json.nextKey()
            }
        }
    }

    @Test func `no bytes at all are an unexpected end`() {
        var reader = JSONReader(UnsafeBufferPointer(start: nil, count: 0))
        let failure = #expect(throws: JSONReader.Failure.self) { try reader.skipValue() }
        #expect(failure?.message == "unexpected end")
    }

    @Test func `nesting has a limit, and hostile depth no cost`() {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect((try? JSONText(deep)) != nil)
        #expect((try? JSONText("[\(deep)]")) == nil)
        #expect((try? JSONText(String(repeating: "[{\"a\":", count: 1_000_000))) == nil)
    }

    @Test func `a bookmark reads what was passed over`() throws {
        let value = try read(#"{"late":[1,{"x":"y"}],"type":"t"}"#) { json throws(JSONReader.Failure) in
            var late: JSONReader?
            try json.beginObject()
            while let key = try json.nextKey() {
                switch key {
                case "late": late = try json.bookmark()
                default: try json.skipValue()
                }
            }
            try json.expectEnd()
            return try late?.rawValue().description
        }
        #expect(value == #"[1,{"x":"y"}]"#)
    }

    @Test func `keys match however they are escaped`() throws {
        let matches = try read(#"{"\u0069d":1}"#) { json throws(JSONReader.Failure) in
            try json.beginObject()
            switch try json.nextKey() {
            case .some("id"): return true
            default: return false
            }
        }
        #expect(matches)
    }
}

/// Compares with another parser on documents that were broken on purpose.
@Suite struct HostileJSONTests {
    static let seeds = [
        #"{"id":"x","n":[1,-2.5,3e10,0,{"a":null,"b":true,"c":false}],"s":"line\nbreak \u00e9 \"q\"","e":{},"l":[]}"#,
        #"[{"text":"A seal.","index":0},{"deep":[[[[["x"]]]]]},"",0.125,-0,1E-5]"#,
        #" { "a" : [ 1 , 2 ] , "b" : { "c" : "d" } } "#,
        #""just a string, longer than eight bytes""#, "42", "null",
    ]

    @Test(arguments: seeds.indices)
    func `broken documents are refused by the same rules as elsewhere`(index: Int) {
        var generator = SeededGenerator(seed: UInt64(index) &* 7_919 &+ 1)
        let alphabet = Array(#"{}[]",:\/u0123456789abcdefnrtl-+.eE "#.utf8) + [0x0A, 0x1F, 0x7F]
        var accepted = 0
        for _ in 0..<4_000 {
            var bytes = Array(Self.seeds[index].utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                case 2: bytes.remove(at: place)
                default: bytes.removeSubrange(place...)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let isAccepted = (try? JSONText(text)) != nil
            let isValid = Self.isValid(bytes)
            if isAccepted { accepted += 1 }
            guard isAccepted != isValid, !Self.isMatterOfTaste(text) else { continue }
            Issue.record("\(isAccepted ? "accepts" : "refuses"): \(text.debugDescription)")
            return
        }
        // Proves that the comparison is not one of refusals only.
        #expect(accepted > 20)
    }

    /// What RFC 8259 decides otherwise than Foundation, which takes a comma before a bracket and refuses numbers that no
    /// double can hold.
    private static func isMatterOfTaste(_ text: String) -> Bool {
        text.contains(/,\s*[}\]]/) || text.contains(/[eE]\+?\d{3}/) || text.contains(/\\u[dD][89a-fA-F]/)
    }

    private static func isValid(_ bytes: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
    }

    @Test func `random bytes are refused, whatever is asked of them`() {
        var generator = SeededGenerator(seed: 42)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            bytes.withUnsafeBufferPointer { buffer in
                var reader = JSONReader(buffer)
                for _ in 0..<20 {
                    switch Int.random(in: 0..<12, using: &generator) {
                    case 0: _ = try? reader.beginObject()
                    case 1: _ = try? reader.beginArray()
                    case 2: _ = try? reader.nextKey()
                    case 3: _ = try? reader.nextElement()
                    case 4: _ = try? reader.string()
                    case 5: _ = try? reader.int()
                    case 6: _ = try? reader.double()
                    case 7: _ = try? reader.bool()
                    case 8: _ = try? reader.takeNull()
                    case 9: _ = try? reader.skipValue()
                    case 10: _ = try? reader.rawValue()
                    default: _ = try? reader.tokenCount()
                    }
                    #expect(reader.offset <= bytes.count)
                }
            }
        }
    }

    @Test(arguments: ["openai_tools.sse", "anthropic_tools_thinking.sse"])
    func `decoders of mutated events fail or answer, and never trap`(name: String) throws {
        var generator = SeededGenerator(seed: 99)
        let events = String(decoding: try Fixture.bytes(name), as: UTF8.self)
            .split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { Array($0.utf8.dropFirst(6)) }
        for _ in 0..<2_000 {
            var openAI = OpenAIDecoder()
            var anthropic = AnthropicDecoder()
            var output: [StreamEvent] = []
            for event in events {
                var bytes = event
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                if Bool.random(using: &generator) { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
                bytes.withUnsafeBufferPointer { data in
                    _ = try? openAI.readEvent(data, into: &output)
                    _ = try? anthropic.readEvent(data, into: &output)
                }
            }
            _ = try? openAI.response()
            _ = try? anthropic.response()
            #expect(openAI.reportedUsage.usage.output >= 0)
        }
    }
}
