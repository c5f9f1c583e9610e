/// A request, as the client sends it.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    var method: Method
    /// Where it goes, or what is wrong with that, which ``validate()`` throws.
    let address: Result<HTTPAddress, HTTPAddress.Malformed>
    /// In the order they are sent; their values may hold secrets and are never printed.
    var headers: [HTTPHeader]
    var body: [UInt8]
    /// Told, once the transfer has begun, how to stop it from outside the task that waits for it.
    var whenStarted: (@Sendable (_ stop: @escaping @Sendable () -> Void) -> Void)?
    /// Kept by the transport: see ``HTTPClient/perform(_:)`` and ``HTTPStream/next()``.
    var timeouts: Timeouts
    /// The moment after which the answer is of no use; the earlier of it and ``Timeouts/total`` counts.
    var deadline: ContinuousClock.Instant?

    /// A request to an address that was checked before, which saves doing so for every call.
    init(method: Method = .post, to address: HTTPAddress, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.init(method, .success(address), headers, body)
    }

    /// - Parameter url: an absolute `http` or `https` address.
    init(
        method: Method = .post,
        url: String,
        headers: [HTTPHeader] = [],
        body: [UInt8] = [],
        timeouts: Timeouts = Timeouts()
    ) {
        let address = Result { () throws(HTTPAddress.Malformed) in try HTTPAddress(url) }
        self.init(method, address, headers, body, timeouts)
    }

    private init(
        _ method: Method,
        _ address: Result<HTTPAddress, HTTPAddress.Malformed>,
        _ headers: [HTTPHeader],
        _ body: [UInt8],
        _ timeouts: Timeouts = Timeouts()
    ) {
        self.method = method
        self.address = address
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
    }

    /// The whole address, which may hold secrets.
    var url: String {
        switch address {
        case .success(let address): address.url
        case .failure(let malformed): malformed.url
        }
    }

    /// Whether the address is an `https` one.
    var isSecure: Bool { (try? address.get())?.isSecure ?? false }

    /// `host:port`, for messages.
    var origin: String { (try? address.get())?.origin ?? "the server" }

    /// Whether a body is sent, be it an empty one.
    var sendsBody: Bool { method == .post || method == .put || !body.isEmpty }
}

package struct HTTPHeader: Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension HTTPRequest: ConcealingDescription {
    package var description: String {
        "\(method.rawValue) \(HTTPAddress.printable(url)) (\(headers.map(\.name).joined(separator: ", ")); \(body.count) bytes)"
    }
}

extension HTTPHeader: ConcealingDescription {
    /// The name alone: the value may be a secret.
    package var description: String { "\(name): [hidden]" }
}
