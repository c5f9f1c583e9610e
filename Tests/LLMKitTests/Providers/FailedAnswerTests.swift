import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// What goes wrong after a vendor has begun to answer.
@Suite struct FailedAnswerTests {
    typealias Vendor = ProviderLoopbackTests.Vendor

    private func server(_ contentType: String, _ body: String) throws -> LoopbackServer {
        try LoopbackServer { _, responder in responder.respond(headers: ["Content-Type": contentType], body: body) }
    }

    private func error(_ provider: any ModelProvider, isStream: Bool) async -> LLMError? {
        await #expect(throws: LLMError.self) {
            _ = isStream ? try await provider.stream("?").collect() : try await provider.respond(to: "?")
        }
    }

    @Test func `an answer that stopped on an error is billed what the vendor reported, whole or streamed`() async throws
    {
        let usage = #""usage":{"prompt_tokens":10,"completion_tokens":3,"total_tokens":13}"#
        let choice = #"{"index":0,"message":{"content":"A seal."},"finish_reason":"error"}"#
        let whole = try server("application/json", #"{"choices":[\#(choice)],\#(usage)}"#)
        let stream = try server(
            "text/event-stream",
            "data: {\"choices\":[\(choice)]}\n\ndata: {\"choices\":[],\(usage)}\n\ndata: [DONE]\n\n"
        )
        for (server, isStream) in [(whole, false), (whole, true), (stream, true)] {
            let error = await error(Vendor.openAI.provider(at: server.url), isStream: isStream)
            #expect(error?.code == .server)
            #expect(error?.usage == Usage(input: 10, output: 3, reportedTotal: 13))
        }
    }

    @Test func `an answer of another shape is billed what the vendor reported, whole or streamed`() async throws {
        let usage = #""usage":{"input_tokens":10,"output_tokens":3}"#
        let whole = try server("application/json", #"{"type":"message",\#(usage),"content":5}"#)
        let stream = try server(
            "text/event-stream",
            """
            data: {"type":"message_start","message":{\(usage)}}

            data: {"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":"A"}}


            """
        )
        for (server, isStream) in [(whole, false), (whole, true), (stream, true)] {
            let error = await error(Vendor.anthropic.provider(at: server.url), isStream: isStream)
            #expect(error?.code == .malformedResponse)
            #expect(error?.usage == Usage(input: 10, output: 3, isEstimated: true))
        }
    }

    @Test(arguments: Vendor.allCases)
    func `an error after the finish is an error still`(vendor: Vendor) async throws {
        let events: [String] =
            switch vendor {
            case .openAI:
                [
                    #"{"choices":[{"delta":{"content":"A seal."}}]}"#,
                    #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
                    #"{"error":{"message":"Overloaded","code":"overloaded"}}"#, "[DONE]",
                ]
            case .anthropic:
                [
                    #"{"type":"message_start","message":{"id":"m","usage":{"input_tokens":10,"output_tokens":1}}}"#,
                    #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"A seal."}}"#,
                    #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":4}}"#,
                    #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
                    #"{"type":"message_stop"}"#,
                ]
            }
        let server = try server("text/event-stream", events.map { "data: \($0)\n\n" }.joined())
        var seen: [StreamEvent] = []
        let error = await #expect(throws: LLMError.self) {
            for try await event in try await vendor.provider(at: server.url).stream("?") { seen.append(event) }
        }
        #expect(seen == [.text("A seal.")])
        #expect(error?.code == .overloaded)
        #expect(error?.usage?.output == (vendor == .openAI ? 2 : 4))
    }

    @Test(arguments: Vendor.allCases, [500, 503])
    func `a server's failure keeps its class and status, whole or streamed`(vendor: Vendor, status: Int) async throws {
        let server = try LoopbackServer { _, responder in
            responder.respond(
                status: status,
                headers: ["Content-Type": "application/json", "X-Request-ID": "req_5"],
                body: #"{"type":"error","error":{"type":"api_error","message":"the pier is closed"}}"#
            )
        }
        for isStream in [false, true] {
            let error = await error(vendor.provider(at: server.url), isStream: isStream)
            #expect(error?.code == .server)
            #expect(error?.status == status)
            #expect(error?.vendorCode == "api_error")
            #expect(error?.vendorRequestID == "req_5")
            #expect(error?.isRetryable == true)
            #expect(error?.message.contains("the pier is closed") == true)
            #expect(error?.usage == nil)
        }
    }

    @Test(arguments: Vendor.allCases)
    func `a line of a megabyte is read like any other`(vendor: Vendor) throws {
        let long = String(repeating: "seal \u{1F9AD} ", count: (1 << 20) / 10)
        let (before, after) =
            vendor == .openAI
            ? (#"data: {"choices":[{"delta":{"content":""#, "\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")
            : (
                """
                data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"
                """,
                "\"}}\n\ndata: {\"type\":\"message_stop\"}\n\n"
            )
        let bytes = Array((before + long + after).utf8)
        #expect(bytes.count > 1 << 20)
        // As transports cut it, and in the middle of characters.
        for size in [16_384, 65_537] {
            let pieces = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            let outcome =
                switch vendor {
                case .openAI: try Replay.stream(pieces, OpenAIDecoder())
                case .anthropic: try Replay.stream(pieces, AnthropicDecoder())
                }
            #expect(outcome.response.text == long)
            #expect(outcome.events == [.text(long)])
        }
    }

    @Test(arguments: Vendor.allCases)
    func `a compressed stream is read like a plain one`(vendor: Vendor) async throws {
        let packed = try Fixture.bytes("\(vendor.fixture).sse").gzipped
        let server = try LoopbackServer { _, responder in
            responder.startStream(headers: ["Content-Type": "text/event-stream", "Content-Encoding": "gzip"])
            for start in stride(from: 0, to: packed.count, by: 101) {
                responder.write(Array(packed[start..<min(start + 101, packed.count)]))
            }
            responder.endStream()
        }
        let response = try await vendor.provider(at: server.url).stream("?").collect()
        #expect(response.text == "A seal.")
        #expect(response.usage.output == 40)
    }

    /// Held by every task that was started from where it is set, as long as the task lives.
    private final class Witness: Sendable {}
    private enum Local { @TaskLocal static var witness: Witness? }
    private struct Weak { weak var witness: Witness? }

    @Test func `no task outlives a stream whose body was read`() async throws {
        let bytes = try Fixture.bytes("openai_chat.sse")
        let isCollected = Mutex(false)
        let server = try LoopbackServer { _, responder in
            responder.startStream(headers: ["Content-Type": "text/event-stream"])
            responder.write(bytes)
            // The end of the body comes after that of the answer.
            while !isCollected.withLock({ $0 }), !responder.hang(milliseconds: 5) {}
            responder.endStream()
        }
        let site = CallSite(
            vendor: "v",
            host: "h",
            model: "m",
            keyVariable: nil,
            errorNames: .openAI,
            redact: Redaction(nil)
        )
        let call = CallRecord(site: site, start: .now, inputByteCount: 0, losses: [])
        let client = HTTPClient.forTesting()
        func collect() async throws -> Weak {
            let witness = Witness()
            let text = try await Local.$witness.withValue(witness) {
                let http = try await client.open(HTTPRequest(url: server.url))
                let stream = VendorStream<OpenAIFormat>(
                    http,
                    decoder: OpenAIDecoder(),
                    call: call,
                    patience: .seconds(3_600)
                )
                return try await ResponseStream(stream).collect().text
            }
            #expect(text == "A seal.")
            return Weak(witness: witness)
        }
        let weak = try await collect()
        #expect(weak.witness != nil)
        isCollected.withLock { $0 = true }
        for _ in 0..<1_000 where weak.witness != nil { try await Task.sleep(for: .milliseconds(10)) }
        #expect(weak.witness == nil)
        _ = try await client.perform(HTTPRequest(url: server.url))
        #expect(server.connectionCount == 1)
    }
}

extension [UInt8] {
    /// As gzip (RFC 1952) of stored blocks (RFC 1951, 3.2.4): no smaller, but unpacked like any other.
    fileprivate var gzipped: [UInt8] {
        var packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
        func little(_ value: UInt32, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(value >> (8 * UInt32($0)) & 0xFF) }
        }
        for start in stride(from: 0, to: count, by: 1_000) {
            let block = self[start..<Swift.min(start + 1_000, count)]
            packed.append(block.endIndex == count ? 1 : 0)
            packed += little(UInt32(block.count), 2) + little(~UInt32(block.count) & 0xFFFF, 2) + block
        }
        var crc = UInt32.max
        for byte in self {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return packed + little(~crc, 4) + little(UInt32(count), 4)
    }
}
