/// Has one vendor's model answer requests: a wire format over a ``VendorClient``.
///
/// A class, because providers are copied on every call, and this is most of what they hold.
final class ChatClient<Format: WireFormat>: Sendable {
    let format: Format
    let vendor: VendorClient
    let info: ProviderInfo

    init(format: Format, vendor: VendorClient, info: ProviderInfo) {
        self.format = format
        self.vendor = vendor
        self.info = info
    }

    /// The whole answer: one upstream attempt from its encoding to its last byte.
    func respond(to request: ChatRequest) async throws -> ChatResponse {
        try await attempt(request) { attempt in .whole(try await ask(request, attempt)) }.whole()
    }

    /// The answer as it comes: one upstream attempt, which lasts until the stream has ended or is let go of.
    func stream(_ request: ChatRequest) async throws -> ResponseStream {
        try await attempt(request) { attempt in .live(try await open(request, attempt)) }.stream
    }

    private func attempt(_ request: ChatRequest, _ body: (Attempt) async throws -> Reply) async throws -> Reply {
        let limit = format.outputLimit(of: request)
        return try await request.attempt(info.upstream, tellsSending: true, outputLimit: limit, body)
    }

    private func ask(_ request: ChatRequest, _ attempt: Attempt) async throws(LLMError) -> ChatResponse {
        let start = ContinuousClock.now
        let encoded = try format.encode(request, isStream: false)
        return try await vendor.call(encoded, clocks(of: request), attempt: attempt) {
            (response, site) throws(LLMError) in
            let record = record(of: request, encoded, site, start: start)
            return try decode(response.body, response.head, record, connect: response.connect)
        }
    }

    private func open(_ request: ChatRequest, _ attempt: Attempt) async throws(LLMError) -> ResponseStream {
        let start = ContinuousClock.now
        let encoded = try format.encode(request, isStream: true)
        let (http, site) = try await vendor.open(
            encoded,
            accepting: Format.Framing.mediaType,
            clocks(of: request),
            attempt: attempt
        )
        let record = record(of: request, encoded, site, start: start)
        let stream = VendorStream<Format>(http, decoder: format.decoder(for: http.head), call: record)
        // Some servers ignore the wish for a stream, and proxies answer with web pages: that fails here, if it fails.
        if http.head.header("content-type")?.lowercased().hasPrefix(Format.Framing.mediaType) != true {
            try await stream.readDocument()
        }
        return ResponseStream(stream)
    }

    private func clocks(of request: ChatRequest) -> CallClocks {
        CallClocks(timeouts: request.timeouts, deadline: request.deadline)
    }

    private func record(
        of request: ChatRequest,
        _ encoded: EncodedRequest,
        _ site: CallSite,
        start: ContinuousClock.Instant
    ) -> CallRecord {
        CallRecord(site: site, start: start, inputByteCount: request.textByteCount, losses: encoded.losses)
    }

    private func decode(
        _ body: [UInt8],
        _ head: HTTPResponseHead,
        _ record: CallRecord,
        connect: Duration
    ) throws(LLMError) -> ChatResponse {
        var decoder = format.decoder(for: head)
        do {
            try decoder.readBody(body, as: Format.Framing.self)
            return try record.complete(decoder, head, connect: connect)
        } catch {
            throw record.attachingUsage(of: decoder, to: record.error(error, head, body: body))
        }
    }
}

extension ChatClient: ConcealingDescription {
    var description: String { "ChatClient(\(Format.self), \(vendor))" }
}
