import LLMKit
import LLMKitTesting

/// A model server that answers at once, for measuring what stands in front of it: 64 tokens, or 64 events and one write each.
///
/// A path that begins with `/gap/N/` waits N microseconds between the events of a stream, one with `/pace/N/` does so and says in
/// each event when it was written (``PacedEvents``).
struct Upstream {
    let port: UInt16

    private static let tokens = 64

    init(_ options: Options) throws {
        guard let port = UInt16(exactly: try options.int("port", 9901)) else {
            throw UsageError(message: "--port must be below 65536")
        }
        self.port = port
    }

    func run() throws {
        let answer = Self.wholeAnswer
        let events = Self.events
        let json = ["Content-Type": "application/json", "x-request-id": "req_mock"]
        let stream = ["Content-Type": "text/event-stream", "x-request-id": "req_mock"]
        let server = try LoopbackServer(port: port) { request, responder in
            guard request.path.hasSuffix("/chat/completions") else {
                return responder.respond(status: 404, headers: json, body: #"{"error":{"message":"no such path"}}"#)
            }
            guard request.body.contains(subsequence: Self.streamFlag) else {
                return responder.respond(status: 200, headers: json, body: answer)
            }
            let path = request.path.split(separator: "/")
            let isPaced = path.first == "pace"
            let gap = path.first == "gap" || isPaced ? path.dropFirst().first.flatMap { Double($0) } ?? 0 : 0
            responder.startStream(status: 200, headers: stream)
            for (index, event) in events.enumerated() {
                responder.write(isPaced && index < Self.tokens ? Self.stamped() : event)
                if gap > 0 { pause(microseconds: gap) }
            }
            responder.endStream()
        }
        print("listening on \(server.url)")
        while true { pause(microseconds: 1e6) }
    }

    private static let streamFlag = Array(#""stream":true"#.utf8)
    private static let usage =
        #""usage":{"prompt_tokens":20,"completion_tokens":\#(tokens),"total_tokens":\#(20 + tokens)}"#

    private static var wholeAnswer: [UInt8] {
        let text = String(repeating: " token", count: tokens)
        return Array(
            #"""
            {"id":"chatcmpl-mock","object":"chat.completion","created":1760000000,"model":"gpt-4o-mini",\#
            "choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"logprobs":null,\#
            "finish_reason":"stop"}],\#(usage)}
            """#.utf8
        )
    }

    private static let head =
        #"data: {"id":"chatcmpl-mock","object":"chat.completion.chunk","created":1760000000,"model":"gpt-4o-mini","#

    /// An event that says when it was made.
    private static func stamped() -> [UInt8] {
        let choice =
            #""choices":[{"index":0,"delta":{"content":"\#(PacedEvents.stamp)"},"logprobs":null,"finish_reason":null}]}"#
        return Array((head + choice + "\n\n").utf8)
    }

    private static var events: [[UInt8]] {
        func choice(_ delta: String, _ finish: String) -> String {
            head + #""choices":[{"index":0,"delta":\#(delta),"logprobs":null,"finish_reason":\#(finish)}]}"# + "\n\n"
        }
        let content = (0..<tokens).map { index in
            choice(index == 0 ? #"{"role":"assistant","content":" token"}"# : #"{"content":" token"}"#, "null")
        }
        let tail = [choice("{}", #""stop""#), head + #""choices":[],\#(usage)}"# + "\n\n", "data: [DONE]\n\n"]
        return (content + tail).map { Array($0.utf8) }
    }
}

extension [UInt8] {
    fileprivate func contains(subsequence: [UInt8]) -> Bool {
        guard count >= subsequence.count else { return false }
        // The flag stands near the end of what LLMKit and the reference send.
        for start in stride(from: count - subsequence.count, through: 0, by: -1)
        where self[start] == subsequence[0] && self[start..<start + subsequence.count].elementsEqual(subsequence) {
            return true
        }
        return false
    }
}
