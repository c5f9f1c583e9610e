/// What a simulated vendor sends back, with the moments at which it does: plain data, so that it can be tested without a
/// socket.
struct Reply: Sendable {
    struct Header: Sendable {
        var name: String
        var value: String
        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A piece of the body, and how long after the one before it is sent.
    struct Chunk: Sendable {
        var delay: Duration
        var bytes: [UInt8]
    }

    var status: Int
    var headers: [Header]
    /// One piece for a whole answer, one per event for a stream.
    var chunks: [Chunk]
    var isStream: Bool
    /// Whether the connection breaks after the last piece, before the stream's proper end.
    var isCut = false

    /// A whole JSON document.
    init(status: Int, headers: [Header] = [], json: JSONValue, after delay: Duration = .zero) {
        self.status = status
        self.headers = [Header("content-type", "application/json")] + headers
        chunks = [Chunk(delay: delay, bytes: Array(json.description.utf8))]
        isStream = false
    }

    /// A stream of server-sent events.
    init(headers: [Header] = [], events: [Chunk]) {
        status = 200
        self.headers = [Header("content-type", "text/event-stream; charset=utf-8")] + headers
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

/// Why a vendor refuses, in terms that both wire formats can express.
struct VendorFailure: Error, Sendable {
    var kind: Kind
    var message: String
    var parameter: String?

    enum Kind: Sendable {
        case malformed
        case missingKey
        case wrongKey
        case unknownModel
        case unknownPath
        case wrongMethod
        case contextLength
        case rateLimited
        case server
        case overloaded
    }

    init(_ kind: Kind, _ message: String, parameter: String? = nil) {
        self.kind = kind
        self.message = message
        self.parameter = parameter
    }
}
