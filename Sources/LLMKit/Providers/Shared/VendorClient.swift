/// Calls one vendor's API: the part that is the same for a provider, an embedder, and whatever else asks it something.
///
/// It knows neither what is asked nor what comes back: a request comes encoded, and the caller reads the answer.
final class VendorClient: Sendable {
    /// What errors call the vendor.
    let vendor: String
    /// The vendor's id of the model, for hints.
    let model: String
    let errorNames: ErrorNames
    /// What most calls are for, below the base URL.
    private let path: String
    private let baseURL: String
    /// Where to call, or what is wrong with the address.
    let endpoint: Result<Endpoint, LLMError>
    let signer: any RequestSigner
    /// Sent with every call, after the format's own.
    let headers: [HTTPHeader]
    /// Knows what of the headers is secret.
    private let redact: Redaction
    private let client: HTTPClient
    /// Whether calls say to which trace they belong; not where the app says so itself.
    private let sendsTraceparent: Bool

    init(
        vendor: String,
        model: String,
        errorNames: ErrorNames,
        baseURL: String,
        path: String,
        signer: any RequestSigner,
        headers: [String: String],
        client: HTTPClient
    ) {
        self.vendor = vendor
        self.model = model
        self.errorNames = errorNames
        self.path = path
        self.baseURL = baseURL
        endpoint = Result { () throws(LLMError) in try Endpoint(baseURL: baseURL, path: path) }
        self.signer = signer
        self.headers = headers.sorted { $0.key < $1.key }.map { HTTPHeader($0.key, $0.value) }
        redact = Redaction(nil, headers: self.headers)
        self.client = client
        sendsTraceparent =
            client.configuration.sendsTraceparent
            && !headers.keys.contains { $0.lowercased() == Self.traceparent }
    }

    /// How calls travel, for those who look at a pipeline's settings.
    var transport: ProviderInfo.Transport {
        let isSecure = (try? endpoint.get().url.hasPrefix("https:")) ?? true
        return ProviderInfo.Transport(
            timeouts: client.configuration.timeouts,
            wholeAnswer: client.configuration.timeouts(isWhole: true).firstToken,
            proxy: client.configuration.proxyOrigin(isSecure: isSecure),
            caBundle: client.configuration.caBundle
        )
    }

    private static let traceparent = "traceparent"

    /// Finds settings that would make every call fail.
    func validate() throws(LLMError) {
        guard model.contains(where: { !$0.isWhitespace }) else {
            throw LLMError(.invalidConfiguration, "the model id for \(vendor) is empty")
        }
        var probe = HTTPRequest(to: try endpoint.get().address)
        probe.headers = headers
        do { try probe.validate() } catch {
            throw LLMError(.invalidConfiguration, "an extra header for \(vendor): \(error.message)")
        }
    }

    /// Finds credentials that are missing or malformed.
    func preflight() async throws(LLMError) { try await signer.preflight() }

    /// Sends a request and reads its whole answer: one attempt from beginning to end.
    /// - Parameters:
    ///   - attempt: told when the request leaves this machine, and how to stop the call.
    ///   - read: makes something of an answer whose status is no error.
    func call<Answer>(
        _ request: EncodedRequest,
        _ clocks: CallClocks,
        attempt: Attempt? = nil,
        read: (HTTPResponse, CallSite) throws(LLMError) -> Answer
    ) async throws(LLMError) -> Answer {
        var (http, site) = try await prepare(request, accepting: "application/json", clocks)
        if let attempt { attend(&http, attempt) }
        attempt?.sent()
        let response: HTTPResponse
        do { response = try await client.perform(http) } catch { throw site.redact(error) }
        guard (200..<300).contains(response.head.status) else { throw site.error(response.head, body: response.body) }
        do throws(LLMError) {
            return try read(response, site)
        } catch  where response.isIncomplete && error.code == .malformedResponse {
            throw site.cut("the answer is packed, and breaks off or is damaged", response.head)
        }
    }

