import Testing

@testable import LLMKit
@testable import LLMKitTesting

/// Bodies are read by what they are: a label that lies costs nothing.
@Suite(.timeLimit(.minutes(5))) struct BodyUnpackingTests {
    static let labels: [String?] = [
        nil, "gzip", "x-gzip", "deflate", "br", "zstd", "utf-8", "none", "identity", "gzip, gzip",
    ]
    static let text = #"{"choices":[{"message":{"content":"Hi."},"finish_reason":"stop"}]}"#

    private func unpacked(
        _ body: [UInt8],
        label: String?,
        pieces: Int? = nil
    ) throws -> (text: String, isIncomplete: Bool) {
        let encoding = { label }
        guard let pieces else {
            let (bytes, isIncomplete) = try BodyUnpacking.whole(body, limit: 1 << 20, encoding: encoding)
            return (String(decoding: bytes, as: UTF8.self), isIncomplete)
        }
        let unpacking = BodyUnpacking(limit: 1 << 20, encoding: encoding)
        var bytes: [UInt8] = []
        func drain() throws {
            while true {
                let piece = try unpacking.pull()
                if piece.isEmpty { return }
                bytes += piece
            }
        }
        for start in stride(from: 0, to: body.count, by: pieces) {
            unpacking.push(Array(body[start..<min(start + pieces, body.count)]))
            try drain()
        }
        unpacking.push([], isEnd: true)
        try drain()
        return (String(decoding: bytes, as: UTF8.self), unpacking.isIncomplete)
    }

    @Test(arguments: labels)
    func `a plain body is plain, whatever it is called`(label: String?) throws {
        for text in [Self.text, "data: {}\n\n", "x^2 is no zlib, and long enough", "Grüße", "x", "", "[]"] {
            for pieces in [nil, 1, 2, 3, 7, 100] {
                let result = try unpacked(Array(text.utf8), label: label, pieces: pieces)
                #expect(result.text == text && !result.isIncomplete, "\(text) in pieces of \(pieces ?? 0)")
            }
        }
    }

    @Test(arguments: Packing.allCases)
    func `a packed body is unpacked, however it is cut`(packing: Packing) throws {
        let body = try packing.pack(Array(Self.text.utf8))
        for pieces in [nil, 1, 2, 3, 7, 100] {
            for label in packing == .bare ? ["deflate"] : Self.labels {
                let result = try unpacked(body, label: label, pieces: pieces)
                #expect(result.text == Self.text && !result.isIncomplete)
            }
        }
    }

    @Test(arguments: [("0", "0"), ("\n", "\n"), ("da", "da"), ("x", ""), ("\u{1F}", "")])
    func `bytes that begin no header are not held back, however few they are`(start: String, told: String) throws {
        let unpacking = BodyUnpacking(limit: 100) { nil }
        unpacking.push(Array(start.utf8))
        #expect(String(decoding: try unpacking.pull(), as: UTF8.self) == told)
        unpacking.push([], isEnd: true)
        #expect(String(decoding: try unpacking.pull(), as: UTF8.self) == (told.isEmpty ? start : ""))
    }

    @Test func `what is packed twice, or in several members, is unpacked`() throws {
        let once = try Packing.gzip.pack(Array(Self.text.utf8))
        let twice = try Packing.gzip.pack(once)
        let members =
            try Packing.gzip.pack(Array(Self.text.utf8.prefix(20)))
            + Packing.gzip.pack(Array(Self.text.utf8.dropFirst(20)))
        for body in [twice, members, once + [0, 0, 0]] {
            for pieces in [nil, 1, 5, 1_000] {
                #expect(try unpacked(body, label: "gzip", pieces: pieces).text == Self.text)
            }
        }
    }

    @Test func `what breaks off or is damaged gives what came before it, and says so`() throws {
        let text = (0..<2_000).map { "\($0)," }.joined()
        let whole = try Packing.gzip.pack(Array(text.utf8))
        // Only the checksum is missing: all of the text is there.
        let uncheck = try unpacked(Array(whole.dropLast(8)), label: "gzip")
        #expect(uncheck.text == text && uncheck.isIncomplete)
        let half = try unpacked(Array(whole.prefix(whole.count / 2)), label: nil)
        #expect(half.isIncomplete && text.hasPrefix(half.text) && !half.text.isEmpty)
        var damaged = whole
        damaged[whole.count / 2] ^= 0xFF
        damaged[whole.count / 2 + 1] ^= 0xFF
        #expect(try unpacked(damaged, label: nil).isIncomplete)
    }

    @Test func `what unpacks to more than it may is refused`() throws {
        let packed = try Packing.gzip.pack([UInt8](repeating: 0x41, count: 1 << 20))
        let error = #expect(throws: LLMError.self) { try BodyUnpacking.whole(packed, limit: 1 << 16) { nil } }
        #expect(error?.code == .responseTooLarge)
        #expect(try BodyUnpacking.whole(packed, limit: 1 << 20) { nil }.bytes.count == 1 << 20)
    }

    @Test(arguments: labels)
    func `over the wire, too`(label: String?) async throws {
        let text = Array(Self.text.utf8)
        for body in [text, try Packing.gzip.pack(text), try Packing.zlib.pack(text)] {
            let server = try LoopbackServer { request, responder in
                #expect(request.headers["accept-encoding"] == "gzip, deflate")
                responder.respond(headers: label.map { ["Content-Encoding": $0] } ?? [:], body: body)
            }
            let client = HTTPClient.forTesting()
            #expect(try await client.perform(HTTPRequest(url: server.url)).body == text)
            #expect(try await client.open(HTTPRequest(url: server.url)).collect() == text)
        }
    }
}
