/// Sends requests over libcurl, on a thread of its own.
public final class HTTPClient: Sendable {
    /// The client that providers use unless they are given another.
    public static let shared = HTTPClient()

    public init() {}

    /// Sends a request and reads the whole answer, whatever its status.
    func perform(_ request: HTTPRequest) async throws(LLMError) -> HTTPResponse {
        throw LLMError(.unsupported)
    }

    /// Sends a request and returns as soon as status and headers are there.
    func open(_ request: HTTPRequest) async throws(LLMError) -> HTTPStream {
        throw LLMError(.unsupported)
    }
}

/// An answer whose body is still arriving. Letting go of it closes the transfer.
final class HTTPStream: Sendable {
    let head: HTTPResponseHead
    /// Until the connection stood; zero on a reused one.
    let connect: Duration

    init(head: HTTPResponseHead, connect: Duration) {
        self.head = head
        self.connect = connect
    }

    /// All bytes that have arrived since the last call, waiting for some if there are none; `nil` after the end.
    func next() async throws(LLMError) -> [UInt8]? { nil }

    /// Tells the clocks that a token arrived: the first-token clock stops, the idle clock starts anew.
    func tokenArrived() {}
}
