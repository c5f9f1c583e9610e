import Foundation
import Testing

@testable import LLMKit

@Suite struct `Server-sent events` {
    struct Event: Equatable {
        var name: String
        var data: String
    }

    static func parse(_ pieces: [[UInt8]], limit: Int = defaultEventLimit) throws -> [Event] {
        var parser = ServerSentEventParser(limit: limit)
        var events: [Event] = []
        for piece in pieces {
            try parser.feed(piece) {
                events.append(Event(name: $0.name.string, data: String(decoding: $0.data, as: UTF8.self)))
            }
        }
        return events
    }

    static func parse(_ text: String) throws -> [Event] { try parse([Array(text.utf8)]) }

    /// The fixtures lie in the checkout, beside these tests.
    static func fixture(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try [UInt8](Data(contentsOf: folder.appendingPathComponent("Fixtures/\(name)")))
    }

    static let fixtures = [
        "openai_chat.sse", "openai_tools.sse", "openai_responses.sse", "anthropic_messages.sse",
        "anthropic_tools_thinking.sse", "anthropic_error_midstream.sse", "gemini_generate.sse", "cohere_chat.sse",
    ]

    @Test(arguments: fixtures, ["\n", "\r\n", "\r"])
    func `a vendor's stream cut at any byte gives the same events as whole`(name: String, lineEnd: String) throws {
        let text = String(decoding: try Self.fixture(name), as: UTF8.self)
        let bytes = Array(text.replacingOccurrences(of: "\n", with: lineEnd).utf8)
        let whole = try Self.parse([Self.fixture(name)])
        #expect(whole.count >= 2)
        for cut in 0...bytes.count {
            let events = try Self.parse([Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(events == whole, "cut at byte \(cut)")
        }
        #expect(try Self.parse(bytes.map { [$0] }) == whole)
    }

    @Test func `events of a named type carry their name`() throws {
        let events = try Self.parse("event: ping\ndata: {}\n\ndata: plain\n\n")
        #expect(events == [Event(name: "ping", data: "{}"), Event(name: "", data: "plain")])
    }

    @Test func `several data lines are joined with line feeds`() throws {
        #expect(try Self.parse("data: one\ndata:two\ndata:  three\n\n") == [Event(name: "", data: "one\ntwo\n three")])
        #expect(try Self.parse("data\ndata\n\n") == [Event(name: "", data: "\n")])
    }

    @Test func `comments, unknown fields and blank lines are passed over`() throws {
        let text = "\n\n: keep-alive\n\nunknown: 1\nnonsense\ndata: a\n: another\nfoo\n\n"
        #expect(try Self.parse(text) == [Event(name: "", data: "a")])
    }

    @Test func `an empty data line is an event, none is not`() throws {
        #expect(try Self.parse("data:\n\n") == [Event(name: "", data: "")])
        #expect(try Self.parse("event: ping\n\ndata: a\n\n") == [Event(name: "", data: "a")])
    }

    @Test func `an event without its blank line is discarded`() throws {
        #expect(try Self.parse("data: a\n\ndata: b\n") == [Event(name: "", data: "a")])
    }

    @Test func `a byte order mark is skipped at the start only`() throws {
        let marked: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("data: a\n\n\u{FEFF}data: b\n\ndata: c\n\n".utf8)
        let expected = [Event(name: "", data: "a"), Event(name: "", data: "c")]
        #expect(try Self.parse([marked]) == expected)
        #expect(try Self.parse(marked.map { [$0] }) == expected)
    }

    @Test func `half a byte order mark begins an ordinary line`() throws {
        let bytes: [UInt8] = [0xEF, 0xBB] + Array("data: a\n\ndata: b\n\n".utf8)
        #expect(try Self.parse([bytes]) == [Event(name: "", data: "b")])
        #expect(try Self.parse(bytes.map { [$0] }) == [Event(name: "", data: "b")])
    }

    @Test func `the last id and the reconnection time are kept`() throws {
        var parser = ServerSentEventParser()
        try parser.feed(Array("id: 7\nretry: 2500\n\nid: a\0b\nretry: soon\n\n".utf8)) { _ in }
        #expect(parser.lastEventID == "7")
        #expect(parser.reconnectionTime == .milliseconds(2500))
        try parser.feed(Array("id\n\n".utf8)) { _ in }
        #expect(parser.lastEventID.isEmpty)
    }

    @Test(arguments: [1, 7, 1000])
    func `an event beyond the limit is one clear error, however it is cut`(size: Int) throws {
        let fits = Array("data: \(String(repeating: "x", count: 100))\n\n".utf8)
        let tooLarge = Array(
            "data: \(String(repeating: "x", count: 60))\ndata: \(String(repeating: "x", count: 60))\n\n".utf8
        )
        func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
            stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        }
        #expect(try Self.parse(pieces(fits), limit: 100).count == 1)
        let error = #expect(throws: LLMError.self) { try Self.parse(pieces(tooLarge), limit: 100) }
        #expect(error?.code == .responseTooLarge)
        #expect(error?.message.contains("100 bytes") == true)
    }

    @Test func `a line that never ends does not fill memory`() {
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 50)
        #expect(throws: LLMError.self) { try Self.parse(Array(repeating: piece, count: 10), limit: 100) }
    }

    @Test func `what the receiver throws comes through`() {
        struct Stop: Error {}
        var parser = ServerSentEventParser()
        #expect(throws: Stop.self) { try parser.feed(Array("data: a\n\n".utf8)) { _ in throw Stop() } }
    }
}
