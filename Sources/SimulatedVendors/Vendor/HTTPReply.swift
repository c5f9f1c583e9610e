import LLMKit

/// What a simulated vendor sends back, with the moments at which it does: plain data, so that it can be tested without a
/// socket.
struct HTTPReply: Sendable {
    /// A piece of the body, and how long after the one before it is sent.
    struct Chunk: Sendable {
        var delay: Duration
        var bytes: [UInt8]
    }

    var status: Int
    var headers: [HTTPHeader]
    /// One piece for a whole answer, one per event for a stream.
    var chunks: [Chunk]
    var isStream: Bool
    /// Whether the connection breaks after the last piece, before the stream's proper end.
    var isCut = false

    /// A whole JSON document.
    init(status: Int = 200, headers: [HTTPHeader] = [], json: [UInt8], after delay: Duration = .zero) {
        self.status = status
        self.headers = [HTTPHeader("content-type", "application/json")] + headers
        chunks = [Chunk(delay: delay, bytes: json)]
        isStream = false
    }

    /// A stream of server-sent events.
    init(headers: [HTTPHeader] = [], events: [Chunk]) {
        status = 200
        self.headers = [HTTPHeader("content-type", "text/event-stream; charset=utf-8")] + headers
        chunks = events
        isStream = true
    }
}

/// A request as a server sees it.
struct VendorRequest: Sendable {
    var method: String
    var path: String
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]
}
