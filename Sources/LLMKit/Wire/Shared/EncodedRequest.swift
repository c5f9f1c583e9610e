/// A request as a wire format writes it: everything about it but the server it goes to.
package struct EncodedRequest: Sendable {
    package var method = HTTPRequest.Method.post
    /// What is called below the provider's base URL, such as `/chat/completions`.
    package var path: String
    /// Without the question mark, percent-encoded; empty for none. It follows what the base URL has of its own.
    package var query = ""
    /// In the order they are sent; what they hold is never printed.
    package var headers: [HTTPHeader]
    package var body: [UInt8]
    /// What of the request the format could not express, in the words of ``ChatResponse/losses``.
    package var losses: [String]
    /// The server, such as `api.openai.com`; set before the request is signed.
    package var host = ""
    /// What a signer put on the request and must appear in no message, such as the key.
    package var secrets: [String] = []

    package init(path: String, headers: [HTTPHeader] = [], body: [UInt8] = [], losses: [String] = []) {
        self.path = path
        self.headers = headers
        self.body = body
        self.losses = losses
    }
}

extension EncodedRequest: ConcealingDescription {
    package var description: String {
        "\(method.rawValue) \(path) (\(headers.map(\.name).joined(separator: ", ")); \(body.count) bytes)"
    }
}
