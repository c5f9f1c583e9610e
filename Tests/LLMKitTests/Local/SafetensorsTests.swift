import Foundation
import Testing

@testable import LLMKit

@Suite struct SafetensorsTests {
    private func file(_ header: String, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
        let count = length ?? UInt64(header.utf8.count)
        return withUnsafeBytes(of: count.littleEndian) { Array($0) } + Array(header.utf8) + data
    }

    private func open<Value>(_ bytes: [UInt8], _ body: (SafetensorsFile) throws -> Value) throws -> Value {
        let scratch = try ScratchDirectory()
        try Data(bytes).write(to: URL(filePath: scratch.file("w.safetensors")))
        return try withExtendedLifetime(scratch) { try body(try SafetensorsFile(scratch.file("w.safetensors"))) }
    }

    @Test func `tensors are read by name, whatever their order and alignment`() throws {
        let header = """
            {"b":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]},"__metadata__":{"format":"pt"},
            "a":{"shape":[1,2],"data_offsets":[0,8],"dtype":"F32"},"c":{"dtype":"F16","shape":[],"data_offsets":[12,14]},
            "none":{"dtype":"I64","shape":[0,7],"data_offsets":[14,14]}}
            """
        let data: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, 0x80, 0x3F, 0x20, 0xC0, 0, 0x3C]
        try open(file(header, data: data)) { file in
            #expect(file.metadata == ["format": "pt"])
            #expect(try file.floats("a", shape: [1, 2]) == [1, -2.5])
            #expect(try file.floats("b") == [1, -2.5])
            #expect(try file.floats("c", shape: []) == [1])
            #expect(file.entries["none"]?.range.isEmpty == true)
            let bytes = try file.withBytes(of: file.entry("b")) { Array($0) }
            #expect(bytes == [0x80, 0x3F, 0x20, 0xC0])
        }
    }

    @Test func `a tensor that is missing, of another shape or kind is told by file and name`() throws {
        let header = #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#
        try open(file(header, data: [1, 2])) { file in
            for read in [{ try file.floats("b") }, { try file.floats("a", shape: [3]) }, { try file.floats("a") }] {
                let error = #expect(throws: LLMError.self) { try read() }
                #expect(error?.code == .invalidConfiguration)
                #expect(error?.message.contains("w.safetensors: ") == true)
            }
        }
    }

    @Test func `half precision is read to the bit`() {
        for bits in UInt16.min...UInt16.max {
            let value = SafetensorsFile.float(halfPrecision: bits)
            let exponent = Int(bits >> 10 & 0x1F)
            let fraction = Double(bits & 0x3FF) / 1_024
            let magnitude: Double =
                switch exponent {
                case 0: fraction * exp2(-14)
                case 31: fraction == 0 ? .infinity : .nan
                default: (1 + fraction) * exp2(Double(exponent - 15))
                }
            if magnitude.isNaN {
                #expect(value.isNaN)
            } else {
                #expect(Double(value) == (bits & 0x8000 == 0 ? magnitude : -magnitude))
            }
            #expect(value.sign == (bits & 0x8000 == 0 ? .plus : .minus))
        }
    }

    static let hostile: [(header: String, data: Int, length: UInt64?, expected: String)] = [
        ("", 0, nil, "expected an object"), ("", 0, .max, "expected a safetensors file"), ("{}", 0, 3, "truncated"),
        ("{}", 0, 100_000_001, "expected a safetensors file"), ("[]", 0, nil, "expected an object"),
        ("{}", 1, nil, "1 bytes after"),
        ("{} x", 0, nil, "something after the end"), ("{\"a\":1}", 0, nil, "expected an object"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, nil, "truncated"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, nil, "1 bytes after"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}"#, 5, nil, "begins at byte"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, nil, "not a start and an end"),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]}}"#, 4, nil,
            "not a start and an end"
        ),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4, nil, "not a start and an end"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4, nil, "at most 2"),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, nil, "takes 8"),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, nil, "sizes from 0"),
        (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, 4, nil, "whole number"),
        (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, nil, "impossible shape"),
        (#"{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,0]}}"#, 0, nil, "impossible shape"),
        (#"{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, 4, nil, "unknown dtype"),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, nil, "lacks its"),
        (#"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, nil, "there twice"),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4, nil, "unknown or there twice"),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#,
            2, nil, "twice"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
            3, nil, "begins at byte"
        ),
        (
            #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#,
            3, nil, "begins at byte"
        ),
        (#"{"__metadata__":{"a":1}}"#, 0, nil, "expected a string"),
        (#"{"__metadata__":{},"__metadata__":{}}"#, 0, nil, "twice"),
        (#"{"a":\#(String(repeating: "[", count: 100_000))"#, 0, nil, "expected an object"),
        (#"{"a":{"dtype":"U8","shape":\#(String(repeating: "[", count: 1_000))"#, 0, nil, "expected a number"),
        (
            #"{"a":{"dtype":"U8","shape":[\#(String(repeating: "0,", count: 50))0],"data_offsets":[0,0]}}"#, 0, nil,
            "at most 32"
        ),
    ]

    @Test(arguments: hostile.indices)
    func `a hostile header is refused with a reason`(index: Int) throws {
        let (header, data, length, expected) = Self.hostile[index]
        let bytes = file(header, data: [UInt8](repeating: 0, count: data), length: length)
        let error = #expect(throws: LLMError.self) { try open(bytes) { _ in } }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("w.safetensors: ") == true)
        #expect(error?.message.contains(expected) == true, "\(String(describing: error))")
    }

    @Test func `what is no file of weights is told apart from what is wrong in one`() throws {
        let scratch = try ScratchDirectory()
        let missing = #expect(throws: LLMError.self) { try SafetensorsFile(scratch.file("w")) }
        #expect(missing?.code == .storage)
        #expect(missing?.message.contains(scratch.file("w")) == true)
        let folder = #expect(throws: LLMError.self) { try SafetensorsFile(scratch.path) }
        #expect(folder?.code == .storage)
        for bytes in [[], [1, 2, 3], Array("<html><body>Not found</body></html>".utf8)] as [[UInt8]] {
            let error = #expect(throws: LLMError.self) { try open(bytes) { _ in } }
            #expect(error?.code == .invalidConfiguration)
        }
    }

    @Test func `whatever byte is changed, a file is read or refused`() throws {
        let header =
            #"{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[2],"data_offsets":[8,10]}}"#
        let whole = file(header, data: [UInt8](repeating: 7, count: 10))
        var accepted = 0
        for index in whole.indices {
            for value in [0, 0x22, 0x39, 0x5B, 0x7D, 0xFF] as [UInt8] {
                var bytes = whole
                bytes[index] = value
                bytes.withUnsafeBytes { accepted += (try? SafetensorsHeader(parsing: $0)) == nil ? 0 : 1 }
            }
            _ = whole.withUnsafeBytes { memory in
                #expect(throws: SafetensorsHeader.Failure.self) {
                    try SafetensorsHeader(parsing: UnsafeRawBufferPointer(rebasing: memory[..<index]))
                }
            }
        }
        // Changes of names and of data do no harm.
        #expect(accepted > 0)
    }
}
