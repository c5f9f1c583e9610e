/// Sends requests over libcurl, on a thread of its own.
///
/// Connections are kept and shared by all requests of a client (HTTP/2 where the server has it), servers are always
/// verified, redirects are never followed. One client is enough for an app; make another for other settings.
public final class HTTPClient: Sendable {
    /// The client that providers use unless they are given another.
    public static let shared = HTTPClient()

    package let configuration: Configuration
    let loop: Result<TransferLoop, LLMError>

    /// Starts a client.
    ///
    /// A configuration that cannot work, or a system that is out of threads or descriptors, shows as the error of every
    /// request.
    public convenience init(_ configuration: Configuration = Configuration()) {
        self.init(configuration, usesPortablePoller: false)
    }

    /// Starts a client with some settings of its own.
    ///
    /// ```swift
    /// let client = HTTPClient { $0.proxy = .url("http://proxy.internal:3128") }
    /// let model = ChatModel("small", .openAI("gpt-4o-mini", client: client))
    /// ```
    /// - Parameter change: gets the defaults.
    public convenience init(_ change: (inout Configuration) -> Void) {
        var configuration = Configuration()
        change(&configuration)
        self.init(configuration)
    }

    /// Starts a client that polls as on systems without `epoll` if asked to, for tests.
    init(_ configuration: Configuration, usesPortablePoller: Bool) {
        self.configuration = configuration
        do {
            loop = .success(try TransferLoop(configuration, usesPortablePoller: usesPortablePoller))
        } catch {
            loop = .failure(error)
        }
    }

    /// Requests under way are brought to their end; then the thread ends and the connections are closed.
    deinit {
        if case .success(let loop) = loop { loop.close() }
    }

    /// Sends a request and reads the whole answer, whatever its status.
    /// - Throws: ``LLMError`` with code `timeout` if a clock of the request, or of the configuration where the request sets
    ///   none, runs out (the one for the first token counts until the answer is whole), `cancelled`, `network`, `responseTooLarge`, `invalidRequest` for a header or
    ///   URL that must not be sent, and `invalidConfiguration` for a URL that is malformed or redirects.
    func perform(_ request: HTTPRequest) async throws(LLMError) -> HTTPResponse {
        let (transfer, loop) = try start(request, isWhole: true)
        await transfer.wait(for: .end, loop: loop)
        let (head, connect) = try transfer.takeHead()
        let (body, isIncomplete) = try BodyUnpacking.whole(
            transfer.takeBody(),
            limit: configuration.maxBodyBytes,
            encoding: { head.header("content-encoding") }
        )
        return HTTPResponse(head: head, body: body, connect: connect, isIncomplete: isIncomplete)
    }

    /// Sends a request and returns as soon as status and headers are there.
    /// - Throws: what ``perform(_:)`` throws.
    func open(_ request: HTTPRequest) async throws(LLMError) -> HTTPStream {
        let (transfer, loop) = try start(request, isWhole: false)
        await transfer.wait(for: .head, loop: loop)
        return try HTTPStream(transfer, loop: loop, limit: configuration.maxBodyBytes)
    }

    private func start(_ request: HTTPRequest, isWhole: Bool) throws(LLMError) -> (Transfer, TransferLoop) {
        let loop = try loop.get()
        let transfer = try Transfer(request, isWhole: isWhole, defaults: configuration.timeouts(isWhole: isWhole))
        if Task.isCancelled {
            var error = TransferFailure.cancelled
            error.reachedUpstream = false
            throw error
        }
        loop.send(.start(transfer))
        request.whenStarted?({ loop.send(.stop(transfer)) })
        return (transfer, loop)
    }
}
