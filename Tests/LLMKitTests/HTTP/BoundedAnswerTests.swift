import Foundation
import Synchronization
import Testing

@testable import LLMKit
@testable import LLMKitTesting

/// An upstream that never stops, or never says anything, must cost neither memory nor for ever.
@Suite(.timeLimit(.minutes(5))) struct `Bounded answers` {
    @Test(arguments: pollers)
    func `a stream without an end stops at the limit, and closes the connection`(portable: Bool) async throws {
        let (left, leave) = AsyncStream<Bool>.makeStream()
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            while responder.write([UInt8](repeating: 0x20, count: 10_000)) {}
            leave.yield(true)
        }
        let client = HTTPClient.forTesting(portable: portable) { $0.maxBodyBytes = 3_000_000 }
        let stream = try await client.open(HTTPRequest(url: server.url))
        var received = 0
        let error = await failure { () throws(LLMError) in
            while let bytes = try await stream.next() { received += bytes.count }
        }
        #expect(error?.code == .responseTooLarge)
        #expect(error?.message.contains("3000000 bytes") == true)
        #expect(error?.message.contains("maxBodyBytes") == true)
        #expect(error?.reachedUpstream == true)
        #expect(received > 2_900_000 && received <= 3_000_000)
        #expect(await left.first { _ in true } == true)
    }

    @Test func `a stream up to the limit is read to its end`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.startStream()
            for _ in 0..<100 { responder.write([UInt8](repeating: 0x20, count: 10_000)) }
            responder.endStream()
        }
        let client = HTTPClient.forTesting { $0.maxBodyBytes = 1_000_000 }
        #expect(try await client.open(HTTPRequest(url: server.url)).collect().count == 1_000_000)
    }

    @Test func `a vendor's stream without an end is an error with its usage`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.startStream(headers: ["Content-Type": "text/event-stream"])
            let text = String(repeating: "x", count: 10_000)
            while responder.write("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(text)\"}}]}\n\n") {}
        }
        let client = HTTPClient.forTesting { $0.maxBodyBytes = 500_000 }
        let provider = OpenAIProvider(
            model: "m",
            key: .notNeeded,
            baseURL: server.url,
            dialect: .compatible,
            client: client
        )
        var text = 0
        let error = await #expect(throws: LLMError.self) {
            for try await event in try await provider.stream("?") {
                if case .text(let piece) = event { text += piece.utf8.count }
            }
        }
        #expect(error?.code == .responseTooLarge)
        #expect(error?.usage?.output ?? 0 > 0)
        #expect(text > 400_000 && text <= 500_000)
    }

    /// 96 MiB of zeros, packed twice: half a kilobyte.
    private static let bomb = Data(
        base64Encoded: """
            H4sIAAAAAAACA+3cLU5DYRCG0VtaSEFAEShEu4ya8idQCATohgUg0W1CUBg2gUKgSLA4dgA4FkAQhKAIl967jO89R40eOZk8w+t+\
            1Vjqfjx1OothfvN3/9lfqwAAAIDCzd8uu80xoBrVL4fHpwAAAEDpzjbWe+1R4He6vW8dAAAAULyryXjQfgh8zc571gEAAADF2/p5\
            32tvAc/1w+aJfQAAAEDxXgUDAAAAIIpgAAAAAGQRDAAAAIAsggEAAAAQRjAAAAAAsggGAAAAQBbBAAAAAMgiGAAAAABhBAMAAAAg\
            i2AAAAAAZBEMAAAAgCyCAQAAABBGMAAAAACyCAYAAABAFsEAAAAAyCIYAAAAAGEEAwAAACCLYAAAAABkuZ2MR81jwOC7vtg9WK4A\
            AADyPK4e3e1MF8PKPwYDPiRIfgEA
            """
    )

    @Test(arguments: [true, false])
    func `what is packed to explode stops at the limit`(isWhole: Bool) async throws {
        let bomb = try #require(Self.bomb)
        let server = try LoopbackServer { _, responder in
            responder.respond(headers: ["Content-Encoding": "gzip, gzip"], body: Array(bomb))
        }
        let client = HTTPClient.forTesting { $0.maxBodyBytes = 8 << 20 }
        var received = 0
        let error = await failure { () throws(LLMError) in
            if isWhole { received = try await client.perform(HTTPRequest(url: server.url)).body.count }
            let stream = try await client.open(HTTPRequest(url: server.url))
            while let bytes = try await stream.next() { received += bytes.count }
        }
        #expect(error?.code == .responseTooLarge)
        #expect(error?.message.contains("headers") == false)
        #expect(received <= 8 << 20)
    }

    @Test(arguments: ["interim", "trailers"])
    func `headers count together, wherever they come`(place: String) async throws {
        let server = try LoopbackServer { _, responder in
            let lines = "X: " + String(repeating: "x", count: 900) + "\r\n"
            switch place {
            case "interim":
                for _ in 0..<100 { responder.sendRaw(Array("HTTP/1.1 103 Early Hints\r\n\(lines)\r\n".utf8)) }
                responder.sendRaw(Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8))
            default:
                let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n"
                responder.sendRaw(Array((head + String(repeating: lines, count: 100) + "\r\n").utf8))
            }
        }
        let client = HTTPClient.forTesting { $0.maxHeaderBytes = 20_000 }
        let error = await failure { () throws(LLMError) in
            try await client.perform(HTTPRequest(url: server.url))
        }
        #expect(error?.code == .responseTooLarge)
        #expect(error?.message.contains("headers exceed the limit of 20000 bytes") == true)
    }

    @Test(arguments: [true, false])
    func `a silent server runs into the client's clocks, where the request sets none`(isWhole: Bool) async throws {
        let server = try LoopbackServer { _, responder in responder.hang(milliseconds: 50_000) }
        let client = HTTPClient.forTesting { $0.timeouts = Timeouts(firstToken: .milliseconds(80)) }
        let error = await failure { () throws(LLMError) in
            if isWhole { _ = try await client.perform(HTTPRequest(url: server.url)) }
            _ = try await client.open(HTTPRequest(url: server.url))
        }
        #expect(error?.code == .timeout)
        #expect(error?.message == "no first token within 0.08 seconds")
    }

    @Test func `a request's own clock goes before the client's, and may be switched off`() async throws {
        let server = try LoopbackServer { _, responder in
            responder.hang(milliseconds: 200)
            responder.respond(body: "ok")
        }
        let client = HTTPClient.forTesting {
            $0.timeouts = Timeouts(connect: .seconds(5), firstToken: .milliseconds(50), total: .milliseconds(60))
        }
        for timeouts in [Timeouts(firstToken: .seconds(9), total: Timeouts.never), .unlimited] {
            let request = HTTPRequest(url: server.url, timeouts: timeouts)
            #expect(try await client.perform(request).body == Array("ok".utf8))
        }
    }

    @Test func `every clock runs unless it is switched off`() {
        let defaults = HTTPClient.Configuration().timeouts
        #expect([defaults.connect, defaults.firstToken, defaults.idle, defaults.total].allSatisfy { $0 != nil })
        #expect(Timeouts.unlimited.filled(from: defaults) == .unlimited)
        let century = Int64(100 * 365 * 86_400) * 1_000_000_000
        let clocks = TransferClocks(.unlimited, deadline: nil)
        #expect(clocks.earliestExpiry(at: clocks.start, .init()) > century / 10)
    }

    @Test func `a clock of no length is a mistake in the configuration`() async {
        let client = HTTPClient.forTesting { $0.timeouts.idle = .zero }
        let error = await failure { () throws(LLMError) in
            try await client.perform(HTTPRequest(url: "http://127.0.0.1:9/"))
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("timeouts") == true)
    }
}
