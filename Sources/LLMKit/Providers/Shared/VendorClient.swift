/// Calls one endpoint of one vendor: the part of a provider that is the same for all of them.
struct VendorClient<Format: WireFormat>: Sendable {
    let format: Format
    let key: APIKey
    /// Where to call, or what is wrong with the address.
    let endpoint: Result<Endpoint, LLMError>
    /// Sent with every call, after the format's own.
    let headers: [HTTPHeader]
    let client: HTTPClient

    /// Finds what would make every call fail.
    func validate() throws(LLMError) {
        guard format.model.contains(where: { !$0.isWhitespace }) else {
            throw LLMError(.invalidConfiguration, "the model id for \(format.vendor) is empty")
        }
        var probe = HTTPRequest(to: try endpoint.get().address)
        probe.headers = headers
        do { try probe.validate() } catch {
            throw LLMError(.invalidConfiguration, "an extra header for \(format.vendor): \(error.message)")
        }
        try key.validate(vendor: format.vendor)
    }

    func respond(to request: ChatRequest) async throws(LLMError) -> ChatResponse {
        let start = ContinuousClock.now
        let call = try await prepare(request, isStream: false, start: start)
        let response: HTTPResponse
        do { response = try await client.perform(call.http) } catch { throw call.site.redact(error) }
        guard (200..<300).contains(response.head.status) else {
            throw call.site.error(response.head, body: response.body)
        }
        return try decode(response.body, response.head, call, connect: response.connect)
    }

    func stream(_ request: ChatRequest) async throws(LLMError) -> ResponseStream {
        let start = ContinuousClock.now
        let call = try await prepare(request, isStream: true, start: start)
        let http: HTTPStream
        do { http = try await client.open(call.http) } catch { throw call.site.redact(error) }
        guard (200..<300).contains(http.head.status) else {
            let body = try await Self.errorBody(of: http)
            throw call.site.error(http.head, body: body)
        }
        // Some servers ignore the wish for a stream, and proxies answer with web pages.
        let type = http.head.header("content-type")?.lowercased() ?? ""
        guard type.contains("json") || type.contains("html") else {
            return ResponseStream(VendorStream(http, decoder: format.decoder(for: http.head), call: call.record))
        }
        let body = try await http.collect()
        http.tokenArrived()
        return ResponseStream(try decode(body, http.head, call, connect: http.connect))
    }

    /// A request on its way.
    private struct Call {
        var http: HTTPRequest
        var site: CallSite
        var record: CallRecord
    }

    private func prepare(
        _ request: ChatRequest,
        isStream: Bool,
        start: ContinuousClock.Instant
    ) async throws(LLMError) -> Call {
        let endpoint = try endpoint.get()
        let encoded = try format.encode(request, isStream: isStream)
        let key = try await key.load(vendor: format.vendor)
        var http = HTTPRequest(to: endpoint.address, body: encoded.body)
        http.headers = format.headers(key: key)
        http.headers.append(HTTPHeader("Accept", isStream ? "text/event-stream" : "application/json"))
        http.headers += headers
        http.timeouts = request.timeouts
        http.deadline = request.deadline
        let site = CallSite(
            vendor: format.vendor,
            host: endpoint.host,
            model: format.model,
            keyVariable: self.key.variable,
            redact: Redaction(key, headers: headers)
        )
        let record = CallRecord(
            site: site,
            start: start,
            inputByteCount: request.textByteCount,
            losses: encoded.losses
        )
        return Call(http: http, site: site, record: record)
    }

    private func decode(
        _ body: [UInt8],
        _ head: HTTPResponseHead,
        _ call: Call,
        connect: Duration
    ) throws(LLMError) -> ChatResponse {
        var decoder = format.decoder(for: head)
        do {
            let read = body.withUnsafeBufferPointer { bytes in
                Result { () throws(DecodingFailure) in try decoder.readAnswer(bytes) }
            }
            try read.get()
            return try call.record.complete(decoder, head, connect: connect)
        } catch {
            throw call.record.attachingUsage(of: decoder, to: call.record.error(error, head, body: body))
        }
    }

    private static func errorBody(of http: HTTPStream) async throws(LLMError) -> [UInt8] {
        var body: [UInt8] = []
        while body.count < CallSite.errorBodyLimit {
            do throws(LLMError) {
                guard let bytes = try await http.next() else { break }
                body += bytes
            } catch {
                // The status is already known, and says more than a body that breaks off.
                if error.code == .cancelled { throw error }
                break
            }
        }
        return body
    }
}
