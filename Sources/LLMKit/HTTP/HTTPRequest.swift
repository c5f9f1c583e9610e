/// A request, as the client sends it.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    var method: Method = .post
    /// An absolute `http` or `https` address.
    var url: String
    /// In the order they are sent; their values may hold secrets and are never printed.
    var headers: [HTTPHeader] = []
    var body: [UInt8] = []
    /// Kept by the transport: see ``HTTPClient/perform(_:)`` and ``HTTPStream/next()``.
    var timeouts = Timeouts()
    /// The moment after which the answer is of no use; the earlier of it and ``Timeouts/total`` counts.
    var deadline: ContinuousClock.Instant?
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
        "\(method.rawValue) \(printableURL) (\(headers.map(\.name).joined(separator: ", ")); \(body.count) bytes)"
    }
}

extension HTTPHeader: ConcealingDescription {
    /// The name alone: the value may be a secret.
    package var description: String { "\(name): [hidden]" }
}
