/// A request, as the client sends it.
struct HTTPRequest: Sendable {
    enum Method: String, Sendable { case get = "GET", post = "POST" }

    var method: Method = .post
    /// An absolute `http` or `https` address.
    var url: String
    /// In the order they are sent. Values may hold secrets: they are never printed.
    var headers: [HTTPHeader] = []
    var body: [UInt8] = []
    /// Kept by the transport: see ``HTTPClient/perform(_:)`` and ``HTTPStream/next()``.
    var timeouts = Timeouts()
    /// The moment after which the answer is of no use; the earlier of it and ``Timeouts/total`` counts.
    var deadline: ContinuousClock.Instant?
}

struct HTTPHeader: Sendable {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// Status and headers of an answer.
struct HTTPResponseHead: Sendable {
    var status: Int
    var headers: [HTTPHeader]

    /// The value of the first header with this name, in any case of letters.
    func header(_ name: StaticString) -> String? {
        headers.first { header in
            var own = header.name
            return own.withUTF8 { bytes in
                guard bytes.count == name.utf8CodeUnitCount else { return false }
                for index in 0..<bytes.count where bytes[index] | 0x20 != name.utf8Start[index] | 0x20 { return false }
                return true
            }
        }?.value
    }
}

/// A whole answer.
struct HTTPResponse: Sendable {
    var head: HTTPResponseHead
    var body: [UInt8]
    /// Until the connection stood; zero on a reused one.
    var connect: Duration
}
