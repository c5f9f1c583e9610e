extension HTTPClient {
    /// What a client is set up with.
    public struct Configuration: Hashable, Sendable {
        /// Which proxy requests go through; by default what the environment says.
        public var proxy = Proxy.environment
        /// A file of PEM certificates to trust instead of the system's.
        ///
        /// By default the file that `CURL_CA_BUNDLE` or `SSL_CERT_FILE` names, else the system's. Servers are always
        /// verified: to reach one with a certificate of your own authority, name the authority here.
        public var caBundle: String?
        /// How many connections to one host may be open at once (1 or more); further HTTP/1.1 requests wait.
        ///
        /// One HTTP/1.1 stream takes one connection, so this is also the number of concurrent streams per host.
        public var maxConnectionsPerHost = 512
        /// The most that an answer's headers may take, in bytes, those of interim answers and trailers included.
        public var maxHeaderBytes = 64 << 10
        /// The most that an answer may take, in bytes, after decompression; of a stream, all its pieces together.
        ///
        /// It bounds what an upstream that never stops can make the process keep. 64 MiB hold some 200,000 tokens of a
        /// stream that wraps each in 300 bytes of JSON, more than models write; log-probabilities take ten times as much.
        /// `Int.max` switches it off.
        public var maxBodyBytes = 64 << 20
        /// The clocks of requests that set none, neither themselves nor by a decorator.
        ///
        /// They fit a chat: connections get 10 s, a stream's first token and the pauses between its tokens 2 minutes each, and
        /// a stream as a whole an hour. Models that think for longer before the first token need more. `nil`, as in
        /// `Timeouts()`, leaves a clock off.
        public var timeouts = Timeouts(
            connect: .seconds(10),
            firstToken: .seconds(120),
            idle: .seconds(120),
            total: .seconds(3_600)
        )
        /// How long an answer that is not streamed may take, where the request sets neither that (``Timeouts/firstToken``)
        /// nor a decorator does: 10 minutes, as in the vendors' own clients. `nil`, or no clock for first tokens, leaves it to the
        /// total; a longer clock for first tokens counts here, too.
        public var wholeAnswer: Duration? = .seconds(600)
        /// Whether calls of models carry the `traceparent` of W3C Trace Context: the trace of the request, and the span of the very
        /// attempt, so that what a gateway or model server of your own records hangs below it.
        ///
        /// Off, because vendors need not know what belongs together. To have it for one server only, give its provider a
        /// client of its own. The span's id is the pipeline's: it is of use with tracers that keep it, such as ``JSONLinesTracer``, and
        /// not with a bridge to a system that makes ids of its own. Without a tracer the trace is the request's id, marked as not recorded. A header of that name
        /// which the provider was given goes out instead.
        public var sendsTraceparent = false
        /// What the client calls itself.
        public var userAgent = "LLMKit"

        public init() {}

        /// Where requests go first.
        public enum Proxy: Hashable, Sendable {
            /// What `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say when the client is made.
            case environment
            /// Straight to the server.
            case none
            /// Through this proxy, such as `http://proxy.internal:3128`, for every host.
            case url(String)
        }

        func validate() throws(LLMError) {
            guard maxConnectionsPerHost >= 1 else { throw Self.mistake("maxConnectionsPerHost must be 1 or more") }
            guard maxHeaderBytes >= 1 else { throw Self.mistake("maxHeaderBytes must be 1 or more") }
            guard maxBodyBytes >= 0 else { throw Self.mistake("maxBodyBytes must not be negative") }
            let clocks = [timeouts.connect, timeouts.firstToken, timeouts.idle, timeouts.total, wholeAnswer]
            guard clocks.allSatisfy({ $0.map { $0 > .zero } ?? true }) else {
                throw Self.mistake(
                    "every clock of timeouts, and wholeAnswer, that is set must be longer than zero; nil leaves one off"
                )
            }
            guard userAgent.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw Self.mistake("userAgent must not contain control characters")
            }
            if case .url(let url) = proxy, url.isEmpty || url.utf8.contains(where: { $0 <= 0x20 }) {
                throw Self.mistake("the proxy's URL is empty or has spaces or control characters in it")
            }
        }

        /// The clocks of requests that set none.
        func timeouts(isWhole: Bool) -> Timeouts {
            guard isWhole else { return timeouts }
            // Where the clock of first tokens is off, or longer, so is this one.
            guard let firstToken = timeouts.firstToken, let wholeAnswer else { return timeouts(firstToken: nil) }
            return timeouts(firstToken: max(firstToken, wholeAnswer))
        }

        private func timeouts(firstToken: Duration?) -> Timeouts {
            var timeouts = timeouts
            timeouts.firstToken = firstToken
            return timeouts
        }

        private static func mistake(_ message: String) -> LLMError {
            LLMError(.invalidConfiguration, "HTTPClient.Configuration: \(message)")
        }
    }
}