    /// Sends a request whose answer is read as it comes: the attempt ends with the stream.
    /// - Parameters:
    ///   - mediaType: what the answer should be.
    ///   - attempt: told when the request leaves this machine, and how to stop the call.
    func open(
        _ request: EncodedRequest,
        accepting mediaType: String,
        _ clocks: CallClocks,
        attempt: Attempt? = nil
    ) async throws(LLMError) -> (HTTPStream, CallSite) {
        var (http, site) = try await prepare(request, accepting: mediaType, clocks)
        if let attempt { attend(&http, attempt) }
        attempt?.sent()
        let stream: HTTPStream
        do { stream = try await client.open(http) } catch { throw site.redact(error) }
        guard (200..<300).contains(stream.head.status) else {
            throw site.error(stream.head, body: try await Self.errorBody(of: stream))
        }
        return (stream, site)
    }

    /// Makes a call the attempt's.
    private func attend(_ http: inout HTTPRequest, _ attempt: Attempt) {
        http.whenStarted = attempt.whenLeftBehind
        // Behind the signature: proxies that keep traces put their own span in.
        guard sendsTraceparent, let trace = attempt.trace else { return }
        http.headers.append(HTTPHeader(Self.traceparent, trace.traceparent))
    }

    private func prepare(
        _ encoded: EncodedRequest,
        accepting mediaType: String,
        _ clocks: CallClocks
    ) async throws(LLMError) -> (HTTPRequest, CallSite) {
        let endpoint = try endpoint.get()
        var request = encoded
        request.host = endpoint.host
        request.headers.reserveCapacity(request.headers.count + headers.count + 2)
        request.headers.append(HTTPHeader("Accept", mediaType))
        request.headers += headers
        try await sign(&request, clocks)
        var http = HTTPRequest(to: try address(of: request, endpoint), body: request.body)
        http.method = request.method
        http.headers = request.headers
        http.timeouts = clocks.timeouts
        http.deadline = clocks.deadline
        let site = CallSite(
            vendor: vendor,
            host: endpoint.host,
            model: model,
            keyVariable: signer.source,
            sendsKey: !request.secrets.isEmpty || headers.contains(where: \.carriesCredentials),
            errorNames: errorNames,
            redact: redact.hiding(request.secrets)
        )
        return (http, site)
    }

    /// Signs within the time of the call: nobody can see how long an app takes to find its key.
    private func sign(_ request: inout EncodedRequest, _ clocks: CallClocks) async throws(LLMError) {
        guard signer.mayWait else { return try await signer.sign(&request) }
        let time = SystemTime()
        let timeouts = clocks.timeouts.filled(from: client.configuration.timeouts)
        let limit = TimeLimit.earliest(
            .deadline(clocks.deadline),
            .clock(.firstToken, timeouts.firstToken, from: time.now),
            .clock(.total, timeouts.total, from: time.now)
        )
        do {
            request = try await withTimeLimit(limit, time) { [signer, request] in
                var request = request
                try await signer.sign(&request)
                return request
            }
        } catch {
            var error = LLMError(wrapping: error)
            error.reachedUpstream = false
            throw error
        }
    }

    /// The whole address. That of the usual path was put together once.
    private func address(of request: EncodedRequest, _ endpoint: Endpoint) throws(LLMError) -> HTTPAddress {
        let address =
            request.path == path ? endpoint.address : try Endpoint(baseURL: baseURL, path: request.path).address
        guard !request.query.isEmpty else { return address }
        let url = "\(address.url)\(address.url.contains("?") ? "&" : "?")\(request.query)"
        do throws(HTTPAddress.Malformed) { return try HTTPAddress(url) } catch {
            throw LLMError(.invalidRequest, "the query of a call to \(vendor) makes no address: \(error.reason)")
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

/// The clocks of one call, kept by the transport.
struct CallClocks: Sendable {
    var timeouts: Timeouts
    /// The moment after which the answer is of no use.
    var deadline: ContinuousClock.Instant?
}

extension VendorClient: ConcealingDescription {
    var description: String {
        let place = (try? endpoint.get()).map { "\($0)" } ?? "a malformed address"
        return "VendorClient(\(vendor) \(model) at \(place))"
    }
}

extension HTTPHeader {
    /// Whether it is one that vendors take keys in.
    fileprivate var carriesCredentials: Bool { ["authorization", "x-api-key", "api-key"].contains(name.lowercased()) }
}
