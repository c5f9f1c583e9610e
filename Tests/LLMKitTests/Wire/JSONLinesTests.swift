import Foundation
import Testing

@testable import LLMKit

@Suite struct JSONLinesTests {
    private func lines(_ pieces: [[UInt8]], limit: Int = 1_024) throws -> [String] {
        var framing = JSONLines(limit: limit)
        var lines: [String] = []
        let take = { (line: StreamFrame) in lines.append(String(decoding: line.data, as: UTF8.self)) }
        for piece in pieces { try framing.cut(piece, take) }
        try framing.end(take)
        return lines
    }

    @Test func `lines come out the same however they are cut, the last one without its end too`() throws {
        let bytes = Array("{\"a\":1}\n\n  \r\n{\"b\":\"é\"}\r\n{\"c\":3}".utf8)
        let whole = try lines([bytes])
        #expect(whole == ["{\"a\":1}", "{\"b\":\"é\"}\r", "{\"c\":3}"])
        for cut in 1..<bytes.count { #expect(try lines([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole) }
        #expect(try lines(bytes.map { [$0] }) == whole)
    }

    @Test func `an Ollama stream comes apart into its documents`() throws {
        let bytes = try Fixture.bytes("ollama_chat.ndjson")
        let documents = try lines([bytes]).map { try parsed($0) }
        #expect(documents.count == 3)
        #expect(documents.last?["done"] as? Bool == true)
    }

    @Test(arguments: [["0123456789abcdef!\n"], ["0123456789", "abcdef!"], ["0123456789abcdef!"]])
    func `a line beyond the limit is an error`(pieces: [String]) {
        let error = #expect(throws: LLMError.self) { try lines(pieces.map { Array($0.utf8) }, limit: 16) }
        #expect(error?.code == .responseTooLarge)
    }
}
