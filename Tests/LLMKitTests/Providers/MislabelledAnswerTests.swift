import LLMKitTesting
import Synchronization
import Testing

@testable import LLMKit

/// Bodies that are something else than their headers say.
@Suite(.timeLimit(.minutes(5))) struct MislabelledAnswerTests {
    typealias Vendor = ProviderLoopbackTests.Vendor

    private static func body(_ vendor: Vendor, isStream: Bool) -> String {
        switch (vendor, isStream) {
        case (.openAI, false): #"{"choices":[{"message":{"content":"Hi."},"finish_reason":"stop"}]}"#
        case (.openAI, true):
            #"data: {"choices":[{"delta":{"content":"Hi."},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
        case (.anthropic, false):
            #"{"type":"message","content":[{"type":"text","text":"Hi."}],"stop_reason":"end_turn"}"#
        case (.anthropic, true):
            #"data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi."}}"#
                + "\n\n" + #"data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#
                + "\n\n" + #"data: {"type":"message_stop"}"# + "\n\n"
        }
    }

    static let labels = ["application/json", "text/event-stream", "text/plain; charset=utf-8", "text/html", ""]

    @Test(arguments: Vendor.allCases, labels)
    func `the body decides, in one request`(vendor: Vendor, label: String) async throws {
        for (isStream, isPacked) in [(true, false), (false, false), (true, true), (false, true)] {
            let asked = Mutex(0)
            let text = Array(Self.body(vendor, isStream: isStream).utf8)
            let body = isPacked ? try Packing.gzip.pack(text) : text
            let server = try LoopbackServer { _, responder in
                asked.withLock { $0 += 1 }
                responder.respond(headers: label.isEmpty ? [:] : ["Content-Type": label], body: body)
            }
            let provider = vendor.provider(at: server.url)
            #expect(try await provider.respond(to: "?").text == "Hi.")
            var told = ""
            for try await event in try await provider.stream("?") {
                if case .text(let more) = event { told += more }
            }
            #expect(told == "Hi.")
            #expect(asked.withLock { $0 } == 2)
        }
    }

    @Test(arguments: [
        ("error: {\"message\":\"the tide is out\",\"code\":400}\n\n", 200),
        ("event: error\ndata: the tide is out\n\n", 200),
        ("data: {\"error\":{\"message\":\"the tide is out\"}}\n\n", 503),
        ("{\"errors\":[{\"code\":7003,\"message\":\"the tide is out\"}]}", 404),
        ("[{\"error\":{\"message\":\"the tide is out\"}}]", 400),
        ("\"the tide is out\"", 400),
        ("the tide is out", 500),
        (
            "{\"error\":{\"message\":\"Provider returned error\",\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"message\\\":\\\"the tide is out\\\"}}\"}}}",
            502
        ),
        ("{\"detail\":{\"error\":\"the tide is out\"}}", 422),
        ("{\"success\":false,\"msg\":\"the tide is out\",\"code\":500}", 200),
    ])
    func `the vendor's own words reach the error`(body: String, status: Int) async throws {
        let server = try LoopbackServer { _, responder in responder.respond(status: status, body: body) }
        for vendor in Vendor.allCases {
            let provider = vendor.provider(at: server.url)
            for isStream in [true, false] {
                let error = await #expect(throws: LLMError.self) {
                    if isStream {
                        _ = try await provider.stream("?").collect()
                    } else {
                        _ = try await provider.respond(to: "?")
                    }
                }
                #expect(error?.message.contains("the tide is out") == true, "\(vendor), streamed: \(isStream)")
            }
        }
    }
}
